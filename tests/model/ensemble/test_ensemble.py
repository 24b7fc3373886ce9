"""The ensemble's door: continued runs, threads and chunks, what is kept, bad arguments and interruptions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertiger.model.agents.world import World
from papertiger.model.decisions import Decision, Decisions, Offer
from papertiger.model.ensemble.checkpoint import checkpoint
from papertiger.model.ensemble.ensemble import Ensemble, ensemble
from papertiger.model.ensemble.kernel import PATRON_MEASURES
from papertiger.scenarios import POSTURES, Scenario
from tests.model.busy import busy_world
from tests.model.ensemble.agreement import PATHS, assert_same_path, traced
from tests.model.ensemble.worlds import made_up_decisions, made_up_worlds
from tests.model.networks import generated_network
from tests.model.worlds import changed, client, event, shipped, world_of
from tests.tables import cell, line

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
ALL = ("bands", "ledger", "paths")


def same(one: Ensemble, other: Ensemble) -> bool:
    """Tell whether two ensembles counted and kept the same."""
    pairs: Iterable[tuple[Any, Any]] = zip(one.kept, other.kept, strict=True)
    return all(np.array_equal(left, right, equal_nan=left.dtype.kind == "f") for left, right in pairs)


# Continued runs


def assert_continues(scenario: Scenario, seed: int = 1, runs: tuple[int, ...] = (0, 3), **options: Any) -> None:
    """Go on from every month of a world, and arrive where it arrived."""
    for run in runs:
        trace = traced(scenario, seed, run, checkpoints=True, **options)
        for start in trace.starts[:-1]:
            found = ensemble(scenario, 1, seed, first_run=run, keep="paths", start=start, threads=1, **options)
            assert_same_path(trace, found, 0, from_month=start.month)


def test_a_continued_run_is_the_uninterrupted_one_from_any_month() -> None:
    assert_continues(busy_world(), runs=(2,))


@settings(settings.get_profile("ensemble"), max_examples=25)
@given(made_up_worlds(), st.integers(0, 2**63 - 1), st.integers(0, 2**32))
def test_made_up_worlds_continue_from_any_month(scenario: Scenario, seed: int, luck: int) -> None:
    assert_continues(scenario, seed, runs=(1,), decisions=made_up_decisions(scenario, luck))


def test_a_run_continues_right_after_a_regime_loss_and_with_an_attack_that_waits_for_its_answer() -> None:
    events = {
        "fall": event("regime_loss", "2020-03", "A", successor={"continuity": 0.5, "prior_resolve": 0.9}),
        "raid": event("attack", "2020-03", "B", intensity=3),
        "second fall": event("regime_loss", "2020-07", "A", successor={"prior_resolve": 0.1}),
    }
    scenario = world_of({"A": client(), "B": client(region="R"), "C": client(region="R")}, events, burden=0.4)
    world = World(scenario, collect=False)
    for _ in range(3):
        world.step()
    assert world.clients[0].regime == 1
    assert checkpoint(world).clients["unanswered_intensity"][1] == 3.0
    assert_continues(scenario)


def test_a_checkpoint_is_a_copy() -> None:
    world = World(busy_world(), collect=False)
    for _ in range(10):
        world.step()
    start = checkpoint(world)
    before = ensemble(busy_world(), 4, keep="paths", start=start)
    while world.running:
        world.step()
    assert same(before, ensemble(busy_world(), 4, keep="paths", start=start))


def test_run_k_of_a_continuation_has_the_luck_of_run_k() -> None:
    world = World(busy_world(), rng=5, run=0, collect=False)
    for _ in range(20):
        world.step()
    found = ensemble(busy_world(), 30, 5, keep="postures", start=checkpoint(world)).path("postures")
    assert found.shape == (30, 64, 8)
    assert len({row.tobytes() for row in found}) > 5


def test_a_start_of_another_scenario_is_refused() -> None:
    start = checkpoint(World(busy_world(), collect=False))
    with pytest.raises(ValueError, match="the start is of 8 clients and 2 rivals, the scenario has 1 and 2"):
        ensemble(world_of({"A": client()}), 1, start=start)
    late = World(world_of({"A": client()}, months=24), collect=False)
    late.run()
    with pytest.raises(ValueError, match="the start is at month 24, the scenario has 12 months"):
        ensemble(world_of({"A": client()}), 1, start=checkpoint(late))
    fallen = World(
        world_of({"A": client()}, {"fall": event("regime_loss", "2020-01", "A", successor={})}), collect=False
    )
    fallen.step()
    with pytest.raises(ValueError, match="the start knows a regime that the scenario does not"):
        ensemble(world_of({"A": client()}), 1, start=checkpoint(fallen))


def narrower(rows: Any) -> Any:
    """Return records as an older version would have kept them: one field of half the width."""
    fields = [(name, "f4" if name == "anchor" else rows.dtype[name]) for name in rows.dtype.names]
    return rows.astype(fields)


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("ties", lambda rows: rows.astype("f4")),
        ("ties", lambda rows: rows[:1, :, :1].copy()),
        ("ties", lambda rows: rows[:, 0].copy()),
        ("ties", np.asfortranarray),
        ("first_attraction", lambda rows: rows.astype("f4")),
        ("patron", lambda rows: rows[:0]),
        ("clients", narrower),
    ],
)
def test_a_start_of_another_type_or_shape_is_refused_and_not_read_as_something_else(
    name: str, spoilt: Callable[[Any], Any]
) -> None:
    start = checkpoint(World(busy_world(), collect=False))
    wrong = replace(start, **{name: spoilt(getattr(start, name))})
    with pytest.raises(ValueError, match=rf"the start's {name} are .*, expected .*take the checkpoint"):
        ensemble(busy_world(), 1, start=wrong)


@pytest.mark.parametrize("field", ["outlook", "unanswered_cause", "covert_rival"])
def test_a_start_with_a_place_before_the_first_is_refused(field: str) -> None:
    start = checkpoint(World(busy_world(), collect=False))
    clients = start.clients.copy()
    clients[field] = -(10**9)
    with pytest.raises(ValueError, match="the start knows .* that the scenario does not"):
        ensemble(busy_world(), 1, start=replace(start, clients=clients))


# Threads, chunks and numbers of runs


@pytest.mark.parametrize("scenario", [busy_world(), generated_network(9, months=10)], ids=["generative", "replay"])
def test_threads_and_chunks_change_nothing(scenario: Scenario) -> None:
    whole = ensemble(scenario, 40, keep=ALL, threads=1, chunk=40)
    for threads, chunk in ((1, 1), (2, 7), (3, 1), (5, 13), (2, 1000)):
        assert same(whole, ensemble(scenario, 40, keep=ALL, threads=threads, chunk=chunk))


def test_the_first_run_shifts_the_numbers() -> None:
    whole = ensemble(busy_world(), 20, keep=("paths", "bands"))
    parts = [
        ensemble(busy_world(), count, keep=("paths", "bands"), first_run=first) for first, count in ((0, 7), (7, 13))
    ]
    for name in PATHS:
        assert np.array_equal(whole.path(name), np.concatenate([part.path(name) for part in parts]))
    for name in ("counts", "bins", "sums", "patron_bins", "patron_sums"):
        assert np.array_equal(getattr(whole.kept, name), sum(getattr(part.kept, name) for part in parts))


def test_the_last_numbers_of_runs_work() -> None:
    last = ensemble(busy_world(), 2, keep="postures", first_run=2**32 - 2)
    assert_same_path_of_postures(last, 2**32 - 1)


def assert_same_path_of_postures(found: Ensemble, run: int) -> None:
    trace = traced(found.scenario, 1, run)
    assert np.array_equal(np.array(trace.paths["postures"]), found.path("postures")[-1])


def test_drawn_figures_do_not_hang_on_threads_or_chunks() -> None:
    scenario = changed(busy_world(), forgetting={"uniform": [0.95, 0.99]})
    assert same(ensemble(scenario, 9, keep=ALL, threads=1), ensemble(scenario, 9, keep=ALL, threads=3, chunk=2))


# Tables


def test_shares_count_the_paths() -> None:
    found = ensemble(busy_world(), 50, keep="paths")
    shares, postures = found.posture_shares, found.path("postures")
    assert list(shares.columns) == ["month", "client", *POSTURES]
    assert len(shares) == 84 * 8
    here = shares.set_index(["month", "client"])
    for name, index in (("Guarded", 0), ("Gone", 5)):
        expected = [(postures[:, 83, index] == rung).mean() for rung in range(5)]
        assert line(here, ("2026-12", name)).tolist() == pytest.approx(expected, abs=1e-12)
    assert line(here, ("2021-12", "Late")).tolist() == [0.0] * 5
    assert line(here, ("2022-01", "Late")).sum() == pytest.approx(1.0)


def test_bands_hold_the_mean_and_the_quantiles_of_the_paths() -> None:
    found = ensemble(busy_world(), 300, keep=("bands", "paths"))
    beliefs = found.path("beliefs")
    protection = (beliefs[..., 0] / (beliefs[..., 0] + beliefs[..., 1])) * (
        beliefs[..., 2] / (beliefs[..., 2] + beliefs[..., 3])
    )
    bands = found.bands.set_index(["month", "client"])
    for month in (0, 40, 83):
        for index, name in ((0, "Guarded"), (3, "Lesser")):
            row, values = line(bands, (found.months[month], name)), protection[:, month, index]
            assert row["mean"] == pytest.approx(values.mean(), abs=1e-11)
            for column, share in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
                exact = np.quantile(values, share, method="inverted_cdf")
                assert row[column] == pytest.approx(exact, abs=1 / 512)
    patron = found.patron_bands.set_index(["month", "measure"])
    for place, measure in enumerate(PATRON_MEASURES):
        values = found.path("patron")[:, 83, place]
        assert patron.loc[("2026-12", measure), "mean"] == pytest.approx(values.mean(), abs=1e-11)
    assert np.isnan(cell(bands, ("2020-01", "Late"), "mean"))


def test_what_was_not_kept_is_asked_for_by_name() -> None:
    found = ensemble(busy_world(), 2, keep="postures")
    assert found.path("postures").shape == (2, 84, 8)
    with pytest.raises(ValueError, match='bands were not kept: ask for them with keep="bands"'):
        _ = found.bands
    with pytest.raises(ValueError, match='the ledger was not kept: ask for it with keep="ledger"'):
        found.why("Guarded")
    with pytest.raises(ValueError, match="paths were not kept"):
        found.path("offers")
    with pytest.raises(ValueError, match="no path 'beleifs' .did you mean 'beliefs'"):
        found.path("beleifs")


def test_memory_of_what_is_counted_does_not_grow_with_the_runs() -> None:
    few, many = (ensemble(busy_world(), runs, keep=("bands", "ledger")) for runs in (1, 500))
    assert [part.nbytes for part in few.kept] == [part.nbytes for part in many.kept]


# Bad arguments


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": 0}, "runs: expected a whole number from 1 to 4294967296, got 0"),
        ({"runs": -5}, "runs: expected"),
        ({"runs": 1e3}, "runs: expected a whole number, got 1000.0"),
        ({"runs": 2**32 + 1}, "runs: expected"),
        ({"first_run": 2**32 - 3, "runs": 4}, "first_run: expected a whole number from 0 to 4294967292"),
        ({"first_run": -1}, "first_run: expected"),
        ({"seed": -1}, "seed: expected a whole number from 0 to 9223372036854775807, got -1"),
        ({"seed": 2**63}, "seed: expected"),
        ({"seed": None}, "seed: expected a whole number, got None"),
        ({"threads": 0}, "threads: expected a whole number from 1"),
        ({"chunk": 0}, "chunk: expected"),
        ({"keep": "band"}, "keep: expected one or several of shares, bands, ledger, paths, postures.* got 'band'"),
        ({"keep": ("bands", "offer")}, "got 'offer'"),
    ],
)
def test_bad_arguments_are_refused_in_a_plain_sentence(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ensemble(busy_world(), **options)


def test_numpy_numbers_are_numbers() -> None:
    found = ensemble(busy_world(), np.int32(3), np.int64(1), threads=np.int8(1))  # type: ignore[arg-type]
    assert same(found, ensemble(busy_world(), 3))


@pytest.mark.parametrize(
    ("book", "message"),
    [
        (Decisions({(0, 0, Decision.POSTURE): 5}), "decision posture about client 0 in month 0: expected -1"),
        (Decisions({(0, 0, Decision.COVERT): 3}), r"expected -1 \(free\) or 0 to 2, got 3"),
        (Decisions({(0, 8, Decision.ASK): 1}), "there are 8 clients"),
        (Decisions({(-1, 0, Decision.ASK): 1}), "there are 84 months"),
        (Decisions({(84, 0, Decision.ASK): 1}), "there are 84 months"),
        (
            Decisions(offers={(0, 0, 2, Offer.RAISE): 1}),
            "decision raise of rival 2 to client 0 in month 0: there are 2",
        ),
        (Decisions(offers={(0, 0, 0, Offer.WITHDRAW): 2}), r"expected -1 \(free\), 0 or 1, got 2"),
        (Decisions(attention={(0, 0): -0.5}), "attention to client 0 in month 0: expected a number of at least 0"),
        (Decisions(attention={(0, 0): float("nan")}), "expected a number of at least 0, got nan"),
    ],
)
def test_both_engines_refuse_a_decision_that_the_scenario_does_not_know(book: Decisions, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ensemble(busy_world(), 1, decisions=book)
    with pytest.raises(ValueError, match=message):
        World(busy_world(), decisions=book)


# Progress and interruptions


def test_progress_counts_up_to_all_runs() -> None:
    seen: list[tuple[int, int]] = []
    ensemble(busy_world(), 50, chunk=7, threads=2, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (50, 50)
    assert {total for _, total in seen} == {50}


@pytest.mark.parametrize("kind", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_stops_the_threads_and_is_raised(kind: type[BaseException]) -> None:
    calls = 0
    before = {thread for thread in threading.enumerate() if thread.is_alive()}

    def interrupt(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        assert done < total
        raise kind

    with pytest.raises(kind):
        ensemble(shipped("partners_2020"), 1_000_000, chunk=4, threads=2, progress=interrupt)
    assert calls == 1
    # Another test's thread may end meanwhile; none may have been added.
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before
    assert same(ensemble(busy_world(), 3), ensemble(busy_world(), 3)), "and the next run is none the worse"
