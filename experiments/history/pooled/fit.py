"""Carry out a pooled fit: evaluate the rounds that are missing, and weigh the points of all of them.

Each round of points is a file of its own, written whole. What a round is drawn from follows from those before it, so
that a second start does only what is missing and comes to the same.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.calibration import LEVELS, Progress, history_hash
from papertiger.experiments.history.calibrate.importance import Evidence, effective, learned_row, resample, weights
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.posterior import Posterior
from papertiger.experiments.history.calibrate.priors import Spiked
from papertiger.experiments.history.pooled.peaks import SEARCHED, columns_of, peaks_of
from papertiger.experiments.history.pooled.sampler import (
    PLAIN,
    Proposal,
    View,
    first_points,
    fit_proposal,
    log_ratio,
)
from papertiger.experiments.history.pooled.search import Peak, around, spike_edges
from papertiger.experiments.history.pooled.surrogate import StandInProposal, fit_stand_in
from papertiger.experiments.run.manifest import PARTS, Manifest, hash_of
from papertiger.experiments.run.provenance import model_hash, scenario_hash, version
from papertiger.experiments.run.results import read_table
from papertiger.experiments.run.store import asked_for, claim

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from papertiger.experiments.history.pooled.coordinates import Coordinates
    from papertiger.experiments.history.pooled.problem import PooledProblem
    from papertiger.experiments.run.store import Folder

type LogLikelihood = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From points, M x D, to the log likelihood of each patron, M x K."""
OWN_SOURCES = tuple(f"pooled/{name}" for name in ("coordinates", "fit", "problem", "sampler", "search", "surrogate"))
"""Modules that decide what a point of a pooled fit is, beside those of every calibration."""
REFERENCE = 4096
"""Points of the prior that what was learned is held against."""


@dataclass(frozen=True)
class Piece:
    """Name one round of one sequence."""

    sequence: int
    round: int

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return f"part-{self.sequence:03d}-{self.round:03d}.parquet"


@dataclass(frozen=True)
class Sampled:
    """Hold the points of a fit that count, in coordinates.

    Attributes
    ----------
    points
        M x D.
    log_patrons
        Log likelihood of each patron, M x K.
    log_ratio
        Logarithm of prior over proposal, length M.
    sequence
        Number of the sequence, length M.
    """

    points: NDArray[np.float64]
    log_patrons: NDArray[np.float64]
    log_ratio: NDArray[np.float64]
    sequence: NDArray[np.int64]

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """Return the posterior weight of each point; they sum to 1."""
        return self.weight_of()

    def weight_of(self, patrons: tuple[int, ...] | None = None) -> NDArray[np.float64]:
        """Return the weights as learned from some patrons.

        Parameters
        ----------
        patrons
            Their numbers; None takes all.
        """
        return weights(self._log(patrons) + self.log_ratio)

    def evidence(self, patrons: tuple[int, ...] | None = None) -> Evidence:
        """Return the evidence of some patrons' training spans, with its error from the sequences.

        Parameters
        ----------
        patrons
            Their numbers; None takes all.
        """
        log = self._log(patrons) + self.log_ratio
        top = float(log.max())
        numbers = np.unique(self.sequence)
        means = np.array([np.exp(log[self.sequence == number] - top).mean() for number in numbers])
        error = float(means.std(ddof=1) / math.sqrt(len(means)) / means.mean()) if len(means) > 1 else math.nan
        return Evidence(top + math.log(float(means.mean())), error, effective(weights(log)))

    def _log(self, patrons: tuple[int, ...] | None) -> NDArray[np.float64]:
        chosen = self.log_patrons if patrons is None else self.log_patrons[:, list(patrons)]
        return np.asarray(chosen.sum(axis=1))


def sample(
    coordinates: Coordinates,
    log_likelihood: LogLikelihood,
    *,
    sequences: int,
    rounds: int,
    points: int,
    seed: int,
    peaks: Sequence[Peak] = (),
    known: Callable[[Piece], tuple[NDArray[np.float64], NDArray[np.float64]] | None] = lambda _: None,
    keep: Callable[[Piece, NDArray[np.float64], NDArray[np.float64]], None] = lambda *_: None,
) -> Sampled:
    """Return the points of all sequences that count: those of the second half of the rounds.

    Parameters
    ----------
    coordinates, log_likelihood
        What is learned, and from what.
    sequences, rounds, points
        Independent samplings, rounds of each, and points of each round, a power of 2.
    seed
        Of it all.
    peaks
        Around which the first round of each sequence is drawn; with none it is drawn from the prior.
    known
        Points and log likelihoods of a round that was done before, or None.
    keep
        Is given every other round.
    """
    dimensions = len(coordinates.names)
    if peaks:
        return _sample_around(peaks, coordinates, log_likelihood, sequences, rounds, points, seed, known, keep)
    centred = View(
        coordinates.centred, lambda points: coordinates.centred(points, back=True), coordinates.log_stretch
    )
    views = (PLAIN, centred) if coordinates.pooled else (PLAIN,)
    adapting = rounds // 2
    every, logs, ratios, numbers = [], [], [], []
    for sequence in range(sequences):
        drawn: list[NDArray[np.float64]] = []
        matches: list[NDArray[np.float64]] = []
        proposals: list[Proposal] = []
        for number in range(rounds):
            rng = np.random.default_rng([seed, sequence, number])
            if number == 0:
                proposals.append(Proposal(dimensions))
            elif number <= adapting:
                whole = np.concatenate(drawn)
                ratio = log_ratio(whole, proposals, [points] * number)
                proposals.append(fit_proposal(whole, np.concatenate(matches).sum(axis=1), ratio, rng, views))
            piece = Piece(sequence, number)
            done = known(piece)
            if done is None:
                now = first_points(dimensions, points, seed, sequence)
                now = now if number == 0 else proposals[-1].draw(points, rng)
                done = (now, log_likelihood(now))
                keep(piece, *done)
            drawn.append(done[0])
            matches.append(done[1])
        counted = np.concatenate(drawn[adapting:])
        every.append(counted)
        logs.append(np.concatenate(matches[adapting:]))
        ratios.append(log_ratio(counted, proposals[-1:], [len(counted)]))
        numbers.append(np.full(len(counted), sequence, dtype=np.int64))
    return Sampled(np.concatenate(every), np.concatenate(logs), np.concatenate(ratios), np.concatenate(numbers))


def _sample_around(
    peaks: Sequence[Peak],
    coordinates: Coordinates,
    log_likelihood: LogLikelihood,
    sequences: int,
    rounds: int,
    points: int,
    seed: int,
    known: Callable[[Piece], tuple[NDArray[np.float64], NDArray[np.float64]] | None],
    keep: Callable[[Piece, NDArray[np.float64], NDArray[np.float64]], None],
) -> Sampled:
    """Return the points that count of a sampling that begins at peaks.

    The rounds serve all sequences: the first is drawn around the peaks, each later one from the stand-in that is
    fitted to all before it. Then each sequence is a round of its own from the last stand-in, which it had no part in.
    """
    edges, begun = spike_edges(coordinates), list(peaks)

    def done_or_now(piece: Piece, proposal: Proposal) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        done = known(piece)
        if done is None:
            now = proposal.draw(points, np.random.default_rng([seed, piece.sequence, piece.round]))
            done = (now, log_likelihood(now))
            keep(piece, *done)
        return done

    proposal: Proposal = around(begun)
    rows: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for number in range(rounds):
        rows.append(done_or_now(Piece(0, number), proposal))
        drawn, logs = np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows])
        stand_in = fit_stand_in(begun, edges, drawn, logs.sum(axis=1))
        proposal = StandInProposal.of(stand_in, begun, np.random.default_rng([seed, rounds, number]))
    counted = [done_or_now(Piece(sequence, rounds), proposal) for sequence in range(sequences)]
    whole = np.concatenate([row[0] for row in counted])
    numbers = np.repeat(np.arange(sequences), points)
    ratio = log_ratio(whole, [proposal], [len(whole)])
    return Sampled(whole, np.concatenate([row[1] for row in counted]), ratio, numbers)


class PooledFit:
    """Hold a finished pooled fit.

    Parameters
    ----------
    problem
        What was fitted.
    sampled
        Its points.
    folder
        Where it lies.
    """

    def __init__(self, problem: PooledProblem, sampled: Sampled, folder: Path) -> None:
        self.problem, self.sampled, self.folder = problem, sampled, folder

    def summary(self) -> list[dict[str, object]]:
        """Return a row for each thing learned: a shared value, a shared mean, a scale, or what a patron has.

        Beside prior and posterior stands, for a patron's own value, what that patron says alone: ``alone`` and
        ``alone_sd`` are learned from its observations under the same priors, and ``alone_effective`` from how many
        points. ``zero`` is the probability that is left to 0 where the prior has mass there.
        """
        coordinates, plan = self.problem.coordinates, self.problem.plan
        reference = np.random.default_rng(plan.seed).standard_normal((REFERENCE, len(coordinates.names)))
        prior = coordinates.learned(reference)
        learned, weight = coordinates.learned(self.sampled.points), self.sampled.weight
        patrons = list(self.problem.parts)
        rows: list[dict[str, object]] = []
        for (path, whose), values in learned.items():
            row = learned_row(values, weight, LEVELS)
            mean, deviation = float(prior[path, whose].mean()), float(prior[path, whose].std())
            moved = 1.0 - (row["sd"] / deviation) ** 2 if deviation > 0.0 else math.nan
            row |= {"prior_mean": mean, "prior_sd": deviation, "moved": moved}
            of = coordinates.scales[path] if whose == "scale" else coordinates.priors[path]
            row |= {"prior_zero": math.nan, "zero": math.nan}
            if isinstance(of, Spiked):
                row |= {"prior_zero": of.zero, "zero": float(weight[values == 0.0].sum())}
            alone = {"alone": math.nan, "alone_sd": math.nan, "alone_effective": math.nan}
            if whose in patrons:
                own = self.sampled.weight_of((patrons.index(whose),))
                middle = float(own @ values)
                alone = {
                    "alone": middle,
                    "alone_sd": math.sqrt(max(0.0, float(own @ (values - middle) ** 2))),
                    "alone_effective": effective(own),
                }
            rows.append({"parameter": path.partition(".")[2], "whose": whose, **row, **alone})
        return rows

    def evidences(self) -> list[dict[str, object]]:
        """Return a row for all patrons and one for each: evidence, and how it is foretold by all others."""
        full = self.sampled.evidence()
        patrons = list(self.problem.parts)
        rows: list[dict[str, object]] = [
            {
                "patron": "all",
                "log_evidence": full.log,
                "error": full.error,
                "effective_points": full.effective,
                "points": len(self.sampled.points),
                "log_left_out": math.nan,
                "left_out_effective": math.nan,
            }
        ]
        for number, name in enumerate(patrons):
            alone = self.sampled.evidence((number,))
            rest = self.sampled.evidence(tuple(other for other in range(len(patrons)) if other != number))
            rows.append(
                {
                    "patron": name,
                    "log_evidence": alone.log,
                    "error": alone.error,
                    "effective_points": alone.effective,
                    "points": len(self.sampled.points),
                    "log_left_out": full.log - rest.log,
                    "left_out_effective": rest.effective,
                }
            )
        return rows

    def posterior(self, patron: str | None = None, without: str | None = None) -> Posterior:
        """Return equally likely draws of the parameters of one patron, or of one that is not among them.

        Parameters
        ----------
        patron
            Its name; blank draws those of another patron, from the shared means and scales.
        without
            Name of a patron that nothing is learned from.
        """
        problem, names = self.problem, list(self.problem.parts)
        weight = self.sampled.weight
        if without is not None:
            weight = self.sampled.weight_of(tuple(k for k, name in enumerate(names) if name != without))
        taken = self.sampled.points[resample(weight, problem.plan.draws)]
        coordinates = problem.coordinates
        if patron is None:
            values = coordinates.of_another(taken, np.random.default_rng([problem.plan.seed, len(taken)]))
            world = problem.plan.name
        else:
            values = coordinates.values(taken)[:, names.index(patron)]
            world = problem.parts[patron].scenario.name
        return Posterior(problem.plan.model, coordinates.paths, values, (world,) * len(values))


def fit(
    problem: PooledProblem,
    out: Path,
    *,
    fresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> PooledFit:
    """Carry out a pooled fit in a folder, or what is missing of it.

    Parameters
    ----------
    problem
        What to fit.
    out
        The folder.
    fresh
        Remove what another calibration left there.
    progress
        Is told how far it is.

    Raises
    ------
    FolderError
        If the folder cannot be used.
    """
    plan, coordinates = problem.plan, problem.coordinates
    manifest, resolved = _manifest(problem)
    with claim(out, manifest, resolved, fresh=fresh) as folder:
        folder.start(problem.text, resolved)
        every = plan.sequences * plan.rounds if plan.start == "prior" else plan.sequences + plan.rounds
        total = every * plan.points
        before = plan.points * sum(name != SEARCHED.file for name in folder.manifest.parts)
        begun, done = time.monotonic(), before

        def tell(points: int) -> None:
            if progress is not None:
                progress(Progress(done + points, total, before, time.monotonic() - begun, plan.model))

        def keep(piece: Piece, points: NDArray[np.float64], logs: NDArray[np.float64]) -> None:
            nonlocal done
            folder.add(piece, _table(points, logs, coordinates))
            done += len(points)

        peaks = peaks_of(folder, problem, lambda: tell(0)) if plan.start == "peaks" else []
        sampled = sample(
            coordinates,
            lambda points: problem.log_likelihood(points, tell),
            sequences=plan.sequences,
            rounds=plan.rounds,
            points=plan.points,
            seed=plan.seed,
            peaks=peaks,
            known=lambda piece: _known(folder, piece, coordinates),
            keep=keep,
        )
        folder.finish()
    return PooledFit(problem, sampled, out)


def _table(points: NDArray[np.float64], logs: NDArray[np.float64], coordinates: Coordinates) -> object:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    columns = {"error": pa.array([""] * len(points), pa.string())}
    for name, values in zip(_columns(coordinates), np.hstack([points, logs]).T, strict=True):
        columns[name] = pa.array(values, pa.float64())
    return pa.table(columns)


def _columns(coordinates: Coordinates) -> tuple[str, ...]:
    return (*columns_of(coordinates), *(f"log_likelihood {patron}" for patron in coordinates.patrons))


def _known(
    folder: Folder, piece: Piece, coordinates: Coordinates
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    if folder.lacks(piece):
        return None
    names, count = _columns(coordinates), len(coordinates.names)
    table = read_table(folder.path / PARTS / piece.file, folder.manifest.parts[piece.file].sha256, names)
    values = np.column_stack([table.column(name).to_numpy() for name in names])
    return values[:, :count], values[:, count:]


def _manifest(problem: PooledProblem) -> tuple[Manifest, dict[str, object]]:
    said, plan = problem.decisive, problem.plan
    facts = {name: part.observed.model_dump(mode="json") for name, part in problem.parts.items()}
    content = {"plan": asked_for(said), "observed": facts, "code": history_hash(OWN_SOURCES)}
    manifest = Manifest(
        version=version(),
        model_sha256=model_hash(),
        experiment_sha256=hash_of(content),
        points_sha256="",
        scenarios={name: scenario_hash(part.scenario) for name, part in problem.parts.items()},
        seed=plan.seed,
        replicates=plan.sequences,
        points=plan.points,
        layout={"points_per_part": plan.points},
    )
    rest = {"facts": [hash_of(facts)], "code of the likelihood": [history_hash(OWN_SOURCES)], "scenarios": []}
    return manifest, {"experiment": {**said, **rest}, "factors": []}


def title_of(problem: PooledProblem) -> str:
    """Return what tables call the model."""
    return MODELS[problem.plan.model].title
