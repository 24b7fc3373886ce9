"""The page about the model says what the code does, of all of it, and its tables are fresh."""

import re
from dataclasses import fields

import pytest

from papertiger.experiments.inertness.plan import load_plan
from papertiger.model import randomness
from papertiger.model.rules.rules import Rules
from papertiger.scenarios.schema.events import RESERVED_SIGNALS, STRUCTURAL_KINDS
from papertiger.scenarios.schema.parameters import Parameters
from papertiger.scenarios.schema.values import POSTURES
from tests.docs.pages import ROOT, by_hand, script, text_of

PAGE = "docs/model.md"

CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)
ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialisation",
    "Input data",
    "Submodels",
)
TERMS = (
    "c τπ",
    "c b_E D",
    "(1 − c) V",
    "b_A c²",
    "b_θ θ (1 − c)",
    "(1 − c)² F",
    "b_S ψ O* c",
    "b_N s̄ (1 − c)",
    "κ, κ_x",
    "a₀",
)


def test_tables_are_fresh() -> None:
    page = text_of(PAGE)
    assert script("make_tables").render(page) == page, "run uv run python docs/make_tables.py"


def test_tables_hold_every_parameter_and_signal() -> None:
    make_tables = script("make_tables")
    assert [name for _, names in make_tables.groups() for name in names] == list(Parameters.model_fields)
    assert all(f"| `{name}` |" in make_tables.signals() for name in RESERVED_SIGNALS)


@pytest.mark.parametrize("name", Parameters.model_fields)
def test_every_parameter_is_explained_beside_its_table(name: str) -> None:
    assert re.search(rf"\b{name}\b", by_hand(PAGE)), f"{name} is only in the table"


def test_every_parameter_has_a_reason_and_a_range_or_is_fixed_because_nothing_hangs_on_it() -> None:
    table = script("make_tables").parameters()
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    assert len(rows) == len(Parameters.model_fields)
    assert all(len(row[-1].strip(" |")) > 20 for row in rows)
    fixed = {row[0].strip("| `") for row in rows if row[3] == "fixed"}
    assert {f"parameters.{name}" for name in fixed} == {
        path for path in load_plan().fixed if path.startswith("parameters.")
    }


@pytest.mark.parametrize("rule", [field.name for field in fields(Rules)])
def test_every_rule_is_named(rule: str) -> None:
    assert re.search(rf"[\[`(, ]{rule}[\]`,]", by_hand(PAGE)), f"the rule {rule} is not described"


@pytest.mark.parametrize("term", TERMS)
def test_every_term_of_the_utility_has_a_row(term: str) -> None:
    assert f"| {term} |" in by_hand(PAGE)


@pytest.mark.parametrize("word", [*POSTURES, *STRUCTURAL_KINDS])
def test_every_posture_and_kind_of_event_is_named(word: str) -> None:
    assert f"`{word}`" in by_hand(PAGE)


def test_every_purpose_of_a_draw_is_named() -> None:
    skipped = {"MASK32", "MULTIPLIER_0", "MULTIPLIER_1", "WEYL_0", "WEYL_1", "ROUNDS", "MAX_SEED", "MAX_RUN"}
    purposes = [name for name in vars(randomness) if name.isupper() and name not in skipped]
    assert len(purposes) >= 24
    assert [name for name in purposes if f"`{name}`" not in by_hand(PAGE)] == []


def test_the_page_has_the_parts_of_the_protocol() -> None:
    page = text_of(PAGE)
    assert all(re.search(rf"^## \d+ {part}$", page, re.MULTILINE) for part in ELEMENTS)
    assert all(f"**{concept}.**" in page for concept in CONCEPTS)


def test_the_reference_lists_every_module_of_rules() -> None:
    modules = [file.stem for file in (ROOT / "model" / "rules").glob("*.py") if file.stem != "__init__"]
    module = re.compile(r"^\.\. automodule:: papertiger\.model\.rules\.(\w+)$", re.MULTILINE)
    listed = module.findall(text_of("docs/api/rules.md"))
    assert listed == sorted(modules)
