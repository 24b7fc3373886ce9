"""Tell in a report where and why the runs of the headline's pair part: months, clients and causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.phrases import counted, percent
from papertiger.experiments.report.document import Chapter, Table
from papertiger.experiments.run.provenance import model_hash
from papertiger.experiments.statistics.partings import Aligned, first_difference, partings, with_causes
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.theories import find_theory

if TYPE_CHECKING:
    from papertiger.experiments.report.numbers import Findings

MAX_RUNS = 200
"""Pairs that are run once more for this; rows do not hold where everybody stands in each month."""


def chapter(findings: Findings) -> Chapter | None:
    """Return where the two runs of each pair of the headline part, or None where nothing is compared.

    Parameters
    ----------
    findings
        The numbers. Nothing is run where another version of the model made the rows, a design varies figures, or
        decisions are given, which no cause speaks of.
    """
    pair, results = findings.headline_pair, findings.results
    if pair is None or len(findings.points) > 1 or results.manifest.model_sha256 != model_hash():
        return None
    if any(findings.experiment.decisions_in(label) for label in (pair.baseline, pair.against)):
        return None
    worlds = results.worlds[pair.baseline], results.worlds[pair.against]
    theories = [
        None if (name := findings.experiment.theories.get(label)) is None else find_theory(name)
        for label in (pair.baseline, pair.against)
    ]
    runs, seed = min(results.manifest.replicates, MAX_RUNS), findings.experiment.seed
    one, two = (
        ensemble(world, runs, seed, keep=("postures",), rules=None if theory is None else theory.rules)
        for world, theory in zip(worlds, theories, strict=True)
    )
    clients = [name for name in one.clients if name in two.clients]
    months = [name for name in one.months if name in two.months]
    rungs = [
        each.path("postures")[:, [each.months.index(name) for name in months]][
            :, :, [each.clients.index(name) for name in clients]
        ]
        for each in (one, two)
    ]
    there = np.ones((len(months), len(clients)), dtype=bool)
    for each in (one, two):
        present = each.kept.counts.sum(axis=2) > 0
        there &= present[[each.months.index(name) for name in months]][
            :, [each.clients.index(name) for name in clients]
        ]
    pairs = Aligned(months, clients, rungs[0], rungs[1], there)
    table = partings(*pairs)
    names = [findings.words.scenario(label) for label in (pair.baseline, pair.against)]
    heading = "Where and why runs part"
    if table.empty:
        return Chapter(heading, [f"“{names[1]}” and “{names[0]}” part in none of {counted(runs, 'pair')} of runs."])
    said = first_difference("", pairs)
    text = (
        f"Paired runs are the same until the first thing that differs reaches a decision. Of {counted(runs, 'pair')} "
        f"{percent(float(said['share']))} part at some time, the first in {said['month']}, half of those by "
        f"{said['median_month']}. The cause is that of the first such pair: the evidence whose part of protection "
        "differs most between its two runs."
    )
    causes = with_causes(table, worlds, seed, (theories[0], theories[1]))
    rows = [
        [
            str(row["month"]),
            findings.words.client(str(row["client"])),
            percent(float(row["share"])),
            str(row["cause"]),
        ]
        for row in causes.to_dict("records")
    ]
    known = causes[["month", "client", "cause"]]
    whole = table.merge(known, on=["month", "client"], how="left").fillna({"cause": ""})
    caption = f"Where “{names[1]}” parts from “{names[0]}”, the most frequent first"
    return Chapter(
        heading,
        [text],
        [],
        [Table("partings", caption, ("Parts in", "Client", "Of pairs", "Because of"), rows, whole)],
    )
