"""The shipped mappings: each is sound, and makes of its data set's sample what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios import load
from papertiger.scenarios.datasets.mappings.loader import MAPPINGS, load_mapping
from papertiger.scenarios.datasets.mappings.scenario import mapped_scenario
from tests.scenarios.datasets.samples import SAMPLES

REAL = {"Alfa": "Armenia", "Foeland": "Azerbaijan"}


@pytest.mark.parametrize("name", sorted(MAPPINGS.shipped))
def test_a_shipped_mapping_is_called_after_its_data_set_and_uses_signals_that_there_are(name: str) -> None:
    loaded = load_mapping(name)
    assert loaded.data_set.name == name
    scenario = load("partners_2020")
    kinds = {rule.kind for rule in loaded.mapping.rules.values()}
    assert kinds <= {"attack", "offer", *scenario.signals}
    assert all(len(rule.why) > 20 for rule in loaded.mapping.rules.values())


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("acled", {("attack", "2021-05-03", 1)}),
        ("ucdp_ged", {("attack", "2021-05-02", 1)}),
        ("gdelt", {("attack", "2021-05-03", 2), ("coercion", "2021-05-02", 2)}),
        ("polecat", {("attack", "2021-05-03", 2), ("coercion", "2021-05-05", 2)}),
    ],
)
def test_a_shipped_mapping_makes_a_scenario_that_reads(
    tmp_path: Path, name: str, events: set[tuple[str, str, float]]
) -> None:
    text = SAMPLES[name].text
    for made_up, actor in REAL.items():
        text = text.replace(made_up, actor)
    data = SAMPLES[name].write(tmp_path, text.encode())
    written = mapped_scenario(data, name, "partners_2020")
    path = tmp_path / "new.yaml"
    path.write_text(written.text, encoding="utf-8")
    scenario = load(path)
    added = {key: scenario.events[key] for key in written.mapped.events}
    assert {(one.kind, one.date, one.intensity.value) for one in added.values()} == events
    assert {one.client for one in added.values()} == {"Armenia"}
    for one in added.values():
        assert one.source is not None
        assert data.name in one.source


def test_the_shipped_mappings_are_those_of_the_event_data() -> None:
    assert sorted(MAPPINGS.shipped) == ["acled", "gdelt", "polecat", "ucdp_ged"]
