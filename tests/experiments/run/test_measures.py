"""Measures against the trajectories of the reference model, and the contract that every kind holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from papertiger import scenarios
from papertiger.experiments.design.study import Study
from papertiger.experiments.measures import Measure, base, kinds, measure, measure_class
from papertiger.experiments.run.results import Results
from papertiger.experiments.run.worker import Simulator
from papertiger.model.agents.simulate import simulate
from papertiger.model.run import Run
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import POSTURES
from tests.experiments.run.small import HEAD, run, write
from tests.tables import rows_of

RUNS = 12
SPAN = {"span.end": "2024-12"}
CLIENTS = ("Armenia", "Kazakhstan", "Syria")
FULL = """\
title: A test
question: Does it work?
description: Measures of the base network
replicates: 12
scenarios: [partners_2020]
settings: {span.end: 2024-12, contagion: 1.5}
measures:
"""
ENTRIES = {
    "posture": "{kind: posture, client: CLIENT, at: 2023-06}",
    "gone": "{kind: defected, client: CLIENT, at: 2024-12}",
    "gone_any": "{kind: defected, client: CLIENT, regime_loss: counted}",
    "hedges": "{kind: time_to, client: CLIENT, posture: hedging}",
    "leaves": "{kind: time_to, client: CLIENT, posture: suspended}",
    "leaves_any": "{kind: time_to, client: CLIENT, posture: suspended, regime_loss: counted}",
    "goes_to": "{kind: destination, client: CLIENT}",
    "capability": "{kind: capability, client: CLIENT, at: 2022-02}",
    "resolve": "{kind: resolve, client: CLIENT, at: 2022-02}",
    "protection": "{kind: protection, client: CLIENT}",
    "arms": "{kind: tie, client: CLIENT, at: 2022-02}",
    "economy": "{kind: tie, client: CLIENT, of: economy}",
}
WHOLE = {
    "share": "{kind: share_defected, regime_loss: counted}",
    "own_share": "{kind: share_defected}",
    "changes": "{kind: change_rate}",
    "credibility": "{kind: patron, measure: credibility, at: 2024-01}",
    "budget": "{kind: patron, measure: budget}",
    "burden": "{kind: patron, measure: burden, at: 2022-05}",
    "assets": "{kind: patron, measure: lost_assets}",
    "cascade": "{kind: cascade, event: [syria_2024_12_regime_falls, syria_2024_12_limited_support]}",
    "part": "{kind: ledger, client: Armenia, cause: armenia_2020_07_tavush_words, belief: resolve}",
    "own": "{kind: ledger, client: Armenia, channel: own, at: 2023-01}",
    "all": "{kind: ledger, client: Syria}",
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    lines = [f"  {name}: {entry}" for name, entry in WHOLE.items()]
    for client in CLIENTS:
        lines += [f"  {name}.{client}: {entry.replace('CLIENT', client)}" for name, entry in ENTRIES.items()]
    return run(tmp_path_factory.mktemp("measures"), FULL + "\n".join(lines) + "\n").frame()


@pytest.fixture(scope="module")
def world() -> Scenario:
    return scenarios.load("partners_2020", {**SPAN, "contagion": 1.5})


@pytest.fixture(scope="module")
def runs(world: Scenario) -> list[Run]:
    return [simulate(world, 1, number) for number in range(RUNS)]


def of(run: Run, client: str) -> pd.DataFrame:
    return run.clients[run.clients["client"] == client].reset_index(drop=True)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_is_measured_as_the_reference_model_tells(rows: pd.DataFrame, runs: list[Run], client: str) -> None:
    for number, made in enumerate(runs):
        row = rows.iloc[number]
        table = of(made, client)
        by_month = table.set_index("month")
        assert row["error"] == ""
        assert row[f"posture.{client}"] == by_month.loc["2023-06", "posture"]
        last = table.iloc[-1]
        gone = last["posture"] >= 3
        assert row[f"gone.{client}"] == float(gone and last["regime"] == 0)
        assert row[f"gone_any.{client}"] == float(gone)
        assert row[f"goes_to.{client}"] == last["destination"]
        assert row[f"capability.{client}"] == by_month.loc["2022-02", "capability"]
        assert row[f"resolve.{client}"] == by_month.loc["2022-02", "resolve"]
        assert row[f"protection.{client}"] == last["protection"]
        assert row[f"arms.{client}"] == by_month.loc["2022-02", "arms_tie"]
        assert row[f"economy.{client}"] == last["economy_tie"]


def time_to(table: pd.DataFrame, rung: int, counted: bool) -> tuple[float, int]:
    for index, line in enumerate(rows_of(table)):
        if not counted and line.regime != 0:
            return max(index, 1), 0
        if line.posture >= rung:
            return index + 1, 1
    return len(table), 0


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("name", "posture", "counted"),
    [("hedges", "hedging", False), ("leaves", "suspended", False), ("leaves_any", "suspended", True)],
)
def test_times_are_censored_at_the_horizon_and_at_a_regime_loss(
    rows: pd.DataFrame, runs: list[Run], client: str, name: str, posture: str, counted: bool
) -> None:
    for number, made in enumerate(runs):
        row = rows.iloc[number]
        expected = time_to(of(made, client), POSTURES.index(posture), counted)
        assert (row[f"{name}.{client}"], row[f"{name}.{client}:event"]) == expected


def test_the_network_and_the_patron_are_measured_as_the_reference_model_tells(
    rows: pd.DataFrame, runs: list[Run]
) -> None:
    for number, made in enumerate(runs):
        row, patron = rows.iloc[number], made.patron.set_index("month")
        assert row["credibility"] == patron.loc["2024-01", "credibility"]
        assert row["budget"] == patron["budget"].iloc[-1]
        assert row["burden"] == patron.loc["2022-05", "burden"]
        assert row["assets"] == patron["lost_assets"].iloc[-1]
        assert row["share"] == patron["defected_share"].iloc[-1]
        last = made.clients[(made.clients["month"] == "2024-12") & made.clients["in_network"]]
        assert row["own_share"] == ((last["posture"] >= 3) & (last["regime"] == 0)).sum() / len(last)


def test_changes_are_counted_per_client_and_half_year(rows: pd.DataFrame, runs: list[Run], world: Scenario) -> None:
    for number, made in enumerate(runs):
        changes = months = 0
        for name, client in world.clients.items():
            before, regime = POSTURES.index(client.posture), 0
            for line in rows_of(of(made, name)):
                months += line.in_network
                changes += line.in_network and line.posture != before and line.regime == regime
                before, regime = line.posture, line.regime
        assert rows.iloc[number]["changes"] == changes / (months / 6)


def test_a_cascade_is_the_difference_to_the_same_run_without_the_event(
    rows: pd.DataFrame, runs: list[Run], world: Scenario
) -> None:
    events = ("syria_2024_12_regime_falls", "syria_2024_12_limited_support")
    kept = {name: event for name, event in world.events.items() if name not in events}
    twin = world.model_copy(update={"events": kept})

    def others(run: Run) -> int:
        last = run.clients[(run.clients["month"] == "2024-12") & (run.clients["client"] != "Syria")]
        return int((last["in_network"] & (last["posture"] >= 3) & (last["regime"] == 0)).sum())

    for number, made in enumerate(runs):
        assert rows.iloc[number]["cascade"] == others(made) - others(simulate(twin, 1, number))


def test_parts_of_the_ledger_are_those_of_why(rows: pd.DataFrame, runs: list[Run]) -> None:
    for number, made in enumerate(runs):
        row = rows.iloc[number]
        why = made.why("Armenia")
        cause = "armenia_2020_07_tavush_words"
        mine = why[why["cause"].isin([cause, f"no response to {cause}"])]
        assert row["part"] == pytest.approx(mine["resolve"].sum(), abs=1e-15)
        early = made.why("Armenia", end="2023-01")
        assert row["own"] == pytest.approx(early.loc[early["channel"] == "own", "protection"].sum(), abs=1e-15)
        assert row["all"] == pytest.approx(made.why("Syria")["protection"].sum(), abs=1e-14)


EXAMPLES: dict[str, dict[str, Any]] = {
    "beliefs": {},
    "capability": {"client": "Alfa"},
    "cascade": {"event": "raid"},
    "change_rate": {},
    "defected": {"client": "Alfa"},
    "destination": {"client": "Alfa"},
    "first_move": {"client": "Alfa"},
    "ledger": {"client": "Alfa"},
    "patron": {"measure": "budget"},
    "posture": {"client": "Alfa"},
    "protection": {"client": "Alfa"},
    "resolve": {"client": "Alfa"},
    "share_defected": {},
    "tie": {"client": "Alfa", "of": "economy"},
    "time_to": {"client": "Alfa"},
}


@pytest.mark.parametrize("kind", kinds())
class TestContract:
    """What holds for every kind of measure; one registered from elsewhere is to be held against it as well."""

    def made(self, kind: str) -> Measure:
        cls = measure_class(kind)
        assert cls is not None
        return cls.model_validate({"kind": kind, **EXAMPLES[kind]})

    def test_it_is_frozen_and_refuses_keys_nobody_defined(self, kind: str) -> None:
        made = self.made(kind)
        with pytest.raises(ValidationError):
            type(made).model_validate({**EXAMPLES[kind], "colour": 1})
        with pytest.raises(ValidationError):
            setattr(made, "kind", "other")  # noqa: B010 - a checker refuses the plain form, as it should

    def test_it_survives_being_written_down(self, kind: str) -> None:
        made = self.made(kind)
        assert type(made).model_validate(made.model_dump(mode="json")) == made

    def test_its_columns_bear_its_name_and_it_fills_them(self, kind: str, tmp_path: Path) -> None:
        made = self.made(kind)
        assert next(iter(made.columns("m"))) == "m"
        entry = ", ".join(f"{key}: {value}" for key, value in {"kind": kind, **EXAMPLES[kind]}.items())
        table = run(tmp_path, HEAD + f"measures:\n  m: {{{entry}}}\n").frame()
        assert set(made.columns("m")) <= set(table.columns)
        assert (table["error"] == "").all()
        assert not table[list(made.columns("m"))].isna().any().any()

    def test_it_says_what_a_scenario_lacks(self, kind: str, tmp_path: Path) -> None:
        write(tmp_path)
        made, world = self.made(kind), scenarios.load(tmp_path / "world.yaml")
        assert list(made.faults(world)) == []
        if "client" in EXAMPLES[kind]:
            other = type(made).model_validate({**EXAMPLES[kind], "client": "Nobody"})
            assert [fault.key for fault in other.faults(world)] == ["client"]


@pytest.fixture
def worst() -> Iterator[None]:
    @measure("worst_protection")
    class Worst(Measure):
        """The lowest protection that a client ever believed in."""

        needs: ClassVar[tuple[str, ...]] = ("beliefs",)
        client: base.ClientName

        def compute(self, name: str, batch: Any) -> dict[str, Any]:
            return {name: batch.protection(self.client).min(axis=1)}

    yield
    del base._KINDS["worst_protection"]


@pytest.mark.usefixtures("worst")
def test_a_modeler_registers_a_measure(tmp_path: Path) -> None:
    text = (
        HEAD + "measures:\n  low: {kind: worst_protection, client: Alfa}\n  last: {kind: protection, client: Alfa}\n"
    )
    results: Results = run(tmp_path, text)
    table = results.frame()
    assert (table["low"] <= table["last"]).all()
    world = results.worlds["world"]
    first = of(simulate(world, 1, 0), "Alfa")["protection"].min()
    assert table.loc[0, "low"] == first


def test_a_name_is_given_to_one_kind_only() -> None:
    with pytest.raises(ValueError, match="'posture' is already that of"):

        @measure("posture")
        class Other(Measure):
            """Another one."""

            def compute(self, name: str, batch: Any) -> dict[str, Any]:
                return {name: np.zeros(batch.runs)}


def test_a_generative_sweep_with_drawn_figures_is_measured_run_by_run(tmp_path: Path) -> None:
    from papertiger.experiments.design.loader import load_study
    from papertiger.experiments.design.sampling import design_points
    from papertiger.experiments.run.chunks import Chunk
    from papertiger.experiments.run.worker import Task

    text = (
        HEAD.replace("[world, calm]", "[world]")
        + "settings: {forgetting: {uniform: [0.5, 0.99]}, mode: generative}\n"
        + "measures:\n  belief: {kind: protection, client: Alfa}\n"
    )
    study: Study = load_study(write(tmp_path, text))
    table = Simulator(Task.of(study, design_points(study), "x")).table(Chunk(0, "world", 0, 1, 0, 4)).to_pandas()
    expected = [of(simulate(study.worlds["world"], 1, number), "Alfa")["protection"].iloc[-1] for number in range(4)]
    assert list(table["belief"]) == expected
    assert len(set(expected)) == 4
