"""Terms, placebos, scores and the store: known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.patrons.covariates import as_term, shifted, stock, stock_to_come, years_in_force
from papertiger.experiments.patrons.description import years_since
from papertiger.experiments.patrons.panel import load_panel
from papertiger.experiments.patrons.placebos import partners, permuted, placebo
from papertiger.experiments.patrons.plan import Term
from papertiger.experiments.patrons.power import detectable, right_sign
from papertiger.experiments.patrons.scores import probability_of_zero, resampled
from papertiger.experiments.patrons.store import Store
from tests.experiments.patrons.made_up import plan_with, write_panel

EVENTS = np.array([[0.0, 1.0, 0.0, np.nan, 1.0]])


def test_a_stock_fades_and_counts_from_when_it_is_told_to() -> None:
    assert stock(EVENTS, 0.5, same_year=True)[0] == pytest.approx([0.0, 1.0, 0.5, 0.25, 1.125])
    assert stock(EVENTS, 0.5, same_year=False)[0] == pytest.approx([0.0, 0.0, 1.0, 0.5, 0.25])


def test_a_stock_to_come_sees_only_later_years() -> None:
    assert stock_to_come(EVENTS, 0.5, 2)[0] == pytest.approx([0.25, 0.5, 1.0, 0.0, 0.0])


def test_states_shift_both_ways() -> None:
    state = np.array([[1.0, 2.0, 3.0]])
    assert shifted(state, 1)[0].tolist()[1:] == [1.0, 2.0]
    assert shifted(state, -2)[0].tolist()[0] == 3.0
    assert np.isnan(shifted(state, 1)[0, 0])


def test_a_state_is_standardised_where_it_counts_and_missing_is_its_mean() -> None:
    where = np.array([[True, True, True, False]])
    state = np.array([[1.0, 3.0, np.nan, 90.0]])
    found = as_term(state, Term(name="x", kind="state", sign="0"), 0.5, where, same_year=True)
    assert found[0, :3] == pytest.approx([-1.0, 1.0, 0.0])


def test_age_and_years_since() -> None:
    assert years_in_force(np.array([[1.0, 1.0, 0.0, 1.0, 1.0]]))[0].tolist() == [0.0, 1.0, 0.0, 0.0, 1.0]
    assert years_since(np.array([[False, True, False, False]]))[0].tolist()[1:] == [0, 1, 2]


def test_permuted_dates_stay_in_the_dyad_and_in_the_years_that_count() -> None:
    rng = np.random.default_rng(1)
    values = (rng.random((6, 30)) < 0.3).astype(float)
    at_risk = np.zeros(values.shape, dtype=bool)
    at_risk[:, 5:25] = True
    found = permuted(values, at_risk, 1, 0)
    assert (found[~at_risk] == values[~at_risk]).all()
    assert (found.sum(axis=1) == values.sum(axis=1)).all()
    assert (found != values).any()
    assert (found == permuted(values, at_risk, 1, 0)).all()


def test_partners_are_of_another_patron_and_client(tmp_path: Path) -> None:
    files = plan_with()
    panel = load_panel(write_panel(tmp_path, clients=3), files.plan)
    at_risk = panel.present & (panel.grids["pledge"] > 0)
    chosen = partners(panel, files.plan, at_risk)
    assert (chosen >= 0).all()
    assert (panel.patrons[chosen] != panel.patrons).all()
    assert (panel.clients[chosen] != panel.clients).all()
    assert [panel.regions[place] for place in chosen] == list(panel.regions)
    other = placebo(panel, files.plan, at_risk, "att_none", "others")
    assert other[0].tolist() == panel.grids["att_none"][chosen[0]].tolist()


def test_whole_clusters_are_resampled() -> None:
    values, clusters = np.ones(40), np.repeat([7, 9], 20)
    assert resampled(values, clusters, 500, 0.95, 1) == (40.0, 40.0)
    low, high = resampled(np.concatenate([np.ones(20), -np.ones(20)]), clusters, 500, 0.95, 1)
    assert (low, high) == (-40.0, 40.0)


def test_probability_of_zero_follows_both_evidences() -> None:
    assert probability_of_zero({"evidence": -10.0}, {"evidence": -10.0}, 0.5) == pytest.approx(0.5)
    assert probability_of_zero({"evidence": -10.0}, {"evidence": -10.0 - np.log(9.0)}, 0.5) == pytest.approx(0.1)


def test_what_can_be_detected_lies_between_the_sizes_that_were_tried() -> None:
    rows = [{"size": 1.0, "rule": 0.2}, {"size": 2.0, "rule": 0.6}, {"size": 3.0, "rule": 1.0}]
    assert detectable(rows, 0.8) == pytest.approx(2.5)
    assert detectable(rows[:2], 0.8) is None
    assert detectable(rows[2:], 0.8) == 3.0


def test_signs_are_of_leaving() -> None:
    plan = plan_with().plan
    assert right_sign([0.4], plan.mechanism("regime"), "breaks")
    assert not right_sign([0.4], plan.mechanism("regime"), "closeness")
    assert not right_sign([-0.4, 0.1], plan.mechanism("coercion"), "closeness")
    assert right_sign([-0.4], plan.mechanism("excuse"), "breaks")
    assert right_sign([-0.4], plan.mechanism("structure"), "breaks")


def test_a_piece_is_made_once_and_again_when_what_it_is_times_made_changes(tmp_path: Path) -> None:
    times_made: list[int] = []

    def make() -> list[float]:
        times_made.append(1)
        return [0.1]

    assert Store(tmp_path, "a").piece("one", make) == [0.1]
    assert Store(tmp_path, "a").piece("one", make) == [0.1]
    assert len(times_made) == 1
    Store(tmp_path, "b").piece("one", make)
    assert len(times_made) == 2
    (tmp_path / "one.json").write_text("{", encoding="utf-8")
    Store(tmp_path, "b").piece("one", make)
    assert len(times_made) == 3
