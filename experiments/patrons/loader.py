"""Read the plan of a study of patrons with its readings, every mistake at its line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.experiments.design.plan_files import PlanReader, plan_of
from papertiger.experiments.design.sources import PATRON_STUDIES, find_in
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.patrons.plan import Readings, StudyPlan
from papertiger.experiments.patrons.terms import BREAK_RULES, CLOSENESS_RULES, CODED_TERMS, COLUMNS
from papertiger.scenarios.errors import ScenarioError, nearest, shorten
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer

if TYPE_CHECKING:
    from papertiger.scenarios.reading.sources import Source


@dataclass(frozen=True)
class StudyFiles:
    """Hold a plan with the readings it names, and the SHA-256 of both files as they are.

    Attributes
    ----------
    plan, readings
        What they say.
    plan_hash, readings_hash
        Of their bytes.
    """

    plan: StudyPlan
    readings: Readings
    plan_hash: str
    readings_hash: str


def load_patron_study(name_or_path: str | Path) -> StudyFiles:
    """Return a study's plan and readings.

    Parameters
    ----------
    name_or_path
        The name of a shipped study, or the path of a plan.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_in(PATRON_STUDIES, name_or_path)
    try:
        data = source.read(MAX_BYTES)
        layer = read_layer(data, source.label, what="a study of patrons")
        plan = plan_of(StudyPlan, layer, source.name, "study")
        reader = _Reader(plan, layer, source)
        below = reader.readings_source()
        if reader.problems or below is None:
            raise ExperimentError(reader.problems)
        read = below.read(MAX_BYTES)
        inner = read_layer(read, below.label, what="readings of broken pledges")
        readings = plan_of(Readings, inner, below.name, "file of readings")
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    problems = [
        inner.problem(("pledges", place, "patron"), f"{one.patron} is no patron of {plan.name}")
        for place, one in enumerate(readings.pledges)
        if one.patron not in plan.codes
    ]
    if problems:
        raise ExperimentError(problems)
    return StudyFiles(plan, readings, hashlib.sha256(data).hexdigest(), hashlib.sha256(read).hexdigest())


class _Reader(PlanReader):
    """Read what a plan names, and gather what is wrong with it."""

    def __init__(self, plan: StudyPlan, layer: Layer, source: Source) -> None:
        super().__init__(layer, source)
        self.plan = plan

    def readings_source(self) -> Source | None:
        """Return the file of readings, and note unknown columns."""
        self._check_columns()
        name = self.plan.readings
        handle = self.source.handle
        beside = handle.parent if isinstance(handle, Path) else None
        if beside is not None and (beside / f"{name}.yaml").is_file():
            path = beside / f"{name}.yaml"
            return type(self.source)(
                str(path) if not self.source.shipped else f"experiments/studies/{name}.yaml", path
            )
        if name in PATRON_STUDIES.shipped:
            return PATRON_STUDIES.shipped[name]
        self.complain(("readings",), f"no file {shorten(name)}.yaml beside this one or among the shipped ones")
        return None

    def _check_columns(self) -> None:
        known = {*COLUMNS, *CODED_TERMS}
        for number, mechanism in enumerate(self.plan.mechanisms):
            for place, term in enumerate(mechanism.terms):
                if term.name not in known:
                    where = ("mechanisms", number, "terms", place, "name")
                    self.complain(where, f"no column or term {shorten(term.name)}", nearest(term.name, known))
        for name in self.plan.closeness.words:
            if name not in COLUMNS:
                self.complain(("closeness", "words"), f"no column {shorten(name)}", nearest(name, COLUMNS))
        if self.plan.closeness.arms not in COLUMNS:
            message = f"no column {shorten(self.plan.closeness.arms)}"
            self.complain(("closeness", "arms"), message, nearest(self.plan.closeness.arms, COLUMNS))
        for outcome, rules in (("breaks", BREAK_RULES), ("closeness", CLOSENESS_RULES)):
            for place, name in enumerate(getattr(self.plan.sensitivity, outcome)):
                if name not in rules:
                    self.complain(
                        ("sensitivity", outcome, place), f"no rule of coding {shorten(name)}", nearest(name, rules)
                    )
        for place, name in enumerate(self.plan.event_study.events):
            if name not in COLUMNS:
                self.complain(("event_study", "events", place), f"no column {shorten(name)}", nearest(name, COLUMNS))
