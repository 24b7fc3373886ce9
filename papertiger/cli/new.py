"""Run the command `new`: write a commented scenario, a whole case or a rule of one's own to start from."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.inputs import load
from papertiger.cli.scenario_files import as_seen_from, is_there, text_of, write_text

if TYPE_CHECKING:
    from papertiger.starters.files import Files


def new_command(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[case|rule] NAME",
            help="Name of the new scenario, whose file is NAME.yaml; after 'case' that of a whole world of your own, "
            "after 'rule' that of a theory of your own.",
        ),
    ],
    parent: Annotated[
        str | None, typer.Option("--from", metavar="PARENT", help="Scenario to start from: a shipped name or a path.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write it into.")] = Path(),
    replaces: Annotated[
        str, typer.Option("--replaces", metavar="RULE", help="The rule to replace; 'list --rules' lists them.")
    ] = "evidence_size",
) -> None:
    """Write something to start from: a scenario that extends another one, a case of your own, or a rule of your own.

    A scenario holds what differs from its parent (--from). A case holds a whole world, with a comment for each key,
    and runs at once. A rule comes with a scenario that declares its parameter and an experiment that holds it against
    the shipped rule.
    """
    if is_there("--out", out) and not out.is_dir():
        raise BadInput(f"--out {out}: this is a file, expected a folder")
    if len(words) > 2 or (len(words) == 2 and words[0] not in STARTERS):
        raise BadInput(f"new {' '.join(words)}: expected a NAME, or one of {', '.join(STARTERS)} and a NAME")
    if words[0] in STARTERS and (len(words) == 2 or parent is None):
        name = words[1] if len(words) == 2 else f"my_{words[0]}"
        files = STARTERS[words[0]](name.removesuffix(".yaml").removesuffix(".py"), parent, replaces)
        _write_all(files, out)
        return
    if parent is None:
        raise BadInput(f"new {words[0]}: say with --from which scenario it extends; 'papertiger list' names them")
    _write_scenario(words[0], parent, out)


def _case(name: str, parent: str | None, _replaces: str) -> Files:
    from papertiger.starters.case import case_files

    if parent is not None:
        raise BadInput(
            f"new case {name}: a case stands on the shipped constants alone, so --from has no meaning here"
        )
    return case_files(_plain(name, "a case"))


def _rule(name: str, parent: str | None, replaces: str) -> Files:
    from dataclasses import fields

    from papertiger.model.rules.rules import Rules
    from papertiger.scenarios.errors import nearest
    from papertiger.starters.rule import rule_files

    known = [one.name for one in fields(Rules)]
    if replaces not in known:
        hint = nearest(replaces, known)
        near = "" if hint is None else f" (did you mean '{hint}'?)"
        raise BadInput(f"--replaces {printable(replaces)}: there is no such rule{near}; 'list --rules' lists them")
    world = parent or "sahel_2020"
    load(world)
    return rule_files(_plain(name, "a theory"), replaces, world)


def _plain(name: str, what: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        raise BadInput(f"new: expected a name of small letters, digits and _ for {what}, got {printable(name)}")
    return name


STARTERS: dict[str, Callable[[str, str | None, str], Files]] = {"case": _case, "rule": _rule}
"""What is written as a whole, by the word before its name."""


def _write_all(files: Files, out: Path) -> None:
    """Write the files of a starter, or none where one is there already, and say what to do with them."""
    for file in files.texts:
        if is_there("--out", out / file):
            raise BadInput(f"{out / file}: this file is already there; choose another name or move it away")
    for file, text in files.texts.items():
        write_text("--out", out / file, text)
        say(printable(f"Written to {out / file}"))
    for line in files.next_steps(out):
        say(printable(line))


def _write_scenario(name: str, parent: str, out: Path) -> None:
    from papertiger import scenarios

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    target = out / f"{stem}.yaml"
    text = text_of(lambda: scenarios.template(stem, parent))
    if is_there("--out", target):
        raise BadInput(f"{target}: this file is already there; choose another name or move it away")
    seen = as_seen_from(out, parent)
    if seen != parent:
        from papertiger.scenarios.reading.yaml_writer import scalar

        text = text.replace(f"\nextends: {scalar(parent)}\n", f"\nextends: {scalar(seen)}\n", 1)
    write_text("--out", target, text)
    say(printable(f"Written to {target}; check it with: papertiger check {target}"))
