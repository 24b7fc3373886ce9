"""The house holds together: imports run one way, and the code does not know the case."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.scenarios.schema.values import LANGUAGES

ROOT = Path(__file__).parent.parent
ORDER = ("scenarios", "model", "experiments", "wargame", "papertiger")
PACKAGES = ORDER[:-1]
"""The folders at the top that are imported as ``papertiger.model`` and so on."""
FILES = sorted(file for package in ORDER for file in (ROOT / package).rglob("*.py"))


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imported(file: Path) -> set[str]:
    """Return the packages of the project that a module imports; ``papertiger`` stands for the front door."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(file)} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            assert first not in PACKAGES, f"{named(file)} imports {name} by its old name: say papertiger.{name}"
            if first == "papertiger":
                found.add(rest[0] if rest and rest[0] in PACKAGES else "papertiger")
            else:
                found.add(first)
    return found


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 30
    assert {file.relative_to(ROOT).parts[0] for file in FILES} >= set(ORDER)


@pytest.mark.parametrize("file", FILES, ids=named)
def test_imports_run_one_way(file: Path) -> None:
    rank = ORDER.index(file.relative_to(ROOT).parts[0])
    later = set(ORDER[rank + 1 :])
    assert not imported(file) & later
    assert not imported(file) & {"tests", "benchmarks"}


def case_words() -> set[str]:
    """Return the names of all patrons, clients, rivals and adversaries of the shipped scenarios, and some more."""
    words = {"Russia", "Russian", "Kremlin", "Moscow", "Putin"}
    for name in scenarios.names():
        world = scenarios.load(name)
        words.add(world.patron.name)
        words |= set(world.clients)
        actors = [world.patron, *world.clients.values(), *world.rivals.values(), *world.adversaries.values()]
        words |= {actor.label.text(language) for actor in actors if actor.label for language in LANGUAGES}
    return {word for word in words if len(word) > 3}


@pytest.fixture(scope="module")
def forbidden() -> re.Pattern[str]:
    # Letters alone bound a word, so that a name is found inside an identifier, too.
    words = "|".join(sorted(map(re.escape, case_words())))
    return re.compile(rf"(?<![^\W\d_])({words})(?![^\W\d_])", re.IGNORECASE)


def test_the_words_to_look_for_are_those_of_the_case(forbidden: re.Pattern[str]) -> None:
    assert forbidden.search("what does the kremlin say")
    assert forbidden.search("Armenia")
    assert forbidden.search("clients__Armenia__threat")
    assert not forbidden.search("the patron and its clients")


@pytest.mark.parametrize("file", FILES, ids=named)
def test_code_does_not_know_the_case(file: Path, forbidden: re.Pattern[str]) -> None:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        assert not forbidden.search(line), f"{named(file)}:{number}: {line.strip()}"


@pytest.mark.parametrize("package", [package for package in ORDER if (ROOT / package).is_dir()])
def test_packages_are_typed(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file()
    assert (ROOT / package / "py.typed").is_file()
