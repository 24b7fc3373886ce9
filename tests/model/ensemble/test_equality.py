"""Both engines are one model: the same numbers to the last bit, in every month, and the same ledger."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertiger import scenarios
from papertiger.model.decisions import Decision, Decisions, Offer
from papertiger.model.ensemble import kernel
from papertiger.model.ensemble.batches import key_of, make_fixed, make_kept, make_moving
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.kernel import Batch
from papertiger.scenarios import Scenario
from tests.model.busy import busy_world
from tests.model.ensemble.agreement import PATHS, assert_engines_agree
from tests.model.ensemble.worlds import made_up_decisions, made_up_worlds
from tests.model.networks import generated_network
from tests.model.worlds import changed, client, finished, shipped, with_events, world_of

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

seeds = st.one_of(st.sampled_from((0, 1, 2**63 - 1)), st.integers(0, 2**63 - 1))
SMALL = settings(settings.get_profile("ensemble"), max_examples=40)
FEWER = settings(settings.get_profile("ensemble"), max_examples=20)
LARGE = settings(settings.get_profile("ensemble"), max_examples=300)


@SMALL
@given(made_up_worlds(), seeds)
def test_the_engines_agree_on_made_up_worlds(scenario: Scenario, seed: int) -> None:
    assert_engines_agree(scenario, seed=seed)


@pytest.mark.slow
@LARGE
@given(made_up_worlds(), seeds, st.integers(0, 2**32 - 2))
def test_the_engines_agree_on_many_made_up_worlds(scenario: Scenario, seed: int, run: int) -> None:
    assert_engines_agree(scenario, seed=seed, runs=(run, run + 1))


@FEWER
@given(made_up_worlds(), seeds, st.integers(0, 2**32))
def test_the_engines_agree_on_made_up_decisions(scenario: Scenario, seed: int, luck: int) -> None:
    assert_engines_agree(scenario, seed=seed, runs=(0,), decisions=made_up_decisions(scenario, luck))


@pytest.mark.slow
@LARGE
@given(made_up_worlds(), seeds, st.integers(0, 2**32))
def test_the_engines_agree_on_many_made_up_decisions(scenario: Scenario, seed: int, luck: int) -> None:
    assert_engines_agree(scenario, seed=seed, runs=(0,), decisions=made_up_decisions(scenario, luck))


@pytest.mark.parametrize("name", scenarios.names())
def test_the_engines_agree_on_every_shipped_scenario(name: str) -> None:
    assert_engines_agree(shipped(name), seed=11, runs=(3,))


@pytest.mark.slow
@pytest.mark.parametrize("name", scenarios.names())
def test_the_engines_agree_on_many_runs_of_every_shipped_scenario(name: str) -> None:
    assert_engines_agree(shipped(name), seed=12, runs=(0, 1, 2, 17))


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_two_hundred_clients_agree(mode: str) -> None:
    assert_engines_agree(generated_network(200, months=8, mode=mode), runs=(0,))


def test_a_busy_world_agrees_with_every_decision_and_offer_given() -> None:
    book = made_up_decisions(busy_world(), 5)
    assert {decision for _, _, decision in book.decisions} == set(Decision)
    assert {offer for _, _, _, offer in book.offers} == set(Offer)
    assert book.attention
    assert_engines_agree(busy_world(), decisions=book)


@pytest.mark.parametrize("decision", list(Decision), ids=lambda decision: str(decision.name))
def test_each_kind_of_decision_is_obeyed_alike_and_matters(decision: Decision) -> None:
    values = range(5 if decision == Decision.POSTURE else 3 if decision in (Decision.COVERT, Decision.SUPPORT) else 2)
    months, clients = range(0, 84, 2), range(8)
    found = []
    for value in values:
        book = Decisions({(month, index, decision): value for month in months for index in clients})
        assert_engines_agree(busy_world(), runs=(0,), decisions=book)
        made = ensemble(busy_world(), 1, keep=("beliefs", "levels"), decisions=book)
        found.append(made.path("beliefs").tobytes() + made.path("levels").tobytes())
    assert len(set(found)) > 1


@pytest.mark.parametrize("offer", list(Offer), ids=lambda offer: str(offer.name))
def test_each_kind_of_offer_is_obeyed_alike_and_matters(offer: Offer) -> None:
    found = []
    for value in (0, 1):
        offers = {(month, index, 0, offer): value for month in range(84) for index in range(8)}
        assert_engines_agree(busy_world(), runs=(0,), decisions=Decisions(offers=offers))
        found.append(ensemble(busy_world(), 1, keep="offers", decisions=Decisions(offers=offers)).path("offers"))
    assert not np.array_equal(found[0], found[1])


@pytest.mark.parametrize(
    "scenario",
    [
        world_of({"A": client(options={})}, rivals={}, patron={"name": "Protector"}),
        world_of({"A": client(options={})}, rivals={}, patron={"name": "Protector"}, mode="generative"),
        world_of({"A": client(), "B": client()}, patron={"name": "Protector", "assets": {}}, mode="generative"),
        world_of({"A": client()}, months=1),
        world_of({"A": client(enters="2020-06"), "B": client(enters="2030-01")}, mode="generative"),
    ],
    ids=["one client, no rival, no asset", "the same, generative", "no assets", "one month", "late clients"],
)
def test_the_smallest_worlds_agree(scenario: Scenario) -> None:
    assert_engines_agree(scenario)


def test_figures_that_are_drawn_agree() -> None:
    scenario = changed(
        busy_world(),
        parameters__forgetting={"normal": [0.98, 0.05]},
        parameters__bad_news_weight={"lognormal": [50.0, 2.0]},
        parameters__choice_noise={"loguniform": [0.01, 0.1]},
        parameters__response_base={"normal": [0.0, 1.0]},
        clients__Guarded__threat={"beta": [2, 2]},
        events__fall__successor__continuity={"uniform": [0.0, 1.0]},
    )
    assert_engines_agree(scenario, runs=(0, 1, 2))
    beliefs = ensemble(scenario, 3, keep="beliefs").path("beliefs")
    assert not np.array_equal(beliefs[0, 0], beliefs[1, 0])


def test_numbers_of_a_design_point_take_the_place_of_the_files() -> None:
    values = {"parameters.forgetting": 0.9, "clients.Guarded.threat": 0.1}
    given_values = ensemble(busy_world(), 2, keep="paths", values=values)
    overridden = ensemble(busy_world(), 2, keep="paths", overrides=values)
    for name in PATHS:
        assert np.array_equal(given_values.path(name), overridden.path(name))


def test_extreme_numbers_run_in_both_engines() -> None:
    scenario = changed(
        busy_world(), attention_focus=100, war_attention=100, evidence_scale=0, choice_noise=1e-300, forgetting=0
    )
    assert_engines_agree(scenario)
    assert_engines_agree(changed(scenario, income__elasticity=100, income__noise=100))


def test_a_dated_attack_without_an_answer_agrees_across_generative_months() -> None:
    raid = {
        "raid": {
            "kind": "attack",
            "date": "2020-03",
            "client": "A",
            "what": "raid",
            "adversary": "Foe",
            "always": True,
        }
    }
    for start in ("2020-03", "2020-04", "2020-05"):
        scenario = world_of({"A": client(), "B": client()}, generative_from=start)
        assert_engines_agree(with_events(scenario, raid))


def plain_paths(scenario: Scenario, runs: int, **options: Any) -> dict[str, Any]:
    """Run the kernel as the plain Python that it is."""
    job = ensemble(scenario, 1, **options).plan.job
    kept = make_kept(job.tables, {*PATHS, "bands", "ledger"}, runs)
    setting = job.tables.setting
    # As the agents see them: records that give their fields by name.
    fixed = make_fixed(job.tables, job.decisions)
    fixed = fixed._replace(**{name: getattr(fixed, name).view(np.recarray) for name in fixed._fields})
    moving = make_moving(job.tables, accounts=True)
    moving = moving._replace(**{name: getattr(moving, name).view(np.recarray) for name in moving._fields})
    batch = Batch(0, len(setting.months), 0, runs)
    with np.errstate(over="ignore"):  # products of the generator wrap around, as they do in compiled code
        kernel.run_months(fixed, moving, kept, key_of(setting, 0), job.start.state, batch)
    return kept._asdict()


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_the_kernel_gives_the_same_as_plain_python(mode: str) -> None:
    scenario = generated_network(6, months=14, mode=mode)
    plain = plain_paths(scenario, 3, seed=4)
    compiled = ensemble(scenario, 3, seed=4, keep=("paths", "bands", "ledger"), threads=1).kept._asdict()
    for name, values in compiled.items():
        assert np.array_equal(values, plain[name]), name


@FEWER
@given(made_up_worlds())
def test_plain_and_compiled_kernel_agree_on_made_up_worlds(scenario: Scenario) -> None:
    plain = plain_paths(scenario, 1)
    compiled = ensemble(scenario, 1, keep=("paths", "bands", "ledger"), threads=1).kept._asdict()
    for name, values in compiled.items():
        assert np.array_equal(values, plain[name]), name


def test_the_engines_agree_on_attacks_of_which_some_come_from_the_air() -> None:
    world = changed(busy_world(), **{f"clients.{name}.air_attacks": 0.5 for name in ("Guarded", "Lesser")})
    assert_engines_agree(world, seed=5)


def test_only_an_attack_from_the_air_tests_the_air_defence() -> None:
    def tests_of(world: Scenario) -> int:
        tests = ("air_defence_held", "air_defence_failed")
        return sum(any(one in row for one in tests) for row in finished(world, seed=5).record.signals)

    guarded = ("Guarded", "Lesser")
    none = changed(busy_world(), **{f"clients.{name}.air_attacks": 0.0 for name in guarded})
    some = changed(busy_world(), **{f"clients.{name}.air_attacks": 0.5 for name in guarded})
    assert tests_of(none) == 0 < tests_of(some) < tests_of(busy_world())
