"""What runs of a replay share is worked out once, and no bit of any run tells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.model.ensemble.batches import Job, make_kept, make_moving
from papertiger.model.ensemble.kernel import PATHS, Kept
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import build_decisions, build_tables
from papertiger.model.template import build_setting

RUNS = 60


def job_of(name: str, overrides: dict[str, Any] | None = None) -> Job:
    setting = build_setting(scenarios.load(name, overrides), 5)
    return Job(build_tables(setting), start_of(setting), build_decisions(None, setting), None)


def everything(job: Job, *, shared: bool, first: int = 0, runs: int = RUNS) -> Kept:
    kept = make_kept(job.tables, (*PATHS, "bands"), runs)
    job.run(kept, first, runs, make_moving(job.tables, shared=shared))
    return kept


def assert_same(one: Kept, other: Kept) -> None:
    for name in Kept._fields:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("partners_2020", None),
        # Nothing comes to be lost to the patron, so that all runs share all months.
        ("partners_2020", {"parameters.burden_feedback": 0.0, "parameters.budget_feedback": 0.0}),
        # Many part early, by secret contacts, by a successor, or by a break that nobody expected.
        ("partners_2020", {"parameters.covert_start": 0.9, "parameters.covert_discovery": 0.5}),
        ("chechnya_succession", {"parameters.succession_base": 0.2}),
        ("partners_2020", {"parameters.break_away": 0.05, "parameters.break_toward": 0.05}),
        ("contagion", None),
        # Shared until the record ends, and each its own from there on.
        ("partners_forecast", None),
        ("partners_generative", None),
        # Two patrons, each in the place of a rival for the other.
        ("middle_east_1970", None),
    ],
)
def test_what_is_shared_changes_no_bit(name: str, overrides: dict[str, Any] | None) -> None:
    job = job_of(name, overrides)
    assert_same(everything(job, shared=True), everything(job, shared=False))


def test_a_run_is_the_same_wherever_its_batch_begins() -> None:
    job = job_of("partners_2020")
    whole = everything(job, shared=True)
    part = everything(job, shared=True, first=20, runs=7)
    for name in PATHS:
        np.testing.assert_array_equal(getattr(whole, name)[20:27], getattr(part, name))


def test_room_that_was_used_for_another_scenario_of_the_same_size_changes_no_bit() -> None:
    one, other = job_of("partners_2020"), job_of("partners_2020", {"parameters.tie_noise": 0.7})
    moving = make_moving(one.tables, shared=True)
    for job in (one, other, one):
        kept = make_kept(job.tables, (*PATHS, "bands"), RUNS)
        job.run(kept, 0, RUNS, moving)
        assert_same(kept, everything(job, shared=False))
