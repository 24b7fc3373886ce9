"""Quantiles of the distributions of scenario files, against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from papertiger.model.sampling import quantile
from papertiger.scenarios.schema.figures import Distribution

PLACES = [1e-9, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0 - 2.0**-53]


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.5, 1.0), (0.899, 0.901)])
def test_a_truncated_normal_distribution_is_scipys(low: float, high: float) -> None:
    drawn = Distribution(normal=(0.9, 0.1)).truncated(low, high)
    expected = stats.truncnorm((low - 0.9) / 0.1, (high - 0.9) / 0.1, loc=0.9, scale=0.1)
    found = [quantile(drawn, place) for place in PLACES]
    assert found == pytest.approx(expected.ppf(PLACES), rel=1e-9, abs=1e-9)
    assert low <= quantile(drawn, 0.0) <= min(found) <= max(found) <= high


def test_the_logarithm_of_a_truncated_lognormal_distribution_is_a_truncated_normal_one() -> None:
    drawn = Distribution(lognormal=(2.0, 1.5)).truncated(0.0, 10.0)
    expected = stats.truncnorm(-np.inf, np.log(5.0) / 1.5, loc=np.log(2.0), scale=1.5)
    assert [quantile(drawn, place) for place in PLACES] == pytest.approx(np.exp(expected.ppf(PLACES)), rel=1e-9)


def test_nothing_is_cut_that_has_no_tails_or_stays_within() -> None:
    for drawn in (Distribution(normal=(0.5, 0.01)), Distribution(beta=(2.0, 2.0)), Distribution(uniform=(0.0, 9.0))):
        assert drawn.truncated(0.0, 1.0) is drawn
    slip = Distribution(normal=(9.0, 1.0))
    assert slip.truncated(0.0, 1.0) is slip


def test_what_was_truncated_is_written_as_it_was_given() -> None:
    given = Distribution(normal=(0.9, 0.1))
    assert given.truncated(0.0, 1.0).model_dump_json() == given.model_dump_json()
