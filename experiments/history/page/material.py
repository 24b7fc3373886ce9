"""Hold what the page on validation is made of, and write the parts that several of its chapters need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.experiments.history.calibrate.outputs import LABELS
from papertiger.experiments.history.evaluate.robustness import POINTS, chance
from papertiger.experiments.history.evaluate.scoring import ONE_STEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from papertiger.experiments.history.calibrate.calibration import Calibration
    from papertiger.experiments.history.calibrate.sbc import Ranks
    from papertiger.experiments.history.evaluate.coverage import Coverage
    from papertiger.experiments.history.evaluate.identification import BeliefCorrelation
    from papertiger.experiments.history.evaluate.replay import Replayed
    from papertiger.experiments.history.evaluate.robustness import Outcome
    from papertiger.experiments.history.evaluate.scoring import Examination


@dataclass(frozen=True)
class Material:
    """Hold all that the page is made of.

    Attributes
    ----------
    examination
        Of the shipped draws.
    calibration
        Evidence and weighted points.
    outcomes
        The true world, placebos, codings, signals and variants.
    replayed
        Replays with the full model's draws.
    ranks
        Where known parameters lie in the posteriors of histories that were simulated with them.
    beliefs
        How far capability and resolve go together.
    coverages
        How often the page's intervals hold the truth where it is known.
    points
        Of the prior, on which each placebo world and alternative stands.
    """

    examination: Examination
    calibration: Calibration
    outcomes: Sequence[Outcome]
    replayed: Replayed
    ranks: Ranks
    beliefs: BeliefCorrelation
    coverages: Sequence[Coverage]
    points: int = POINTS

    @property
    def true(self) -> Outcome:
        """Return the true world."""
        return self.outcomes[0]

    def of(self, kind: str) -> list[Outcome]:
        """Return the outcomes of a kind."""
        return [one for one in self.outcomes if one.kind == kind]


class Table:
    """Lay out a Markdown table, a column of numbers at the right.

    Parameters
    ----------
    headings
        Of the columns.
    rows
        Their cells, as text.
    """

    def __init__(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        self.headings = list(headings)
        self.rows = [list(cells) for cells in rows]

    def __str__(self) -> str:
        columns = list(zip(*self.rows, strict=True))
        rule = ["---:" if column and all(map(_is_numeric, column)) else "---" for column in columns]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in (self.headings, rule, *self.rows))


def _is_numeric(cell: str) -> bool:
    return not cell or cell.lstrip("+-<∞ ")[:1].isdigit()


def parameter_label(path: str) -> str:
    """Return what the page calls a parameter, from its name or its dotted path."""
    name = path.removeprefix("parameters.")
    return LABELS.get(name, name)


def share_in_words(value: float) -> str:
    """Return a share in per cent.

    >>> share_in_words(0.123), share_in_words(-0.001)
    ('12 %', '0 %')
    """
    return f"{round(100 * value) + 0} %"


def share_as_good(worlds: list[Outcome], true: Outcome, when: str) -> float:
    """Return the share of worlds, the true one among them, whose forecasts score at least as well.

    Parameters
    ----------
    worlds, true
        Of one kind, and the true world.
    when
        One step ahead or from the origin.
    """
    if when == ONE_STEP:
        return chance(worlds, true, lambda one: one.one_step, high=False)
    return chance(worlds, true, lambda one: one.from_origin, high=False)


def count_as_good(worlds: list[Outcome], true: Outcome, when: str) -> int:
    """Return how many worlds other than the true one score at least as well; parameters as for `share_as_good`."""
    return round(share_as_good(worlds, true, when) * (1 + len(worlds))) - 1
