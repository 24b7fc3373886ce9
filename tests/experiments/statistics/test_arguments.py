"""A refusal of statistics names the argument, what was expected, and what was given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.statistics.arguments import check_numbers
from papertiger.experiments.statistics.convergence import MAX_NEEDED, enough, running_interval
from papertiger.experiments.statistics.discovery import prim
from papertiger.experiments.statistics.paired import paired_difference
from papertiger.experiments.statistics.sensitivity import main_effects, morris, one_at_a_time, sobol
from papertiger.experiments.statistics.survival import kaplan_meier, restricted_times
from papertiger.experiments.statistics.sweep import sweep

FRAME = pd.DataFrame(
    {"scenario": "a", "point": [0, 1, 0, 1], "replicate": [0, 0, 1, 1], "x:one": [0.0, 1.0] * 2, "y": [1.0, 2.0] * 2}
)


@pytest.mark.parametrize(
    ("call", "given", "said"),
    [
        (paired_difference, (["1", "2"], [1, 2]), "a: expected one outcome for each run, got '1' among them"),
        (
            paired_difference,
            ([[1, 2], [3]], [1, 2]),
            "a: expected one outcome for each run, got rows that are not of",
        ),
        (paired_difference, ([1, 2], [1j, 2]), "b: expected one outcome for each run, got a list, [1j, 2]"),
        (paired_difference, ([1e200, 2], [1, 2]), "a: expected one outcome for each run, and 1 of 2 is larger"),
        (kaplan_meier, ([1, 2], ["yes", "no"]), "event: expected for each run whether the event happened, got 'yes'"),
        (kaplan_meier, ([1, 2], [0, 0.5]), "event: expected for each run whether the event happened, as 0 or 1"),
        (kaplan_meier, ({"a": 1}, [0]), "time: expected a time for each run, got a mapping"),
        (restricted_times, ([1, 2], [0], 3), "event: expected the shape of time, (2,), got (1,)"),
        (sobol, ("ab", [0.0] * 8), "factors: expected a list of names, got 'ab'"),
        (sobol, (["a", "a"], [0.0] * 8), "factors: 'a' is named twice"),
        (sobol, ([], [0.0] * 8), "factors: expected at least one name, got none"),
        (morris, (["a"], [0.0, 1.0], [1.0, 2.0]), "points: expected one row for each point, got shape (2,)"),
        (prim, ([1, 2], [0, 1]), "factors: expected rows of factors, got a list, [1, 2]"),
        (
            prim,
            (pd.DataFrame({"a": ["x", "y"]}), [0, 1]),
            "factors: column 'a': expected numbers, got 'x' among them",
        ),
        (prim, (pd.DataFrame({"a": [1, 2]}), [0, 0.5]), "outcome: expected for each point whether it happened, as 0"),
        (running_interval, ([1, np.inf],), "values: expected one value for each replicate, and 1 of 2 is infinite"),
        (enough, ([1, 2], -1), "tolerance: expected a tolerance above 0, got -1"),
        (sweep, (FRAME.assign(y="a lot"), "y"), "frame: column 'y': expected numbers, got 'a lot' among them"),
        (sweep, (FRAME.assign(point=[0.5, 1, 0, 1]), "y"), "expected whole numbers from 0 on in the column 'point'"),
        (main_effects, (FRAME.drop(columns="x:one"), "y"), "nothing was varied: the results have no factors"),
        (one_at_a_time, (FRAME.assign(replicate=0), "y"), "a replicate of a point appears twice"),
        (
            one_at_a_time,
            (pd.concat([FRAME, FRAME], axis=1), "y"),
            "frame: expected rows of results, and a column comes",
        ),
    ],
)
def test_a_refusal_names_the_argument(call: Callable[..., Any], given: tuple[Any, ...], said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        call(*given)


@pytest.mark.parametrize(
    "values",
    [
        [1, None, 3],
        (1.0, float("nan"), 3.0),
        pd.Series([1, None, 3], dtype="Int64"),
        pd.Series([1, pd.NA, 3], dtype=object),
        np.ma.masked_array([1, 2, 3], np.array([False, True, False])),
    ],
)
def test_whatever_says_missing_is_missing(values: object) -> None:
    read = check_numbers("values", values, "numbers", missing=True)
    assert np.array_equal(read, [1.0, np.nan, 3.0], equal_nan=True)
    with pytest.raises(ValueError, match=r"^values: expected numbers, and 1 of 3 is missing$"):
        check_numbers("values", values, "numbers")


def test_a_tolerance_that_no_number_of_replicates_reaches() -> None:
    for values in ([0, 1, 1, 0], [0.0, 1.0, 2.5, 3.0]):
        assert enough(values, 1e-200).needed == MAX_NEEDED
        assert enough(values, 1e300).needed == 2
