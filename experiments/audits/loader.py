"""Make an audit of a file, with every mistake named at its line."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from papertiger import scenarios
from papertiger.experiments.audits.schema import Audit
from papertiger.experiments.design.plan_files import plan_of
from papertiger.experiments.design.sources import AUDITS, find_in
from papertiger.experiments.errors import ExperimentError
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.errors import MAX_SOUGHT, Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, read_layer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from papertiger.scenarios.errors import PathKey
    from papertiger.scenarios.reading.yaml_reader import Layer


def load_audit(name_or_path: str | Path) -> Audit:
    """Return an audit.

    Parameters
    ----------
    name_or_path
        The name of a shipped audit, or the path of a file.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_in(AUDITS, name_or_path)
    try:
        layer = read_layer(source.read(MAX_BYTES), source.label, what="an audit")
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    audit = plan_of(Audit, layer, source.name, "audit")
    problems = list(islice(_unknown_names(audit, layer), MAX_SOUGHT))
    if problems:
        raise ExperimentError(problems)
    return audit


def _unknown_names(audit: Audit, layer: Layer) -> Iterator[Problem]:
    """Yield scenarios, clients and months that checks name and that are not there."""
    for row_number, row in enumerate(audit.rows):
        for number, check in enumerate(row.checks):
            path: PathKey = ("rows", row_number, "checks", number)
            scenario = getattr(check, "scenario", None)
            if scenario is None:
                continue
            if scenario not in scenarios.names():
                yield layer.problem(
                    (*path, "scenario"), f"no scenario {shorten(scenario)}", nearest(scenario, scenarios.names())
                )
                continue
            world = scenarios.load(scenario)
            client = getattr(check, "client", None)
            if client is not None and client not in bonds_of(world):
                message = f"no client {shorten(client)} in {scenario}"
                yield layer.problem((*path, "client"), message, nearest(client, bonds_of(world)))
            at = getattr(check, "at", None)
            if at is not None and not world.span.start <= at <= world.span.end:
                message = f"expected a month of {scenario}, {world.span.start} to {world.span.end}, got {at}"
                yield layer.problem((*path, "at"), message)
