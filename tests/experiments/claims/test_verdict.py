"""The rule of verdicts: each is reached where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from papertiger.experiments.claims.verdict import Judged, better, difference, judge, together
from papertiger.experiments.statistics.paired import PairedDifference

RUNS = 400
LUCK = np.random.default_rng(1).uniform(0.3, 0.6, RUNS)
OTHER_LUCK = np.random.default_rng(2).normal(0.0, 0.02, RUNS)


def moved(by: float, noise: float = 1.0) -> PairedDifference | None:
    """Return a difference whose mean is about known, from worlds with the same luck."""
    return difference(LUCK, LUCK + by + noise * OTHER_LUCK, seed=1)


def told(
    effect: PairedDifference | None, off: PairedDifference | None, sign: str = "lower", top: float | None = 1.0
) -> Judged:
    assert sign in ("lower", "higher")
    return judge(effect, off, sign="lower" if sign == "lower" else "higher", smallest=0.05, top=top)


NOTHING = moved(0.0, noise=0.0)


def test_a_large_effect_that_goes_with_its_mechanism_works() -> None:
    assert told(moved(-0.1), NOTHING) == Judged("works")
    assert told(moved(+0.1), moved(0.0, noise=0.1), "higher") == Judged("works")


def test_a_small_effect_is_weak() -> None:
    assert told(moved(-0.03), NOTHING) == Judged("weak", "smaller than 0.05")


def test_an_effect_that_stays_without_its_mechanism_is_weak() -> None:
    assert told(moved(-0.1), moved(-0.08)) == Judged("weak", "not gone without its mechanism")
    assert told(moved(-0.1), moved(+0.08)) == Judged("weak", "not gone without its mechanism")
    both = "smaller than 0.05, and not gone without its mechanism"
    assert told(moved(-0.03), moved(-0.02)) == Judged("weak", both)


def test_half_of_an_effect_is_not_gone_however_small_it_is() -> None:
    # Within the smallest effect of interest, and yet most of what there was.
    assert told(moved(-0.06), moved(-0.04, noise=0.1)).verdict == "weak"
    assert told(moved(-0.06), moved(-0.01, noise=0.1)).verdict == "works"


def test_luck_alone_is_absent() -> None:
    centred = OTHER_LUCK - OTHER_LUCK.mean()
    assert told(difference(LUCK, LUCK + centred, seed=1), NOTHING) == Judged("absent", "no clear effect")


def test_the_wrong_sign_is_absent() -> None:
    assert told(moved(+0.1), NOTHING) == Judged("absent", "the wrong sign")


def test_no_run_that_differs_is_absent() -> None:
    assert told(NOTHING, NOTHING) == Judged("absent", "no run differs")


@pytest.mark.parametrize(("sign", "end"), [("higher", 1.0), ("lower", 0.0)])
def test_an_outcome_that_is_forced_cannot_be_tested(sign: str, end: float) -> None:
    ends = np.full(RUNS, end)
    assert told(difference(ends, ends, seed=1), NOTHING, sign).verdict == "not testable"
    # Nor can one that leaves hardly any room.
    near = np.abs(ends - 0.04)
    assert told(difference(near, near, seed=1), NOTHING, sign).verdict == "not testable"
    # At the other end there was room, and nothing came.
    away = np.full(RUNS, 1.0 - end)
    assert told(difference(away, away, seed=1), NOTHING, sign).verdict == "absent"
    # A scale without ends forces nothing.
    assert told(difference(ends, ends, seed=1), NOTHING, sign, top=None).verdict == "absent"


def test_hardly_anything_to_measure_cannot_be_tested() -> None:
    few = np.full(RUNS, np.nan)
    few[0] = 0.5
    assert difference(few, LUCK, seed=1) is None
    assert told(None, None) == Judged("not testable", "hardly any run has something to measure")


def test_where_every_run_differs_by_the_same_there_is_no_doubt() -> None:
    sure = moved(-0.1, noise=0.0)
    assert sure is not None
    assert sure.alike is not None
    assert told(sure, NOTHING) == Judged("works")
    assert told(sure, moved(-0.09, noise=0.0)).verdict == "weak"


def test_of_several_effects_the_weakest_counts_and_of_domains_the_better() -> None:
    assert together(["works", "absent", "weak"]) == "absent"
    assert together(["works", "not testable"]) == "not testable"
    assert together(["absent", "not testable"]) == "absent"
    assert together([]) is None
    assert better(["absent", "works", None]) == "works"
    assert better([None, None]) is None
