"""What the page is given: worlds with their figures, small enough for one file."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from papertiger.experiments.lab import words
from papertiger.experiments.lab.figures import FIRST, movable_figures
from papertiger.experiments.lab.payload import NotInTheLabError, patch, payload, world_of
from papertiger.model.template import Template
from papertiger.scenarios import change, load
from papertiger.scenarios.schema.figures import Distribution, Figure
from papertiger.scenarios.schema.parameters import Parameters
from papertiger.scenarios.schema.values import LANGUAGES
from tests.experiments.lab.conftest import WORLDS
from tests.experiments.lab.pages import Engine, world

pytestmark = pytest.mark.xdist_group("lab")  # the kernel is linked once

MAX_BYTES = 60_000
"""Of the base network with four twins; the page may have 250 kB, and the kernel takes a quarter of it."""


def patched(old: dict[str, Any], change: dict[str, Any]) -> Any:
    """Return what a patch makes of a mapping, as the page does it."""
    if "=" in change:
        return change["="]
    stay = {key: patched(value, change[key]) if key in change else value for key, value in old.items()
            if change.get(key, "") is not None}  # fmt: skip
    return stay | {key: patched({}, value) for key, value in change.items() if key not in old and value is not None}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": 1, "b": {"c": 2, "d": [1, 2]}}, {"a": 1, "b": {"c": 3, "d": [1, 2]}}),
        ({"a": 1, "b": 2}, {"b": 2, "c": {"d": None}}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": {"x": 1}}, {"a": None}),
        ({"a": 1}, {"a": {"=": 2}}),
    ],
)
def test_a_patch_makes_one_mapping_of_another_in_its_order(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert json.dumps(patched(old, patch(old, new))) == json.dumps(new)


def test_twins_are_kept_as_what_differs_and_the_whole_is_small() -> None:
    names = ["partners_2020", "no_war_2022", "war_ends_2026", "war_escalates", "no_witness"]
    content = payload(names)
    assert len(content) < MAX_BYTES
    assert content == payload(names)
    worlds = json.loads(gzip.decompress(content))["worlds"]
    assert ["world" in one for one in worlds] == [True, False, False, False, False]


def test_several_patrons_are_refused() -> None:
    with pytest.raises(NotInTheLabError, match="middle_east_1970 has several patrons"):
        payload(["middle_east_1970"])


def test_figures_that_each_run_draws_are_refused() -> None:
    drawn = load("partners_2020")
    figure = Figure(prior=Distribution(uniform=(0.97, 0.99)))
    parameters = drawn.parameters.model_copy(update={"forgetting": figure})
    with pytest.raises(NotInTheLabError, match="draws 1 figures anew for each run"):
        world_of(drawn.model_copy(update={"parameters": parameters}))


def test_figures_come_with_range_reason_and_both_languages(engine: Engine) -> None:
    (worlds,) = engine([["worlds"]])
    assert [one["id"] for one in worlds] == WORLDS
    assert worlds[0]["twin"] == WORLDS[1]
    assert worlds[1]["twin"] == WORLDS[0]
    for described in worlds:
        scenario = load(described["id"])
        figures = {figure["key"]: figure for figure in described["figures"]}
        assert list(figures)[: len(FIRST)] == list(FIRST)
        assert set(figures) <= set(Template(scenario).figures)
        for key, figure in figures.items():
            assert figure["low"] <= figure["value"] <= figure["high"], key
            assert 0.0 < figure["step"] <= max(0.01, figure["high"] - figure["low"])
        assert all(set(figure["label"]) == set(LANGUAGES) for figure in figures.values())
        for key in FIRST:
            assert figures[key]["why"]
            assert figures[key]["unit"]
        events = {event["key"]: event for event in described["events"]}
        assert set(events) <= set(scenario.events)
        assert all(event["label"] == scenario.events[key].what for key, event in events.items())
        assert described["path"] in {path["key"] for path in described["paths"]}


def test_only_what_a_file_can_say_alone_can_be_moved() -> None:
    _, movable = world("partners_2020")
    assert not [one.key for one in movable if ".assets." in one.key]
    # Of a client whose course says what it is at its entry, the file's own number is nobody's.
    begun = change(load("southeast_asia_1962"), {"clients.Laos.course.threat": {"1962-01": 0.4}})
    keys = {one.key for one in movable_figures(begun, Template(begun))}
    assert "clients.Laos.value" in keys
    assert "clients.Laos.threat" not in keys


def test_every_parameter_has_a_name_in_both_languages() -> None:
    named = set(words.FIRST) | set(words.PARAMETERS)
    assert named == set(Parameters.model_fields)
    assert not set(words.FIRST) & set(words.PARAMETERS)
    every = [(said[0], said[1]) for said in (*words.FIRST.values(), *words.PARAMETERS.values())]
    for language in zip(*every, strict=True):
        assert len(set(language)) == len(every)


def test_figures_of_actors_are_called_by_what_they_are() -> None:
    told = {one.key: one.label for one in world("partners_2020")[1]}
    assert told["clients.Armenia.threat"] == {
        "en": "Armenia: threat from its adversary",
        "de": "Armenien: Bedrohung durch den Gegner",
    }
    assert told["clients.Armenia.options.US.economy"]["en"] == "Armenia: United States: trade offered"
    assert told["income.noise"]["de"] == "Zufall der Einnahmen"
