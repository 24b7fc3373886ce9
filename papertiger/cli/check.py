"""Run the command `check`: say what is wrong with a file, of whatever kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, printable, say, tell
from papertiger.cli.options import Imports

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_BYTES = 2_000_000


@dataclass(frozen=True)
class Kind:
    """Describe a kind of file beside scenarios.

    Attributes
    ----------
    keys
        What only files of this kind have at their top, each enough to tell it.
    names
        Gives the names of the shipped ones.
    check
        Raises `scenarios.ScenarioError` for a wrong file, else says in a few words what it holds.
    """

    keys: tuple[str, ...]
    names: Callable[[], Collection[str]]
    check: Callable[[str], str]

    def is_meant(self, text: bytes) -> bool:
        """Tell whether a file is of this kind."""
        return re.search(rf"^({'|'.join(self.keys)})[ \t]*:".encode(), text, re.MULTILINE) is not None

    def is_extended(self, text: bytes) -> bool:
        """Tell whether a file extends a shipped one of this kind."""
        return _extended(text) in self.names()


def _experiments() -> Collection[str]:
    from papertiger.experiments.design.sources import experiment_names

    return experiment_names()


def _check_experiment(file: str) -> str:
    from papertiger.experiments.design.loader import load_study
    from papertiger.experiments.phrases import counted
    from papertiger.experiments.run.runner import runs_of

    study = load_study(file)
    parts = (counted(len(study.worlds), "scenario"), counted(len(study.factors), "factor"))
    asked = study.experiment.precision
    precise = "" if asked is None else f", more until intervals are within {asked.within}"
    return f"{', '.join(parts)}, {counted(runs_of(study), 'run')}{precise}"


def _plans() -> Collection[str]:
    from papertiger.experiments.design.sources import CALIBRATIONS

    return CALIBRATIONS.shipped  # the module that reads them loads the model, too


def _check_plan(file: str) -> str:
    from papertiger.experiments.history.calibrate.loader import load_problem
    from papertiger.experiments.history.pooled.loader import is_pooled, load_pooled, plan_of_file

    if is_pooled(file):
        pooled = plan_of_file(file)
        of_data = sum(patron.from_data is not None for patron in pooled.patrons.values())
        if not of_data:
            pooled = load_pooled(file).plan
        some = f", {of_data} of them cases that are made when it is learned" if of_data else ""
        return f"{len(pooled.patrons)} patrons{some}, {len(pooled.paths)} parameters"
    plan = load_problem(file).plan
    return f"{len(plan.models)} models, {len(plan.free)} parameters, {plan.training.first} to {plan.testing.last}"


def _tie_studies() -> Collection[str]:
    from papertiger.experiments.design.sources import TIE_STUDIES

    return TIE_STUDIES.shipped


def _check_tie_study(file: str) -> str:
    from papertiger.experiments.history.ties.loader import load_ties_study

    problem = load_ties_study(file)
    plan = problem.plan
    years = f"{plan.training.first} to {plan.testing.last}"
    return f"{len(problem.readings)} shares, {len(plan.free) + 1} parameters, {years}"


def _observed() -> Collection[str]:
    from papertiger.scenarios import observed

    return observed.names()


def _check_observed(file: str) -> str:
    from papertiger.experiments.phrases import counted
    from papertiger.scenarios import observed

    text = _text(file) or b""
    named = _shipped_observed(file) or _shipped_observed(_extended(text))
    if re.search(rb"^ballots[ \t]*:", text, re.MULTILINE) or named == "votes":
        return f"{len(observed.load_votes(file).ballots)} ballots"
    if re.search(rb"^questions[ \t]*:", text, re.MULTILINE) or named == "polls":
        return f"{len(observed.load_polls(file).questions)} questions"
    if re.search(rb"^series[ \t]*:", text, re.MULTILINE) or named == "ties":
        return f"{len(observed.load_ties(file).series)} series"
    data = observed.load(file)
    clients, facts = counted(len(data.clients), "client"), counted(len(data.facts), "fact")
    return f"{clients}, {facts}, {data.span.start} to {data.span.end}"


def _extended(text: bytes) -> str:
    """Return the bare name that a file extends, or nothing."""
    match = re.search(rb"^extends[ \t]*:[ \t]*['\"]?([a-z0-9_]+)['\"]?[ \t\r]*(#.*)?$", text, re.MULTILINE)
    return "" if match is None else match[1].decode("ascii")


def _shipped_observed(name: str) -> str:
    return name.rpartition("_")[2] if name in _observed() else ""


KINDS = (
    Kind(("measures", "replicates", "scenarios"), _experiments, _check_experiment),
    Kind(("reading_error",), _tie_studies, _check_tie_study),
    Kind(("training", "testing"), _plans, _check_plan),
    Kind(("facts", "indicators", "ballots", "questions", "series"), _observed, _check_observed),
)


def check_command(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Files of any kind, or names of shipped ones."),
    ],
    _imports: Imports = None,
) -> None:
    """Check files of any kind, and print every mistake with its file, line and key."""
    failed = sum(not all(_checked(file)) for file in files)
    if failed:
        raise BadInput(f"{failed} of {len(files)} {'file' if len(files) == 1 else 'files'} not valid")


def _checked(file: str) -> list[bool]:
    """Check everything that a name or a path means: a scenario and other files may share a name."""
    from papertiger import scenarios

    text = _text(file)
    if text is not None:
        meant = [kind for kind in KINDS if kind.is_meant(text)][:1]
        if not meant and _extended(text) not in scenarios.names(include_abstract=True):
            meant = [kind for kind in KINDS if kind.is_extended(text)][:1]
    else:
        meant = [kind for kind in KINDS if file in kind.names()]
    verdicts = [_report(file, kind.check) for kind in meant]
    if not meant or (text is None and file in scenarios.names(include_abstract=True)):
        verdicts.insert(0, _report(file, _check_scenario))
    return verdicts


def _report(file: str, look: Callable[[str], str]) -> bool:
    from papertiger import scenarios
    from papertiger.scenarios.loader import collecting_notes

    try:
        with collecting_notes() as notes:
            what = look(file)
    except scenarios.ScenarioError as error:
        tell(str(error))
        return False
    for note in notes:
        tell(f"note: {printable(str(note))}")
    count = f", with {len(notes)} {'note' if len(notes) == 1 else 'notes'}" if notes else ""
    say(printable(f"OK {file}: {what}{count}"))
    return True


def _check_scenario(file: str) -> str:
    from papertiger import scenarios
    from papertiger.experiments.phrases import counted

    try:
        scenario = scenarios.load(file)
    except scenarios.ScenarioError as error:
        # A file that is only there to be extended is right as it is.
        if [problem.key for problem in error.problems] == ["abstract"]:
            return "abstract, only to be extended"
        raise
    parts = f"{counted(len(scenario.clients), 'client')}, {counted(len(scenario.events), 'event')}"
    return f"{parts}, {scenario.span.start} to {scenario.span.end}"


def _text(file: str) -> bytes | None:
    """Return the beginning of a file that is meant by its path; None for a shipped name."""
    from papertiger.scenarios.reading.sources import looks_like_path

    shipped = not looks_like_path(file) and any(file in kind.names() for kind in KINDS)
    if shipped or "\0" in file:
        return None
    try:
        path = Path(file)
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES)
    except (OSError, ValueError):
        return None
