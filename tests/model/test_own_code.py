"""The fingerprint of a modeler's own code: another one wherever it does something else, the same one where not."""

from __future__ import annotations

import functools
import importlib
import linecache
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger.experiments.measures.defected import Defected
from papertiger.model.own_code import fingerprint, is_shipped
from papertiger.model.rules.choice import utility

HELPERS = """\
WEIGHT = 0.5
TABLE = {"a": [1.0, 2.0]}
def scaled(x):
    return WEIGHT * x
class Base:
    share = 0.25
    def of(self, x):
        return self.share * x
"""
OWN = """\
import functools
import math
import helpers_of_mine
from helpers_of_mine import Base, scaled
LIMIT = 3.0
def plain(x, times=2):
    # what it does
    return min(LIMIT, times * x)
def chained(x):
    return scaled(x) + helpers_of_mine.TABLE["a"][0]
def inner_import(x):
    from helpers_of_mine import scaled as other
    return other(x)
def maker(share):
    def made(x):
        return share * x
    return made
closed = maker(0.5)
half = functools.partial(plain, times=0.5)
short = lambda x: x + 1.0
class Own(Base):
    factor: float = 2.0
    def compute(self, x):
        return self.factor * self.of(x)
class Calls:
    def __init__(self, share):
        self.share = share
    def __call__(self, x):
        return self.share * x
instance = Calls(0.5)
kept = functools.lru_cache(plain)
"""
NAMES = ("plain", "chained", "inner_import", "closed", "half", "short", "Own", "instance", "kept")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., types.ModuleType]]:
    """Write the modeler's two modules, perhaps changed, and import them anew."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(own: str = OWN, helpers: str = HELPERS) -> types.ModuleType:
        (tmp_path / "helpers_of_mine.py").write_text(helpers, encoding="utf-8")
        (tmp_path / "own_of_mine.py").write_text(own, encoding="utf-8")
        for name in ("helpers_of_mine", "own_of_mine"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        for cache in tmp_path.glob("__pycache__/*"):
            cache.unlink()
        return importlib.import_module("own_of_mine")

    yield write
    for name in ("helpers_of_mine", "own_of_mine"):
        sys.modules.pop(name, None)


def all_of(module: types.ModuleType) -> dict[str, str]:
    return {name: fingerprint(getattr(module, name)) for name in NAMES}


def test_the_same_code_has_the_same_fingerprint_whatever_is_said_about_it(mine: Any) -> None:
    before = all_of(mine())
    assert all_of(mine()) == before
    assert len(set(before.values())) == len(before)
    talked = OWN.replace("    # what it does\n", '    """Say what it does."""\n\n    # at length\n')
    assert all_of(mine(talked)) == before


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("return min(LIMIT, times * x)", "return max(LIMIT, times * x)", {"plain", "half", "kept"}),
        ("LIMIT = 3.0", "LIMIT = 4.0", {"plain", "half", "kept"}),
        ("times=2)", "times=3)", {"plain", "half", "kept"}),
        ("plain, times=0.5", "plain, times=0.6", {"half"}),
        ("maker(0.5)", "maker(0.6)", {"closed"}),
        ("x + 1.0", "x + 2.0", {"short"}),
        ("factor: float = 2.0", "factor: float = 2.5", {"Own"}),
        ("self.factor * self.of(x)", "self.of(x)", {"Own"}),
        ("Calls(0.5)", "Calls(0.6)", {"instance"}),
        ("return self.share * x\ninstance", "return self.share + x\ninstance", {"instance"}),
        ('TABLE["a"][0]', 'TABLE["a"][1]', {"chained"}),
    ],
)
def test_a_change_moves_what_it_touches_and_nothing_else(mine: Any, old: str, new: str, moved: set[str]) -> None:
    assert old in OWN
    before, after = all_of(mine()), all_of(mine(OWN.replace(old, new)))
    assert {name for name in NAMES if before[name] != after[name]} == moved


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("WEIGHT = 0.5", "WEIGHT = 0.6", {"chained", "inner_import"}),
        ("return WEIGHT * x", "return WEIGHT + x", {"chained", "inner_import"}),
        ('{"a": [1.0, 2.0]}', '{"a": [1.5, 2.0]}', {"chained"}),
        ("share = 0.25", "share = 0.5", {"Own"}),
        ("return self.share * x", "return self.share - x", {"Own"}),
    ],
)
def test_so_does_a_change_of_what_it_imports(mine: Any, old: str, new: str, moved: set[str]) -> None:
    assert old in HELPERS
    before, after = all_of(mine()), all_of(mine(OWN, HELPERS.replace(old, new)))
    assert {name for name in NAMES if before[name] != after[name]} == moved


def test_what_runs_counts_and_not_what_has_been_written_since(mine: Any, tmp_path: Path) -> None:
    module = mine()
    before = all_of(module)
    (tmp_path / "own_of_mine.py").write_text(OWN.replace("LIMIT, times * x", "LIMIT, x"), encoding="utf-8")
    assert all_of(module) == before  # it was not imported anew
    module.LIMIT = 9.0
    assert fingerprint(module.plain) != before["plain"]


def cell(text: str, number: int) -> dict[str, Any]:
    """Run a cell as a notebook does: its source is known to linecache alone."""
    name = f"<cell {number}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, name, "exec"), space)
    return space


def test_code_of_a_notebook_and_code_without_source() -> None:
    text = "K = 1.0\ndef mine(x):\n    return K * x\n"
    assert fingerprint(cell(text, 1)["mine"]) == fingerprint(cell("\n\n# moved down\n" + text, 2)["mine"])
    assert fingerprint(cell(text, 3)["mine"]) != fingerprint(cell(text.replace("K * x", "K + x"), 4)["mine"])
    assert fingerprint(cell(text, 5)["mine"]) != fingerprint(cell(text.replace("1.0", "2.0"), 6)["mine"])

    def bare(source: str) -> Any:
        space: dict[str, Any] = {"__name__": "__main__"}
        exec(source, space)
        return space["mine"]

    assert fingerprint(bare(text)) == fingerprint(bare(text))
    assert fingerprint(bare(text)) != fingerprint(bare(text.replace("K * x", "K - x")))


def test_two_lambdas_of_one_line_differ() -> None:
    one, two = (lambda x: x + 1.0), (lambda x: x + 2.0)
    assert fingerprint(one) != fingerprint(two)
    assert fingerprint(functools.partial(one, 1)) != fingerprint(functools.partial(one, 2))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.5])),
        (np.array([1.0]), np.array([1], dtype=int)),
        ({"a": {1, 2}}, {"a": {1, 3}}),
        (1, True),
        (1, 1.0),
        ("1", 1),
        ([1, [2]], [1, 2]),
        (Path("a"), Path("b")),
    ],
)
def test_constants_count_by_value(one: Any, two: Any) -> None:
    assert fingerprint(lambda: one) != fingerprint(lambda: two)
    assert fingerprint(one) == fingerprint(one)


def test_what_goes_round_in_circles_comes_to_an_end() -> None:
    ring: list[Any] = [1]
    ring.append(ring)
    assert fingerprint(ring) != fingerprint([1])


def test_what_ships_is_known() -> None:
    assert is_shipped(Defected)
    assert is_shipped(utility)
    assert not is_shipped(cell)
    assert not is_shipped(lambda: 1)
