"""Carry out a chunk: run its points and replicates, measure them, and make the table of its rows.

A `Simulator` belongs to one thread: it keeps the scenarios' templates and the room that trajectories are written
into, so that a point costs little more than its runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.design.decisions import book_of
from papertiger.experiments.errors import BackendError
from papertiger.experiments.ledger.evidence import EvidenceLog
from papertiger.experiments.measures import Batch
from papertiger.experiments.measures.base import END
from papertiger.experiments.run.chunks import Chunk, run_ids
from papertiger.experiments.run.provenance import RULES, is_importable, is_importable_rules, own_code_of
from papertiger.experiments.run.results import FACTOR
from papertiger.model.calendar import month_number
from papertiger.model.decisions import Decisions
from papertiger.model.ensemble.batches import Job, make_kept, make_moving
from papertiger.model.ensemble.kernel import PATHS
from papertiger.model.ensemble.kernel.record import LEVELS
from papertiger.model.ensemble.start import Start, start_of
from papertiger.model.ensemble.tables import Tables, build_decisions, build_tables
from papertiger.model.rules.ranges import RuleRangeError
from papertiger.model.setting import Setting
from papertiger.model.template import Template
from papertiger.model.theories import SHIPPED

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from papertiger.experiments.design.sampling import Points
    from papertiger.experiments.design.schema import Experiment
    from papertiger.experiments.design.study import Study
    from papertiger.experiments.measures import ColumnKind
    from papertiger.model.ensemble.kernel import Kept, Moving
    from papertiger.model.rules.rules import Rules
    from papertiger.model.theories import Theory
    from papertiger.scenarios.schema.scenario import Scenario

ROOM_BYTES = 8_000_000
"""Trajectories are kept for as many runs at a time as fit in about so much."""
LONGEST_ERROR = 300


@dataclass(frozen=True)
class Task:
    """Hold what a worker needs to know of a study.

    Attributes
    ----------
    experiment, worlds, points
        Of the study.
    experiment_sha256
        What run ids are made with.
    own_code
        Fingerprints of the measures and theories that do not ship with the project and that workers import by
        themselves.
    theories, sha256_of_rules
        The theory of each scenario that has one, by label, and the hash of its rules' source.
    """

    experiment: Experiment
    worlds: dict[str, Scenario]
    points: Points
    experiment_sha256: str
    own_code: Mapping[str, str] = field(default_factory=dict)
    theories: Mapping[str, Theory] = field(default_factory=dict)
    sha256_of_rules: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(study: Study, points: Points, experiment_sha256: str, own_code: Mapping[str, str] | None = None) -> Task:
        """Return the task of a study."""
        # What workers cannot import goes along by value, so theirs is this one.
        by_name = {name for name, one in study.experiment.measures.items() if is_importable(type(one))}
        known = {name: sha256 for name, sha256 in (own_code or {}).items() if name in by_name}
        hashes = {label: (own_code or {}).get(f"{RULES}{label}", one.sha256) for label, one in study.theories.items()}
        for label, one in study.theories.items():
            if is_importable_rules(one):
                known[f"{RULES}{label}"] = hashes[label]
        return Task(study.experiment, study.worlds, points, experiment_sha256, known, study.theories, hashes)

    def check_code(self) -> None:
        """Refuse to measure with other code than that of whoever sent the task.

        Raises
        ------
        BackendError
            Naming the measure.
        """
        measures = {name: one for name, one in self.experiment.measures.items() if name in self.own_code}
        theories = {label: one for label, one in self.theories.items() if f"{RULES}{label}" in self.own_code}
        here = own_code_of(measures, theories)
        for name, sha256 in self.own_code.items():
            if sha256 != here.get(name):
                what = f"the {name}" if name.startswith(RULES) else f"the measure '{name}'"
                raise BackendError(
                    f"a worker has another version of {what} than this process: its code, or something "
                    "that it uses, has been edited or set since it was imported; start again"
                )


@dataclass(frozen=True)
class _Piece:
    """Hold runs that share a setting, and where their trajectories stand."""

    job: Job
    row: int
    first_run: int
    runs: int


class Simulator:
    """Carry out the chunks of one study, one after another.

    Parameters
    ----------
    task
        The study.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self._measures = task.experiment.measures
        needs = {need for measure in self._measures.values() for need in measure.required}
        self._keep = tuple(name for name in PATHS if name in needs)
        self._moments = {name: self._moments_of(name) for name in self._keep}
        self._books: dict[str, Decisions] = {}
        self._templates: dict[tuple[str, tuple[str, ...]], Template] = {}
        self._tables: dict[tuple[str, tuple[str, ...]], Tables] = {}
        self._starts: dict[tuple[str, tuple[str, ...]], tuple[Any, tuple[float, ...], Start]] = {}
        self._rooms: dict[tuple[Any, ...], Kept] = {}
        self._states: dict[tuple[str, tuple[str, ...]], Moving] = {}

    def _moments_of(self, path: str) -> frozenset[str] | None:
        """Return the months of a trajectory that the measures read, or None for all of them."""
        read = {measure.moment for measure in self._measures.values() if path in measure.required}
        return None if None in read else frozenset(moment for moment in read if moment is not None)

    def _only(self, setting: Setting) -> dict[str, list[int]]:
        """Return the indices of the months to keep, of the trajectories of which not all months are read."""
        last = len(setting.months) - 1
        return {
            name: sorted({last if at == END else month_number(at) - setting.first_month for at in moments})
            for name, moments in self._moments.items()
            if moments is not None
        }

    def warm_up(self) -> None:
        """Compile the kernel, or load it, without running anything."""
        first = {self._rules(label): label for label in reversed(self.task.worlds)}
        for label in first.values():
            job = self._job(label, (), self.task.experiment.seed, 0, {})
            job.run(self._room(job.tables, 1, 0), 0, 0)

    def _rules(self, label: str) -> Rules | None:
        """Return the rules of a scenario, or None for the shipped ones."""
        theory = self.task.theories.get(label)
        return None if theory is None else theory.rules

    def table(self, chunk: Chunk) -> pa.Table:
        """Return the rows of a chunk. A run that cannot be carried out is a row that says why.

        Parameters
        ----------
        chunk
            What to run.
        """
        try:
            columns, errors = self._measured(chunk)
        except Exception:
            columns, errors = self._one_by_one(chunk)
        return self._rows(chunk, columns, errors)

    # Measuring

    def _measured(self, chunk: Chunk) -> tuple[dict[str, NDArray[Any]], list[str]]:
        kinds = self.column_kinds()
        gathered: dict[str, list[NDArray[Any]]] = {name: [] for name in kinds}
        for points, replicates in self._blocks(chunk):
            batch = self._batch(chunk.scenario, (), points, replicates, 0)
            with np.errstate(all="ignore"):
                for name, measure in self._measures.items():
                    results = measure.compute(name, batch)
                    for column in measure.columns(name):
                        # The room is used again, and what was found may be a view of it.
                        values = np.array(results[column])
                        if values.shape != (batch.runs,):
                            raise ValueError(f"the measure {name!r} gave {values.shape} values for {batch.runs} runs")
                        gathered[column].append(values)
        columns = {name: np.concatenate(parts) for name, parts in gathered.items()}
        return columns, self._not_numbers(columns, kinds, chunk.rows)

    def _not_numbers(
        self, columns: Mapping[str, NDArray[Any]], kinds: Mapping[str, ColumnKind], rows: int
    ) -> list[str]:
        errors = [""] * rows
        for name, values in columns.items():
            if kinds[name] != "number":
                continue
            for row in np.flatnonzero(~np.isfinite(values.astype(float))):
                errors[row] = errors[row] or f"the measure '{name}' came to {float(values[row])}"
        return errors

    def _one_by_one(self, chunk: Chunk) -> tuple[dict[str, NDArray[Any]], list[str]]:
        kinds = self.column_kinds()
        columns = {name: np.full(chunk.rows, None, dtype=object) for name in kinds}
        errors = [""] * chunk.rows
        for row in range(chunk.rows):
            point, replicate = divmod(row, chunk.replicates)
            single = Chunk(
                chunk.number, chunk.scenario, chunk.first_point + point, 1, chunk.first_replicate + replicate, 1
            )
            try:
                measured, (errors[row],) = self._measured(single)
                for name in kinds:
                    columns[name][row] = measured[name][0]
            except Exception as raised:
                error = self._named(raised, single) if isinstance(raised, RuleRangeError) else raised
                text = " ".join(f"{type(error).__name__}: {error}".split())
                errors[row] = text[:LONGEST_ERROR]
        return columns, errors

    def _named(self, error: RuleRangeError, single: Chunk) -> Exception:
        """Return the error that the reference model gives for the same run, which knows the client."""
        from papertiger.model.agents.rerun import Rerun  # noqa: PLC0415 - Mesa is slow to import, and seldom needed

        world = self.task.worlds[single.scenario]
        values = self.task.points.at(single.first_point)
        template = self._template(single.scenario, world, ())
        setting = template.setting(self.task.experiment.seed, single.first_replicate, values)
        try:
            Rerun(world, setting, self._rules(single.scenario), self._book(single.scenario, setting)).run()
        except RuleRangeError as precise:
            return precise
        except Exception as plain:  # plain Python stops where compiled code goes on, as after a division by zero
            return plain
        return error

    def column_kinds(self) -> dict[str, ColumnKind]:
        """Return the columns of all measures and how each is stored."""
        kinds: dict[str, ColumnKind] = {}
        for name, measure in self._measures.items():
            kinds.update(measure.columns(name))
        return kinds

    def _rows(self, chunk: Chunk, columns: Mapping[str, NDArray[Any]], errors: list[str]) -> pa.Table:
        import pyarrow as pa  # noqa: PLC0415 - slow to import

        points = np.repeat(np.arange(chunk.first_point, chunk.first_point + chunk.points), chunk.replicates)
        replicates = np.tile(np.arange(chunk.first_replicate, chunk.first_replicate + chunk.replicates), chunk.points)
        failed = np.array([bool(error) for error in errors])
        arrays: dict[str, Any] = {
            "run_id": pa.array(run_ids(self.task.experiment_sha256, chunk), pa.string()),
            "scenario": pa.array([chunk.scenario] * chunk.rows, pa.string()),
            "point": pa.array(points, pa.int64()),
            "replicate": pa.array(replicates, pa.int64()),
            "run": pa.array(replicates, pa.int64()),
            "seed": pa.array(np.full(chunk.rows, self.task.experiment.seed), pa.int64()),
            "error": pa.array(errors, pa.string()),
        }
        if self.task.theories:
            theory = self.task.theories.get(chunk.scenario)
            arrays["rules"] = pa.array([SHIPPED if theory is None else theory.name] * chunk.rows, pa.string())
            sha256 = self.task.sha256_of_rules.get(chunk.scenario, "")
            arrays["rules_sha256"] = pa.array([sha256] * chunk.rows, pa.string())
        for number, name in enumerate(self.task.points.names):
            values = self.task.points.values[points, number]
            arrays[FACTOR + name] = pa.array(values, pa.float64(), mask=np.isnan(values))
        types = {"number": pa.float64(), "flag": pa.int8(), "text": pa.string()}
        for name, kind in self.column_kinds().items():
            if failed.any():
                present = [None if bad else value for value, bad in zip(columns[name], failed, strict=True)]
                arrays[name] = pa.array(present, types[kind])
            else:
                arrays[name] = pa.array(columns[name], types[kind])
        return pa.table(arrays)

    # Running

    def _blocks(self, chunk: Chunk) -> list[tuple[range, range]]:
        """Cut a chunk in pieces whose trajectories fit in the room: whole points, or replicates of one point."""
        world = self.task.worlds[chunk.scenario]
        rows = max(1, ROOM_BYTES // self._bytes_per_run(world))
        points = range(chunk.first_point, chunk.first_point + chunk.points)
        replicates = range(chunk.first_replicate, chunk.first_replicate + chunk.replicates)
        step = max(1, rows // len(replicates))
        if rows >= len(replicates):
            return [(points[start : start + step], replicates) for start in range(0, len(points), step)]
        return [
            (range(point, point + 1), replicates[start : start + rows])
            for point in points
            for start in range(0, len(replicates), rows)
        ]

    def _bytes_per_run(self, world: Scenario) -> int:
        months = month_number(world.span.end) - month_number(world.span.start) + 1
        clients, rivals = len(world.clients), len(world.rivals)
        levels, offers = 8 * len(LEVELS), 8 * rivals
        sizes = {"postures": 1, "destinations": 1, "regimes": 2, "beliefs": 32, "levels": levels, "offers": offers}
        bytes_of = {name: clients * sizes[name] if name in sizes else 40 for name in self._keep}
        moments_of = {name: months if moments is None else len(moments) for name, moments in self._moments.items()}
        return max(1, sum(moments_of[name] * bytes_of[name] for name in self._keep))

    def _template(self, label: str, world: Scenario, events: tuple[str, ...]) -> Template:
        key = (label, events)
        if key not in self._templates:
            if events:
                remaining = {name: event for name, event in world.events.items() if name not in events}
                world = world.model_copy(update={"events": remaining})
            self._templates[key] = Template(world)
        return self._templates[key]

    def _job(self, label: str, events: tuple[str, ...], seed: int, run: int, values: Mapping[str, float]) -> Job:
        key = (label, events)
        template = self._template(label, self.task.worlds[label], events)
        setting = template.setting(seed, run, values)
        tables = build_tables(setting, self._tables.get(key))
        self._tables[key] = tables
        return Job(
            tables,
            self._start(key, setting),
            build_decisions(self._book(label, setting), setting),
            self._rules(label),
        )

    def _book(self, label: str, setting: Setting) -> Decisions:
        """Return the decisions that are given in a scenario."""
        if label not in self._books:
            self._books[label] = book_of(self.task.experiment.decisions_in(label), setting)
        return self._books[label]

    def _start(self, key: tuple[str, tuple[str, ...]], setting: Setting) -> Start:
        """Return the start of a setting: that of the point before, if nothing it depends on has changed."""
        constants = setting.constants
        numbers = (constants.prior_strength, constants.trust_prior_good, constants.trust_prior_bad)
        held = self._starts.get(key)
        if held is None or held[0] is not setting.clients or held[1] != numbers:
            held = (setting.clients, numbers, start_of(setting))
            self._starts[key] = held
        return held[2]

    def _room(self, tables: Tables, runs: int, slot: int) -> Kept:
        """Return room for the trajectories of some runs: that of before, if it is large enough."""
        only = self._only(tables.setting)
        # Months that are kept lie elsewhere where a scenario starts earlier or ends later than another.
        places = tuple((name, tuple(months)) for name, months in only.items())
        shape = (len(tables.generative), len(tables.clients), tables.offer_keys.shape[1], slot, places)
        room = self._rooms.get(shape)
        if room is None or (self._keep and len(getattr(room, self._keep[0])) < runs):
            room = make_kept(tables, self._keep, runs, only)
            self._rooms[shape] = room
        return room

    def _batch(self, label: str, events: tuple[str, ...], points: range, replicates: range, slot: int) -> Batch:
        """Run some points and replicates of a scenario, perhaps without some events."""
        seed, world = self.task.experiment.seed, self.task.worlds[label]
        template = self._template(label, world, events)
        pieces: list[_Piece] = []
        runs = len(points) * len(replicates)
        for block, point in enumerate(points):
            values = self.task.points.at(point)
            row = block * len(replicates)
            if template.is_drawn(values):
                for offset, run in enumerate(replicates):
                    pieces.append(_Piece(self._job(label, events, seed, run, values), row + offset, run, 1))
            else:
                job = self._job(label, events, seed, replicates.start, values)
                pieces.append(_Piece(job, row, replicates.start, len(replicates)))
        room = self._room(pieces[0].job.tables, runs, slot)
        key = (label, events)
        if key not in self._states:
            self._states[key] = make_moving(pieces[0].job.tables, shared=True)
        for piece in pieces:
            rows = slice(piece.row, piece.row + piece.runs)
            mine = room._replace(**{name: getattr(room, name)[rows] for name in self._keep})
            piece.job.run(mine, piece.first_run, piece.runs, self._states[key])
        slots = iter(range(slot + 1, slot + 1000))
        return Batch(
            template.scenario,
            pieces[0].job.tables.setting,
            {name: getattr(room, name)[:runs] for name in self._keep},
            runs,
            lambda others: self._batch(label, others, points, replicates, next(slots)),
            EvidenceLog(pieces).parts,
            self._only(pieces[0].job.tables.setting),
        )
