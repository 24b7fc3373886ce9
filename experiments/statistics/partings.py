"""Tell where and why two worlds part: the first month in which paired runs differ, whose rung it is, and the cause.

Two runs of a pair share every draw, so that they are the same until the first thing that differs reaches a decision.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from papertiger.experiments.ledger.causes import describe
from papertiger.experiments.phrases import TERM_WORDS
from papertiger.model.agents.simulate import simulate
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from papertiger.model.ledger import Key
    from papertiger.model.run import Run
    from papertiger.model.theories import Theory
    from papertiger.scenarios.schema.scenario import Scenario

COLUMNS = ("month", "client", "pairs", "share", "run")
MAX_CAUSES = 8
"""Partings of which the cause is looked up, the most frequent first; each takes two runs of the reference model."""
LEAST = 1e-9
"""Smaller differences of a part of protection are rounding."""
REGIME = "a regime is lost in only one of the two worlds"
WEIGHED = "the beliefs are the same; what the client weighs is not"


class Outcome(Protocol):
    """Hold the runs of one scenario: names, rungs R x T x N, and who is in the network, T x N."""

    @property
    def clients(self) -> tuple[str, ...]:
        """Return their names."""
        ...

    @property
    def months(self) -> tuple[str, ...]:
        """Return their names."""
        ...

    @property
    def postures(self) -> NDArray[np.int8]:
        """Return the rungs."""
        ...

    @property
    def present(self) -> NDArray[np.bool_]:
        """Return who is in the network."""
        ...


class Aligned(NamedTuple):
    """Hold paired runs of two scenarios over the months and clients that both have."""

    months: list[str]
    clients: list[str]
    one: NDArray[np.int8]
    two: NDArray[np.int8]
    there: NDArray[np.bool_]


def aligned(base: Outcome, other: Outcome) -> Aligned:
    """Return the runs of two scenarios over what both have.

    Parameters
    ----------
    base, other
        Runs of either, as many of one as of the other.
    """
    clients = [client for client in base.clients if client in other.clients]
    months = [month for month in base.months if month in other.months]
    one, two = (
        each.postures[:, _places(each.months, months)][:, :, _places(each.clients, clients)] for each in (base, other)
    )
    there = np.ones((len(months), len(clients)), dtype=bool)
    for each in (base, other):
        there &= each.present[_places(each.months, months)][:, _places(each.clients, clients)]
    return Aligned(months, clients, one, two, there)


def first_difference(name: str, pairs: Aligned) -> dict[str, Any]:
    """Return when two scenarios first differ in any run, who differs then, and in how many runs they ever do.

    Parameters
    ----------
    name, pairs
        What the other scenario is called, and the runs of both.
    """
    months = pairs.months
    differ = (pairs.one != pairs.two) & pairs.there
    runs = differ.any(axis=2)
    ever = runs.any(axis=1)
    if not ever.any():
        return {"scenario": name, "month": "", "clients": "", "share": 0.0, "median_month": ""}
    firsts = runs.argmax(axis=1)[ever]
    first = int(firsts.min())
    who = [client for client, moved in zip(pairs.clients, differ[:, first].any(axis=0), strict=True) if moved]
    median = months[math.floor(float(np.median(firsts)))]
    said = {"scenario": name, "month": months[first], "clients": ", ".join(who)}
    return {**said, "share": float(ever.mean()), "median_month": median}


def _places(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    return [names.index(name) for name in wanted]


def partings(
    months: Sequence[str],
    clients: Sequence[str],
    one: NDArray[np.int8],
    two: NDArray[np.int8],
    there: NDArray[np.bool_],
) -> pd.DataFrame:
    """Count in which month and by whose rung paired runs first differ.

    Parameters
    ----------
    months, clients
        Names of what both worlds have.
    one, two
        Rungs of paired runs, R x T x N.
    there
        T x N: whether a client is in the network of both.

    Returns
    -------
    pandas.DataFrame
        ``month``, ``client``, ``pairs`` (which part then and there; a pair in which several clients differ in its
        first month counts for each), ``share`` of all pairs, and ``run``, the first of these pairs. In the order of
        months; no rows where no pair ever differs.
    """
    differ = (one != two) & there
    by_month = differ.any(axis=2)
    ever = by_month.any(axis=1)
    first = by_month.argmax(axis=1)
    runs = np.flatnonzero(ever)
    rows = []
    at_first = differ[runs, first[runs]]
    for place in np.argwhere(at_first):
        run = int(runs[place[0]])
        rows.append((int(first[run]), int(place[1]), run))
    if not rows:
        return pd.DataFrame({name: [] for name in COLUMNS})
    frame = pd.DataFrame(rows, columns=["month", "client", "run"])
    grouped = frame.groupby(["month", "client"], sort=True)["run"].agg(["size", "min"]).reset_index()
    return pd.DataFrame(
        {
            "month": [months[place] for place in grouped["month"]],
            "client": [clients[place] for place in grouped["client"]],
            "pairs": grouped["size"].astype(int),
            "share": grouped["size"] / len(one),
            "run": grouped["min"].astype(int),
        }
    )


def with_causes(
    table: pd.DataFrame,
    worlds: tuple[Scenario, Scenario],
    seed: int,
    theories: tuple[Theory | None, Theory | None] = (None, None),
) -> pd.DataFrame:
    """Return partings with their cause: what made most of the difference in protection, or that none is there.

    Parameters
    ----------
    table
        See `partings`.
    worlds, seed, theories
        What the pairs are runs of.

    Returns
    -------
    pandas.DataFrame
        The most frequent partings first, at most `MAX_CAUSES`, with ``cause`` in words.
    """
    most = table.sort_values(["pairs", "month"], ascending=[False, True], kind="stable").head(MAX_CAUSES)
    runs: dict[int, tuple[Run, Run]] = {}
    causes = []
    for row in most.to_dict("records"):
        number = int(row["run"])
        if number not in runs:
            one, two = (
                simulate(world, seed, number, rules=None if theory is None else theory.rules)
                for world, theory in zip(worlds, theories, strict=True)
            )
            runs[number] = one, two
        causes.append(cause_of(*runs[number], str(row["client"]), str(row["month"])))
    return most.assign(cause=causes).reset_index(drop=True)


def cause_of(one: Run, two: Run, client: str, month: str) -> str:
    """Return what makes most of the difference between a client's beliefs in two runs at the end of a month.

    Parameters
    ----------
    one, two
        Paired runs.
    client, month
        Who parts, and when.
    """
    regimes = [_regime(run, client, month) for run in (one, two)]
    if regimes[0] != regimes[1]:
        return REGIME
    # What was decided in a month was decided on the beliefs of that month.
    before, after = one.shares(client, month), two.shares(client, month)

    def apart(key: Key) -> float:
        sides = [part[key].protection if key in part else 0.0 for part in (after, before)]
        return sides[0] - sides[1]

    sizes = {key: apart(key) for key in dict.fromkeys([*before, *after])}
    key = max(sizes, key=lambda one: abs(sizes[one]), default=None)
    if key is None or abs(sizes[key]) < LEAST:
        return _weighed(one, two, client, month)
    run = two if key in after else one
    described = describe(run.scenario, key[0])
    seen = "" if key[1] == "own" else ", as a witness"
    return f"{described.text.rstrip('.')}{seen} ({sizes[key]:+.3f} of protection)"


def _weighed(one: Run, two: Run, client: str, month: str) -> str:
    """Return which term of what a client weighs differs most where its beliefs do not."""
    before, after = (
        next((choice for choice in run.choice_list if (choice.client, choice.month) == (client, month)), None)
        for run in (one, two)
    )
    if before is None or after is None:
        return WEIGHED
    if before.review != after.review:
        chances = [f"{100 * choice.review:.0f} %" for choice in (before, after)]
        return f"the chance of a review is {chances[0]} in the baseline, {chances[1]} here"
    there = {rung.posture: rung.terms for rung in before.rungs}
    apart = {
        (rung.posture, term): value - there[rung.posture][term]
        for rung in after.rungs
        if rung.posture in there
        for term, value in rung.terms.items()
    }
    if not apart or max(map(abs, apart.values())) < LEAST:
        return WEIGHED
    rung, term = max(apart, key=lambda key: abs(apart[key]))
    said = f"{TERM_WORDS[term]} makes {apart[rung, term]:+.3g} of the worth of {POSTURES[rung]}"
    return f"the beliefs are the same; {said}"


def _regime(run: Run, client: str, month: str) -> int:
    mine = run.of_client(client)
    return int(mine["regime"][list(mine["month"]).index(month)])
