"""Run the command `kit`: write what a teacher needs for a lesson, as pages to read out, to project and to print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.folder import ResultFolder, safe_name
from papertiger.cli.inputs import check_language, check_place, load_game
from papertiger.cli.options import ScenarioName
from papertiger.cli.progress import progress

KITS = Path("results") / "kits"
MANIFEST = "kit.json"


def kit_command(
    scenario: ScenarioName,
    language: Annotated[str, typer.Option("--language", metavar="de|en", help="Language of the pages.")] = "en",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder to write to [default: results/kits/SCENARIO-LANGUAGE]."),
    ] = None,
) -> None:
    """Write a lesson's kit: script by the minute, slides, reading, quiz with key, assignment with rubric, role cards.

    The texts come from lessons/SCENARIO.yaml beside the scenario; their figures are measured while you wait.
    """
    check_language(language)
    world = load_game(scenario)
    from papertiger.scenarios import ScenarioError
    from papertiger.scenarios.lessons.loader import load_lesson
    from papertiger.wargame.kit.measured import measure
    from papertiger.wargame.server.pages.kit import pages_of

    name = safe_name(Path(scenario).stem)
    target = out or KITS / f"{name}-{language}"
    try:
        read = load_lesson(scenario, world)
        if read is None:
            raise BadInput(_without_lesson(scenario))
        check_place(target)
        with progress(f"playing the games of {scenario}") as show:
            measurements = measure(read, world, progress=lambda done, total: show("games", done, total))
        pages = pages_of(world, read.lesson, measurements, language, scenario)
    except ScenarioError as error:
        raise BadInput(str(error)) from None
    with ResultFolder(target, manifest=MANIFEST) as folder:
        for file, text in pages.items():
            folder.place(file).write_bytes(text.encode())
        _write_manifest(folder, world.name, language, read.lesson.games)
    say(f"Written to {printable(str(target))}: begin with index.html; cards, reading and quiz are to print.")
    say(f"To begin the lesson: papertiger play {printable(scenario)} --lan --language {language}")


def _without_lesson(scenario: str) -> str:
    from papertiger.scenarios.reading.sources import LESSONS, looks_like_path

    where = Path(scenario).parent / "lessons" / Path(scenario).name if looks_like_path(scenario) else "lessons"
    return (
        f"{scenario}: there is no lesson about this scenario"
        + (f"; expected one in {where}" if isinstance(where, Path) else "")
        + f". Lessons are shipped about: {', '.join(LESSONS.names())}"
    )


def _write_manifest(folder: ResultFolder, scenario: str, language: str, games: int) -> None:
    from papertiger.experiments.run.provenance import version

    said: dict[str, Any] = {
        "papertiger": version(),
        "scenario": scenario,
        "language": language,
        "games": games,
        "files": sorted(folder.files),
    }
    text = json.dumps(said, ensure_ascii=True, indent=2, allow_nan=False) + "\n"
    folder.place(MANIFEST).write_bytes(text.encode("ascii"))
