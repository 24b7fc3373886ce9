"""The rules of the panel: a modeler may change them, and mistakes are named by line and key."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.panel.rules import load_rules
from papertiger.scenarios.errors import ScenarioError

SHIPPED = (files("papertiger.scenarios.datasets.panel") / "panel.yaml").read_text(encoding="utf-8")


def _written(folder: Path, old: str, new: str) -> Path:
    assert old in SHIPPED
    path = folder / "mine.yaml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_rules_name_five_patrons_and_sixteen_treaties() -> None:
    rules = load_rules()
    assert sorted(rules.blocs) == [2, 200, 220, 365, 710]
    assert len(rules.pledges.dropped_numbers) == 16
    assert all(rules.pledges.dropped.values())


def test_a_later_region_counts() -> None:
    rules = load_rules()
    assert [rules.region_of(code) for code in (20, 365, 359, 700, 710)] == [
        "Americas", "Post-Soviet", "Post-Soviet", "Post-Soviet", "Asia-Pacific",
    ]  # fmt: skip


def test_a_changed_choice_is_read(tmp_path: Path) -> None:
    assert load_rules(_written(tmp_path, "years_after: 10", "years_after: 3")).clients.years_after == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("years_after: 10", "years_after: ten", "clients.years_after"),
        ("years_after: 10", "years_aftr: 10", "years_after"),
        ("kinds: [defense, consul]", "kinds: [defence, consul]", "defense"),
        ("  first: 1946", "  first: 2046", "expected a last year of at least 2046"),
        ("    2535: ", "    Anglo-Soviet: ", "ATOP's number"),
    ],
)
def test_a_mistake_is_named_by_line_and_key(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = _written(tmp_path, old, new)
    with pytest.raises(ScenarioError, match=says) as error:
        load_rules(path)
    assert str(error.value).startswith(f"{path}:")
