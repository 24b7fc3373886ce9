"""Carry a study of patrons out, piece by piece, from the tables to what the page says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.patrons.break_problem import BreakProblem, break_problem, pledges_at_risk
from papertiger.experiments.patrons.closeness_problem import ClosenessProblem, closeness_problem, learn_scales
from papertiger.experiments.patrons.description import counts, event_studies, hazards
from papertiger.experiments.patrons.filtering import Scales
from papertiger.experiments.patrons.panel import ENDINGS
from papertiger.experiments.patrons.placebos import sources
from papertiger.experiments.patrons.power import powers
from papertiger.experiments.patrons.scores import gain, model_result, placebo_gains, time_split
from papertiger.experiments.patrons.sensitivity import breaks_by, closeness_by, effects_under
from papertiger.experiments.patrons.store import Store, code_hash, fingerprint_of
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from papertiger.experiments.patrons.loader import StudyFiles
    from papertiger.experiments.patrons.panel import Panel
    from papertiger.experiments.patrons.plan import Mechanism
    from papertiger.experiments.patrons.problems import OutcomeProblem
    from papertiger.experiments.patrons.scores import Gain

BREAKS, CLOSENESS = "breaks", "closeness"
OUTCOMES = (BREAKS, CLOSENESS)
RATES = "rates"

type Show = Callable[[str, int, int], None]


def model_name(keys: tuple[str, ...]) -> str:
    """Return the name of a model: its mechanisms, or the rates."""
    return "+".join(keys) or RATES


@dataclass
class PatronStudy:
    """Hold a study that was carried out.

    Attributes
    ----------
    files, panel
        What it was made of.
    breaks, closeness
        The problems of both outcomes.
    pieces
        What was found, by the names of the pieces.
    """

    files: StudyFiles
    panel: Panel
    breaks: BreakProblem
    closeness: ClosenessProblem
    pieces: dict[str, Any]

    def problem(self, outcome: str) -> OutcomeProblem:
        """Return the problem of an outcome."""
        return self.breaks if outcome == BREAKS else self.closeness

    def model(self, outcome: str, keys: tuple[str, ...]) -> dict[str, Any]:
        """Return what is stored of a model."""
        stored: dict[str, Any] = self.pieces[f"{outcome}-model-{model_name(keys)}"]
        return stored

    def with_and_without(self, outcome: str, mechanism: Mechanism) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the model with a mechanism, and the one that it is added to."""
        return self.model(outcome, (*mechanism.over, mechanism.key)), self.model(outcome, mechanism.over)

    def gain(self, outcome: str, keys: tuple[str, ...], over: tuple[str, ...]) -> Gain:
        """Return the gain of one model over another on patrons that were left out."""
        better, than = (np.array(self.model(outcome, one)["lopo"]) for one in (keys, over))
        return gain(self.problem(outcome), better, than)

    def gain_by_patron(self, outcome: str, keys: tuple[str, ...], over: tuple[str, ...]) -> list[float]:
        """Return the same gain for each patron that was left out."""
        better, than = (np.array(self.model(outcome, one)["lopo"]) for one in (keys, over))
        patron = self.problem(outcome).rows.patron
        return [float((better - than)[patron == place].sum()) for place in range(len(self.files.plan.codes))]

    def gain_later(self, outcome: str, keys: tuple[str, ...], over: tuple[str, ...]) -> Gain | None:
        """Return the gain on the later years; None where there are none."""
        better, than = (np.array(self.model(outcome, one)["time"]) for one in (keys, over))
        problem = self.problem(outcome)
        return gain(problem, better, than, time_split(problem).test) if better.size else None

    @cached_property
    def scales(self) -> Scales:
        """Return the scales of the state space."""
        return scales_of(self.pieces["scales"])


def scales_of(stored: dict[str, Any]) -> Scales:
    """Return the scales of the state space from their piece."""
    shaped: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return Scales(**shaped)


def check_readings(files: StudyFiles, panel: Panel) -> None:
    """Refuse tables and readings that do not speak of the same broken pledges.

    Raises
    ------
    ExperimentError
        Naming each pledge that broke and was not read, each that was read and did not break, and each that ended
        while it was not in force.
    """
    _, broke, wrong = pledges_at_risk(panel, files.plan.breaks.ends)
    problems = [Problem(ENDINGS, message=one) for one in wrong]
    read = {(one.patron, one.client, one.end) for one in files.readings.pledges}
    broken = {
        (int(panel.patrons[dyad]), int(panel.clients[dyad]), int(panel.years[year]))
        for dyad, year in zip(*np.nonzero(broke), strict=True)
    }
    label = f"{files.readings.name}.yaml"
    for patron, client, end in sorted(broken - read):
        problems.append(
            Problem(label, message=f"the pledge of {patron} and {client} that broke in {end} is not read")
        )
    for patron, client, end in sorted(read - broken):
        message = f"the pledge of {patron} and {client} did not break in {end} by {ENDINGS}"
        problems.append(Problem(label, message=message))
    if problems:
        raise ExperimentError(problems)


def models(files: StudyFiles) -> Iterator[tuple[str, ...]]:
    """Yield the mechanisms of each model that is fitted, each model once."""
    plan = files.plan
    seen: dict[tuple[str, ...], None] = {(): None}
    for mechanism in plan.mechanisms:
        seen.setdefault(mechanism.over)
        seen.setdefault((*mechanism.over, mechanism.key))
        seen.setdefault((mechanism.key,))
    seen.setdefault(plan.whole)
    yield from seen


def carry_out(files: StudyFiles, panel: Panel, folder: Path | None, show: Show) -> PatronStudy:
    """Carry a study out, and keep each finished piece.

    Parameters
    ----------
    files, panel
        The plan with its readings, and the tables.
    folder
        Where pieces are kept, and taken from if they are there; None keeps nothing.
    show
        Told what is done now, how much of it is done, and how much there is.

    Raises
    ------
    ExperimentError
        Where tables and readings do not fit.
    """
    check_readings(files, panel)
    plan = files.plan
    store = Store(folder, fingerprint_of(files.plan_hash, files.readings_hash, panel.fingerprint, code_hash()))
    pieces: dict[str, Any] = {}
    show("learning the scales of closeness", 0, 0)
    breaks = break_problem(plan, panel)
    pieces["scales"] = store.piece("scales", lambda: asdict(learn_scales(closeness_problem(plan, panel))))
    closeness = closeness_problem(plan, panel, scales_of(pieces["scales"]))
    study = PatronStudy(files, panel, breaks, closeness, pieces)
    jobs = [*_jobs(study)]
    for number, (name, make) in enumerate(jobs):
        show(name, number, len(jobs))
        pieces[name] = store.piece(name, make)
    return study


def _jobs(study: PatronStudy) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the pieces of a study in their order: some need those before them."""
    plan = study.files.plan
    yield "counts", lambda: counts(plan, study.breaks, study.closeness)
    yield "event-studies", lambda: event_studies(study.closeness)
    yield "hazards", lambda: hazards(study.breaks)
    for outcome in OUTCOMES:
        for keys in models(study.files):
            yield f"{outcome}-model-{model_name(keys)}", partial(model_result, study.problem(outcome), keys)
        for mechanism in plan.mechanisms:
            yield f"{outcome}-placebos-{mechanism.key}", partial(_placebos, study, outcome, mechanism)
        for rule in getattr(plan.sensitivity, outcome):
            yield f"{outcome}-rule-{rule}", partial(_under, study, outcome, rule)
    for outcome in OUTCOMES:
        for mechanism in plan.mechanisms:
            yield f"{outcome}-power-{mechanism.key}", partial(_power, study, outcome, mechanism)


def _placebos(study: PatronStudy, outcome: str, mechanism: Mechanism) -> dict[str, float]:
    model, reference = study.with_and_without(outcome, mechanism)
    names = [*sources(study.files.plan, mechanism)]
    return placebo_gains(study.problem(outcome), mechanism.key, model, reference, names)


def _scales(study: PatronStudy, outcome: str, keys: tuple[str, ...]) -> tuple[float, float]:
    """Return the scales over patrons that the data chose for a model."""
    first, second = study.model(outcome, keys)["scales"]
    return float(first), float(second)


def _under(study: PatronStudy, outcome: str, rule: str) -> dict[str, Any]:
    other: OutcomeProblem
    if outcome == BREAKS:
        other = breaks_by(rule, study.files, study.panel, study.breaks)
    else:
        other = closeness_by(rule, study.files, study.panel, study.closeness)
    return effects_under(other, _scales(study, outcome, study.files.plan.whole))


def _power(study: PatronStudy, outcome: str, mechanism: Mechanism) -> list[dict[str, Any]]:
    return powers(study.problem(outcome), mechanism, _scales(study, outcome, (mechanism.key,)))
