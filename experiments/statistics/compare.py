"""Compare scenarios without a file: the same runs of each, and what is different at a month.

Who governs a client makes a difference where a regime is lost. What is compared first counts successors: a client has
defected if whoever governs it has. What clients do by their own choice, under the regime of the start, is compared
beside it, and said wherever the two are not the same.

Every scenario is run with the same seed, so that run k of one and run k of another share their draws (common random
numbers); all differences are paired, see `papertiger.experiments.statistics.paired`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from papertiger import scenarios
from papertiger.experiments.phrases import NARROW, at_least, digits_apart, true_minus
from papertiger.experiments.phrases import signed as signed_number
from papertiger.experiments.run.provenance import scenario_hash
from papertiger.experiments.statistics.arguments import check_figure, given
from papertiger.experiments.statistics.intervals import LEVEL, max_differing_share
from papertiger.experiments.statistics.paired import PairedDifference, paired_difference
from papertiger.experiments.statistics.partings import aligned, first_difference
from papertiger.experiments.statistics.partings import partings as partings_of
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.randomness import MAX_RUN, check_whole
from papertiger.model.rules.choice import SUSPENDED
from papertiger.model.shown import html_of, one_line
from papertiger.model.theories import with_theories
from papertiger.scenarios.arguments import (
    check_kind,
    check_number,
    check_progress,
    check_text,
    check_texts,
    check_truth,
)
from papertiger.scenarios.errors import shorten
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import POSTURES, is_month

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.model.ensemble.ensemble import Ensemble
    from papertiger.model.theories import Theory


@dataclass(frozen=True, repr=False)
class Comparison:
    """Hold what other scenarios have more or less than a baseline.

    Attributes
    ----------
    names
        The scenarios, the baseline first; one that is named twice gets a number.
    hashes
        SHA-256 of each resolved scenario.
    month, runs, seed, level
        When the runs are looked at, how many there are, and coverage of the intervals.
    overall
        For each other scenario, how the share of clients that have defected differs, successors counted.
    by_choice
        The same by the clients' own choice: what a client does after a regime loss is left out.
    successors
        For each other scenario, what successors add to the difference: the former less the latter, run by run.
    regimes_lost
        For each scenario, the share of runs in which any client then in the network has lost its regime.
    shares
        Share of runs on each posture: ``scenario``, ``client`` and a column per posture; only clients that are in the
        network by then.
    differences
        ``scenario``, ``client``, ``measure`` (``defected``, the share of runs, successors counted;
        ``defected_by_choice``, the same by its own choice; ``posture``, the mean rung from 0 to 4 of whoever governs)
        and the fields of `PairedDifference`, for clients in both networks.
    first_differences
        ``scenario``, ``month`` (the first in which any run differs; blank if none does), ``clients`` (who differs
        then), ``share`` (of runs that differ at any time) and ``median_month`` (of their first differing months).
    theories
        SHA-256 of the rules of each that is run under a theory of a modeler's own.
    partings
        In which months and by whose rung pairs first differ: see `papertiger.experiments.statistics.partings`.
    """

    names: tuple[str, ...]
    hashes: tuple[str, ...]
    month: str
    runs: int
    seed: int
    level: float
    overall: dict[str, PairedDifference]
    by_choice: dict[str, PairedDifference]
    successors: dict[str, PairedDifference]
    regimes_lost: dict[str, float]
    shares: pd.DataFrame
    differences: pd.DataFrame
    first_differences: pd.DataFrame
    theories: Mapping[str, str] = field(default_factory=dict)
    partings: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        return one_line(self, f"{', '.join(self.names)}: {self.runs:,} runs of each, {self.month}, seed {self.seed}")

    def _repr_html_(self) -> str:
        return html_of(repr(self), self.shares)

    @property
    def baseline(self) -> str:
        """Return the name of the first scenario."""
        return self.names[0]

    @property
    def sentences(self) -> list[str]:
        """Return the answer in words: a sentence a scenario, and one more where it matters who governs."""
        lines = []
        for name in self.names[1:]:
            lines.append(self._sentence(name, self.overall[name], self._counted(name)))
            if self.readings_differ(name):
                lines.append(self._other_reading(name))
        return lines

    def readings_differ(self, name: str) -> bool:
        """Tell whether what successors do and what clients do by their own choice differ beyond their interval."""
        added = self.successors[name].verdict
        return added in ("higher", "lower") or self.by_choice[name].verdict != self.overall[name].verdict

    def _counted(self, name: str) -> str:
        """Return whose doing is counted, where a regime was lost in any run."""
        lost = self.regimes_lost[self.baseline] or self.regimes_lost[name]
        return ", successors counted" if lost else ""

    def _other_reading(self, name: str) -> str:
        added = self.successors[name]
        said = self._sentence(name, self.by_choice[name], ", by their own choice")
        if added.verdict in ("higher", "lower"):
            size = points(added.difference, added.low, added.high, signed=True)
            sure = f", {self._alike(added)}," if added.alike is not None else ""
            return f"{said} What successors do after a change of regime makes {size}{sure} of the difference."
        return said

    def _alike(self, difference: PairedDifference) -> str:
        """Say how sure a difference is that is the same in every pair, from which no interval can be made."""
        least = at_least(difference.alike or 0.0).replace(NARROW, " ")
        return f"the same in each of {difference.n} paired runs, and so in {least} of all"

    def _sentence(self, name: str, difference: PairedDifference, whose: str) -> str:
        what = f"how many clients have defected by {self.month}{whose}"
        base, here = (
            _whole_percent(*pair)
            for pair in ((difference.mean_a, difference.mean_b), (difference.mean_b, difference.mean_a))
        )
        certainty = f"({self.runs} paired runs, {100 * self.level:g} % interval)"
        if difference.alike is not None:
            certainty = f"({self._alike(difference)})"
        if difference.verdict == "no difference":
            same_rules = self.theories.get(name) == self.theories.get(self.baseline)
            if same_rules and self.hashes[self.names.index(name)] == self.hashes[0]:
                return f"{name} is the same scenario as {self.baseline}: no difference in any of {self.runs} runs."
            most = f"at most {100 * max_differing_share(self.runs, self.level):.2g} %"
            return (
                f"In {name}, no difference from {self.baseline} in {what}: {base} in both, and not one of "
                f"{self.runs} paired runs differs (so {most} of all would)."
            )
        if difference.verdict == "no clear difference":
            size = points(difference.difference, difference.low, difference.high, signed=True)
            return (
                f"In {name}, no clear difference from {self.baseline} in {what}: {size}, {here} against {base} "
                f"{certainty}."
            )
        if difference.verdict == "lower":
            more = f"{points(-difference.difference, -difference.high, -difference.low)} fewer"
        else:
            more = f"{points(difference.difference, difference.low, difference.high)} more"
        return (
            f"In {name}, {more} of the clients have defected by {self.month}{whose}"
            f"{',' if whose else ''} than in {self.baseline}: {here} instead of {base} {certainty}."
        )


def _whole_percent(share: float, other: float) -> str:
    """Write a share in per cent, as exactly as it takes to tell it from another one that differs.

    >>> _whole_percent(0.12, 0.3), _whole_percent(0.121, 0.124), _whole_percent(0.5, 0.5)
    ('12 %', '12.1 %', '50 %')
    """
    decimals = next((d for d in range(6) if f"{100 * share:.{d}f}" != f"{100 * other:.{d}f}"), 0)
    return f"{100 * share:.{decimals}f} %"


def points(value: float, low: float, high: float, *, signed: bool = False, unit: bool = True) -> str:
    """Write a difference of shares with its interval, in percentage points, as exactly as the interval allows.

    Where every pair differs by the same there is no interval, and none is written.

    >>> points(-0.123, -0.151, -0.09, signed=True)
    '−12 percentage points [−15, −9]'
    >>> points(-1 / 17, math.nan, math.nan, signed=True), points(0.5, math.nan, math.nan)
    ('−5.88 percentage points', '50 percentage points')
    """
    value, low, high = (
        check_figure(name, number, missing=True) for name, number in (("value", value), ("low", low), ("high", high))
    )
    check_truth("signed", signed)
    check_truth("unit", unit)
    width = 100 * (high - low)
    if math.isfinite(width):
        decimals = 0 if width >= 3.0 or width == 0.0 else 1 if width >= 0.3 else 2
        decimals = digits_apart(100 * low, 100 * high, decimals)
        limits = " [" + ", ".join(true_minus(f"{100 * end:.{decimals}f}") for end in (low, high)) + "]"
    else:
        decimals, limits = 0 if math.isclose(100 * value, round(100 * value), abs_tol=1e-9) else 2, ""
    size = signed_number(100 * value, decimals) if signed else true_minus(f"{100 * value:.{decimals}f}")
    return f"{size}{' percentage points' if unit else ''}{limits}"


def compare(
    compared: Sequence[str | Path | Scenario],
    runs: int = 200,
    seed: int = 1,
    *,
    at: str | None = None,
    level: float = LEVEL,
    theories: Sequence[Theory | None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run scenarios with the same luck and compare each with the first.

    Parameters
    ----------
    compared
        Two or more scenarios, their shipped names, or the paths of their files; the first is the baseline.
    runs, seed
        How many runs of each, and the key of their draws and of the bootstrap.
    at
        The month to look at; blank takes the last one that all have.
    level
        Coverage of the intervals, each for itself.
    theories
        The theory of each scenario, None for the shipped rules; blank takes those for all.
    progress
        Called with the runs done and the runs in all.

    Returns
    -------
    Comparison
        Tables, and the answer in words.

    Raises
    ------
    TypeError
        If an argument is of another kind.
    ValueError
        If there are fewer than two scenarios or runs, or not all of them reach the month.
    scenarios.ScenarioError
        If a scenario does not hold.
    """
    if isinstance(compared, str) or not isinstance(compared, Sequence):
        raise TypeError(f"compared: expected a list of scenarios, got {shorten(compared)}")
    if len(compared) < 2:
        raise ValueError("expected two scenarios or more")
    runs = check_whole("runs", runs, 1, MAX_RUN)
    if runs < 2:
        raise ValueError(f"expected at least 2 runs, got {runs}: chance cannot be told from one")
    check_number("level", level, 0.0, 1.0)
    if at is not None:
        is_month(check_text("at", at, "a month written YYYY-MM"))
    check_progress(progress)
    worlds = [one if isinstance(one, Scenario) else scenarios.load(one) for one in compared]
    month = common_month(worlds) if at is None else at
    held, labels = with_theories([world.name for world in worlds], theories)
    names = distinct(labels)
    outcomes: list[_Outcome] = []
    for number, world in enumerate(worlds):

        def counting(done: int, _total: int, before: int = number * runs) -> None:
            if progress is not None:
                progress(before + done, len(worlds) * runs)

        rules = None if (theory := held[number]) is None else theory.rules
        batch = ensemble(world, runs, seed, keep=("postures", "regimes"), rules=rules, progress=counting)
        if month not in batch.months:
            raise ValueError(
                f"{world.name} runs from {batch.months[0]} to {batch.months[-1]}, which does not have {month}"
            )
        outcomes.append(_Outcome.of(batch, month))
    base = outcomes[0]
    chance: dict[str, Any] = {"seed": seed, "level": level}
    others = list(zip(names[1:], outcomes[1:], strict=True))
    return Comparison(
        names=names,
        hashes=tuple(scenario_hash(world) for world in worlds),
        theories={name: one.sha256 for name, one in zip(names, held, strict=True) if one is not None},
        month=month,
        runs=runs,
        seed=seed,
        level=level,
        overall={name: paired_difference(base.defected, other.defected, **chance) for name, other in others},
        by_choice={name: paired_difference(base.by_choice, other.by_choice, **chance) for name, other in others},
        successors={
            name: paired_difference(base.by_successors, other.by_successors, **chance) for name, other in others
        },
        regimes_lost={name: one.regimes_lost for name, one in zip(names, outcomes, strict=True)},
        shares=pd.concat([one.shares(name) for name, one in zip(names, outcomes, strict=True)], ignore_index=True),
        differences=pd.DataFrame([row for name, other in others for row in _differences(name, base, other, chance)]),
        first_differences=pd.DataFrame([first_difference(name, aligned(base, other)) for name, other in others]),
        partings=pd.concat(
            [partings_of(*aligned(base, other)).assign(scenario=name) for name, other in others], ignore_index=True
        ),
    )


def common_month(worlds: Sequence[Scenario]) -> str:
    """Return the last month that all scenarios have, or raise `ValueError` if there is none."""
    if isinstance(worlds, str | Mapping) or not isinstance(worlds, Sequence):
        raise TypeError(f"worlds: expected a list of scenarios, got {given(worlds)}")
    for world in worlds:
        check_kind("worlds", world, Scenario, "a list of scenarios")
    if not worlds:
        raise ValueError("worlds: expected at least one scenario, got none")
    start, end = max(world.span.start for world in worlds), min(world.span.end for world in worlds)
    if start > end:
        spans = "; ".join(f"{world.name} from {world.span.start} to {world.span.end}" for world in worlds)
        raise ValueError(f"the scenarios have no month in common: {spans}")
    return end


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return names of which no two are alike: one that comes again gets a number.

    >>> distinct(["one", "two", "one"])
    ('one', 'two', 'one (2)')
    """
    seen: Counter[str] = Counter()
    labels: list[str] = []
    if not isinstance(names, Sequence):
        raise TypeError(f"names: expected a list of texts, got {given(names)}")
    for name in check_texts("names", names, "texts"):
        seen[name] += 1
        while (label := name if seen[name] == 1 else f"{name} ({seen[name]})") in labels:
            seen[name] += 1
        labels.append(label)
    return tuple(labels)


@dataclass(frozen=True)
class _Outcome:
    """Hold the runs of one scenario: postures R x T x N, whose regime was lost, and who is there by the month."""

    clients: tuple[str, ...]
    months: tuple[str, ...]
    postures: NDArray[np.int8]
    lost: NDArray[np.bool_]
    month: int
    present: NDArray[np.bool_]
    present_then: NDArray[np.bool_]

    @classmethod
    def of(cls, result: Ensemble, month: str) -> _Outcome:
        present = result.kept.counts.sum(axis=2) > 0
        row = result.months.index(month)
        lost = np.asarray(result.path("regimes")[:, row] != 0)
        return cls(result.clients, result.months, result.path("postures"), lost, row, present, present[row])

    @property
    def defected(self) -> NDArray[np.float64]:
        """Return the share of the clients then there that have defected, successors counted, for each run."""
        return self._share(self.gone)

    @property
    def by_choice(self) -> NDArray[np.float64]:
        """Return the share of the clients then there that have defected by their own choice, for each run."""
        return self._share(self.gone & ~self.lost)

    @property
    def by_successors(self) -> NDArray[np.float64]:
        """Return the share of the clients then there that have defected under a successor, for each run."""
        return self._share(self.gone & self.lost)

    @property
    def gone(self) -> NDArray[np.bool_]:
        """Return whether each client has defected, R x N."""
        return np.asarray(self.postures[:, self.month] >= SUSPENDED)

    def _share(self, gone: NDArray[np.bool_]) -> NDArray[np.float64]:
        here = gone[:, self.present_then]
        return np.asarray(here.mean(axis=1) if here.shape[1] else np.zeros(len(here)))

    @property
    def regimes_lost(self) -> float:
        """Return the share of runs in which any client then in the network has lost its regime."""
        return float(self.lost[:, self.present_then].any(axis=1).mean())

    def shares(self, name: str) -> pd.DataFrame:
        then = self.postures[:, self.month]
        columns = {posture: (then == rung).mean(axis=0) for rung, posture in enumerate(POSTURES)}
        frame = pd.DataFrame({"scenario": name, "client": list(self.clients), **columns})
        return frame[self.present_then].reset_index(drop=True)

    def rungs(self, client: str) -> NDArray[np.int8]:
        return self.postures[:, self.month, self.clients.index(client)]

    def members(self) -> set[str]:
        return {client for client, here in zip(self.clients, self.present_then, strict=True) if here}


def _differences(name: str, base: _Outcome, other: _Outcome, chance: dict[str, Any]) -> list[dict[str, Any]]:
    both = base.members() & other.members()
    rows = []
    for client in (client for client in base.clients if client in both):
        here, there = base.rungs(client), other.rungs(client)
        left_here, left_there = (one.gone[:, one.clients.index(client)] for one in (base, other))
        own_here, own_there = (
            one.gone[:, one.clients.index(client)] & ~one.lost[:, one.clients.index(client)] for one in (base, other)
        )
        differences = {
            "defected": paired_difference(left_here, left_there, **chance),
            "defected_by_choice": paired_difference(own_here, own_there, **chance),
            "posture": paired_difference(here, there, **chance),
        }
        rows += [
            {"scenario": name, "client": client, "measure": what, **row.as_dict()}
            for what, row in differences.items()
        ]
    return rows
