"""Read what people type into what the model takes, with an error that says what was expected."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from papertiger.model.theories import Theory
    from papertiger.scenarios import Scenario

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def load(name_or_path: str, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Return a scenario, or raise `BadInput` with all that is wrong with it."""
    from papertiger import scenarios

    try:
        return scenarios.load(name_or_path, overrides)
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None


def load_game(name_or_path: str) -> Scenario:
    """Return a scenario that a class can play, or raise `BadInput` naming those that are shipped."""
    scenario = load(name_or_path)
    if scenario.game is None:
        from papertiger import scenarios

        playable = ", ".join(one for one in scenarios.names() if load(one).game is not None)
        raise BadInput(
            f"{name_or_path}: this scenario has no part 'game', so a class cannot play it; these have: {playable}"
        )
    return scenario


def check_language(language: str) -> None:
    """Refuse a language in which the pages of a game are not written, and a catalogue that cannot be used."""
    from papertiger.wargame.i18n import catalogue

    known = catalogue.languages()
    if language not in known:
        raise BadInput(f"--language: expected one of {', '.join(known)}, got {language!r}")
    try:
        catalogue.check_all()
    except catalogue.CatalogueError as error:
        raise BadInput(str(error)) from None


def parse_settings(settings: Sequence[str]) -> dict[str, object]:
    """Return the overrides of ``--set key=value``, or raise `BadInput` with all that is wrong with them."""
    from papertiger import scenarios

    try:
        return scenarios.parse_settings(settings)
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None


def import_code(named: Sequence[str]) -> None:
    """Import files and modules of a modeler's own, or raise `BadInput` saying which failed, and where."""
    if not named:
        return
    from papertiger.model.plugins import PluginError
    from papertiger.model.plugins import import_code as import_one

    for one in named:
        try:
            import_one(one)
        except PluginError as error:
            raise BadInput(printable(f"--import {error}")) from None


def theory_of(name: str | None) -> Theory | None:
    """Return the theory that ``--rules`` names, or None for the shipped rules; refuse one that is not known."""
    if name is None:
        return None
    from papertiger.model.plugins import PluginError
    from papertiger.model.theories import SHIPPED, UnknownTheoryError, find_theory

    try:
        theory = find_theory(name)
    except (UnknownTheoryError, PluginError) as error:
        raise BadInput(printable(f"--rules {name}: {error}")) from None
    return None if theory.name == SHIPPED else theory


@contextlib.contextmanager
def stopping_at_rules() -> Iterator[None]:
    """Turn what is wrong with a rule of a modeler's own into bad input."""
    try:
        yield
    except ValueError as error:
        from papertiger.model.rules.own import RuleError

        if isinstance(error, RuleError):
            raise BadInput(printable(str(error))) from None
        raise
    except ArithmeticError as error:
        from papertiger.model.rules.ranges import RuleRangeError

        if isinstance(error, RuleRangeError):
            raise BadInput(printable(str(error))) from None
        raise


def use_dialect(excel: str | None) -> None:
    """Write tables from now on for the spreadsheet that ``--excel`` names; refuse one that is not known."""
    if excel is None:
        # A command that writes no table for Excel need not wait for the scenarios' code.
        if (loaded := sys.modules.get("papertiger.scenarios.tables")) is not None:
            loaded.use_dialect(None)
        return
    from papertiger import scenarios
    from papertiger.scenarios import tables

    try:
        tables.use_dialect(excel)
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None


def months_between(start: str, end: str) -> int:
    """Return how many months a span has, both ends included."""
    return (int(end[:4]) - int(start[:4])) * 12 + int(end[5:]) - int(start[5:]) + 1


def check_range(option: str, value: int, low: int, high: int, what: str) -> None:
    """Refuse a whole number outside its range."""
    if not low <= value <= high:
        raise BadInput(f"{option} {value}: expected {what} from {low} to {high}")


def check_place(out: Path) -> None:
    """Refuse a folder that cannot be made or written to, before minutes are spent on what goes there."""
    try:
        above = next(folder for folder in (out, *out.parents) if folder.exists())
        usable = above.is_dir() and os.access(above, os.W_OK)
    except (OSError, ValueError) as error:
        raise BadInput(f"{printable(str(out))}: cannot write there: {getattr(error, 'strerror', error)}") from None
    if not usable:
        what = "it is read-only" if above.is_dir() else "expected a folder"
        raise BadInput(f"{printable(str(out))}: cannot write to {printable(str(above))}: {what}")


def check_page(option: str, page: Path) -> None:
    """Refuse a page that is no Markdown file, or stands where nothing can be written."""
    if page.suffix.lower() != ".md":
        raise BadInput(f"{option} {printable(str(page))}: expected a file that ends in .md")
    if page.exists() and not page.is_file():
        raise BadInput(f"{option} {printable(str(page))}: is not an ordinary file")
    check_place(page.parent)


def check_month(option: str, month: str, scenario: Scenario) -> None:
    """Refuse what is no month or lies outside the span of a scenario."""
    span = scenario.span
    if not MONTH.fullmatch(month):
        raise BadInput(f"{option} {month}: expected a month written YYYY-MM")
    if not span.start <= month <= span.end:
        raise BadInput(
            f"{option} {month}: expected a month from {span.start} to {span.end}, the span of {scenario.name}"
        )


def client_of(scenario: Scenario, written: str) -> str:
    """Return the name of a client as the scenario spells it."""
    from papertiger.scenarios.bonds import bonds_of
    from papertiger.scenarios.errors import nearest

    bonds = bonds_of(scenario)
    if written in bonds:
        return written
    hint = nearest(written, bonds)
    if hint is not None and hint.casefold() == written.casefold():
        return hint
    question = "" if hint is None else f" (did you mean '{hint}'?)"
    raise BadInput(f"{scenario.name} has no client '{written}'{question}; it has {', '.join(sorted(bonds))}")
