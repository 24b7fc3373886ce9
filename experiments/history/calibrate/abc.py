"""Learn mechanisms that the exact likelihood cannot hold, by comparing patterns of simulated histories.

Feedback of lost assets, contagion and covert hedging let postures depend on postures or on luck, so the probability
of a history has no closed form. Here whole histories are simulated, one for each parameter set, and those whose
patterns lie near the observed ones are kept, nearer with each generation (sequential Monte Carlo: Toni et al. 2009;
distances scaled by the spread of each pattern: Prangle 2017; carried out by pyABC: Schälte et al. 2022). The
parameters that the exact likelihood did learn are drawn from its posterior in every simulation and not learned
again (a cut model: Plummer 2015). The result is an approximation, and rough; what it says of a mechanism is read
beside its prior.
"""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger import scenarios
from papertiger.experiments.errors import ExperimentError, FolderError
from papertiger.experiments.history.calibrate.importance import moments, quantiles
from papertiger.experiments.history.calibrate.plan import paths_of
from papertiger.experiments.history.observed.patterns import TITLES, sights_of
from papertiger.experiments.history.observed.periods import last_month
from papertiger.experiments.run.provenance import model_hash, scenario_hash
from papertiger.model.calendar import month_number
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.sampling import quantile
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.errors import Problem
from papertiger.scenarios.files import reason_of, remove, write_file
from papertiger.scenarios.knowledge import known_by
from papertiger.scenarios.reading.json_reader import JsonError, read_limited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.scenarios.schema.figures import Distribution

DATABASE, CLAIM = "abc.db", "abc.json"
INSTALL = "pip install 'papertiger[abc]'"
LEVELS = (0.05, 0.5, 0.95)
MAX_RUNS = 2**31


class MissingExtraError(Exception):
    """Report that the optional packages are not installed; the text says how to get them."""


@dataclass(frozen=True)
class Learned:
    """Hold what is left after the last generation.

    Attributes
    ----------
    paths
        Of the parameters, length D.
    values, weight
        M x D, and length M; the weights sum to 1.
    patterns
        M x K: patterns of the history that each parameter set made, in the order of `patterns.TITLES`.
    observed
        Patterns of what happened, length K.
    priors
        Of the parameters, length D.
    simulations, generations
        How many histories were simulated, and in how many generations.
    distance
        The largest distance that was still accepted.
    """

    paths: tuple[str, ...]
    values: NDArray[np.float64]
    weight: NDArray[np.float64]
    patterns: NDArray[np.float64]
    observed: NDArray[np.float64]
    priors: tuple[Distribution, ...]
    simulations: int
    generations: int
    distance: float

    def summary(self) -> list[dict[str, object]]:
        """Return a row per parameter: quantiles of the prior and of what was kept."""
        rows: list[dict[str, object]] = []
        for path, prior, values in zip(self.paths, self.priors, self.values.T, strict=True):
            mean, deviation = moments(values, self.weight)
            low, middle, high = map(float, quantiles(values, self.weight, LEVELS))
            rows.append(
                {
                    "parameter": path.partition(".")[2],
                    "prior_q05": quantile(prior, LEVELS[0]),
                    "prior_q95": quantile(prior, LEVELS[-1]),
                    "mean": mean,
                    "sd": deviation,
                    "q05": low,
                    "median": middle,
                    "q95": high,
                }
            )
        return rows

    def compared(self) -> list[dict[str, object]]:
        """Return a row per pattern: what was observed, and what the histories that were kept show."""
        rows: list[dict[str, object]] = []
        for (name, title), seen, simulated in zip(TITLES.items(), self.observed, self.patterns.T, strict=True):
            low, middle, high = map(float, quantiles(simulated, self.weight, LEVELS))
            rows.append(
                {"pattern": name, "observed": float(seen), "q05": low, "median": middle, "q95": high, "what": title}
            )
        return rows


class Simulator:
    """Make the patterns of one simulated history after another.

    Parameters
    ----------
    problem
        A calibration with patterns.
    exact
        Draws of the parameters that the exact likelihood learned.

    Attributes
    ----------
    sights
        How patterns are read.
    paths, priors
        Of the parameters that are learned here.
    observed
        Patterns of what happened, by name.
    """

    def __init__(self, problem: CalibrationProblem, exact: Posterior) -> None:
        self.sights, self.observed = sights_of(problem)
        patterns = self.sights.patterns
        self.paths = paths_of(patterns.free)
        self._problem, self._exact = problem, [values for _, values in exact.each()]
        self.priors = _priors(problem, self.paths)
        start = month_number(problem.scenario.span.start)
        self._months = [month_number(last_month(period)) - start for period in self.sights.periods]
        names = list(bonds_of(problem.scenario))
        self._columns = [names.index(name) for name in self.sights.clients]
        # Nothing after the last half-year is looked at, so nothing after it is run, or known.
        last = last_month(self.sights.periods[-1])
        self._world = scenarios.change(known_by(problem.scenario, last), {"span.end": last})

    def values_of(self, unit: Mapping[str, float]) -> dict[str, float]:
        """Return parameters by path, from the probabilities below them by name."""
        return {
            path: quantile(prior, min(float(unit[name_of(path)]), 1.0 - 1e-9))
            for path, prior in zip(self.paths, self.priors, strict=True)
        }

    def patterns(self, values: Mapping[str, float], run: int) -> dict[str, float]:
        """Return the patterns of one history.

        Parameters
        ----------
        values
            Numbers by path of the parameters that are learned here.
        run
            Number of the run: its luck, and which draw of the exact posterior goes with it.
        """
        given = {**self._exact[run % len(self._exact)], **values}
        postures = ensemble(
            self._world, 1, self._problem.plan.seed, first_run=run, values=given, keep="postures", threads=1
        ).path("postures")[0]
        return self.sights.of(postures[np.ix_(self._months, self._columns)].astype(np.int64))


def name_of(path: str) -> str:
    """Return what pyABC calls a parameter."""
    return path.partition(".")[2]


def _priors(problem: CalibrationProblem, paths: tuple[str, ...]) -> tuple[Distribution, ...]:
    priors = []
    for path in paths:
        figure = getattr(problem.scenario.parameters, name_of(path), None)
        if figure is None or figure.prior is None:
            message = f"no parameter {name_of(path)} with a prior in {problem.scenario.name}"
            raise ExperimentError([Problem(problem.plan.name, None, "patterns.free", message)])
        priors.append(figure.prior)
    return tuple(priors)


def learn(
    problem: CalibrationProblem,
    exact: Posterior,
    out: Path,
    *,
    fresh: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Learned:
    """Learn the parameters of a plan's patterns, in a folder; a second start goes on after the last generation.

    Parameters
    ----------
    problem
        A calibration with patterns.
    exact
        Draws of the parameters that the exact likelihood learned.
    out
        The folder; generations lie in a database there, as pyABC writes it.
    fresh
        Remove what another start left there.
    progress
        Is told how many generations are done, and of how many.

    Raises
    ------
    MissingExtraError
        If pyABC is not installed.
    ExperimentError
        If the plan's patterns do not fit.
    FolderError
        If the folder belongs to another calibration, or cannot be written.
    """
    simulator = Simulator(problem, exact)
    pyabc = _pyabc()
    patterns = simulator.sights.patterns
    database = f"sqlite:///{(out / DATABASE).resolve()}"
    going_on = _claim(problem, exact, out, fresh=fresh)
    rng = np.random.default_rng([problem.plan.seed, 0])

    def model(unit: Mapping[str, float]) -> dict[str, float]:
        return simulator.patterns(simulator.values_of(unit), int(rng.integers(MAX_RUNS)))

    with _quietly(problem.plan.seed):
        smc = pyabc.ABCSMC(
            model,
            pyabc.Distribution(**{name_of(path): pyabc.RV("uniform", 0, 1) for path in simulator.paths}),
            pyabc.AdaptivePNormDistance(p=2),
            population_size=patterns.population,
            sampler=pyabc.sampler.SingleCoreSampler(),
        )
        if going_on:
            smc.load(database, 1, simulator.observed)
            # What was drawn before is not drawn again.
            rng = np.random.default_rng([problem.plan.seed, smc.history.n_populations])
        else:
            smc.new(database, simulator.observed)
        while (done := smc.history.n_populations) < patterns.generations:
            if progress is not None:
                progress(done, patterns.generations)
            smc.run(max_nr_populations=1)
            if smc.history.n_populations == done:
                break
        if progress is not None:
            progress(smc.history.n_populations, patterns.generations)
        return _learned(simulator, smc.history)


def _learned(simulator: Simulator, history: Any) -> Learned:
    last = history.max_t
    frame, weight = history.get_distribution(m=0, t=last)
    _, patterns = history.get_weighted_sum_stats(t=last)
    unit = frame[[name_of(path) for path in simulator.paths]].to_dict("records")
    values = [list(simulator.values_of(row).values()) for row in unit]
    populations = history.get_all_populations()
    return Learned(
        simulator.paths,
        np.array(values, dtype=np.float64),
        np.asarray(weight, dtype=np.float64),
        np.array([[float(one[name]) for name in TITLES] for one in patterns]),
        np.array([simulator.observed[name] for name in TITLES]),
        simulator.priors,
        int(history.total_nr_simulations),
        int(history.n_populations),
        float(populations["epsilon"].iloc[-1]),
    )


def _pyabc() -> Any:
    try:
        import pyabc  # noqa: PLC0415 - an optional extra, and slow to import
    except ImportError:
        raise MissingExtraError(f"this needs the optional package pyabc; install it with: {INSTALL}") from None
    return pyabc


def _claim(problem: CalibrationProblem, exact: Posterior, out: Path, *, fresh: bool) -> bool:
    """Make a folder this calibration's, and tell whether there is something to go on with."""
    assert problem.plan.patterns is not None
    said = problem.plan.patterns.model_dump(mode="json")
    said.pop("generations")  # more of them go on with what is there
    content = {
        "patterns": said,
        "training": problem.plan.training.model_dump(mode="json"),
        "seed": problem.plan.seed,
        "scenario": scenario_hash(problem.scenario),
        "observed": problem.observed.model_dump(mode="json"),
        "exact": hashlib.sha256(exact.values.tobytes()).hexdigest(),
        "model": model_hash(),
    }
    text = json.dumps({key: hashlib.sha256(json.dumps(value).encode()).hexdigest() for key, value in content.items()})
    claim, database = out / CLAIM, out / DATABASE
    try:
        out.mkdir(parents=True, exist_ok=True)
        if fresh:
            remove(claim)
            remove(database)
        if claim.exists() and read_limited(claim) != text.encode("ascii"):
            raise FolderError(
                f"{out}: holds what another calibration learned from patterns; go on with another folder (--out), or "
                "replace what is there (--fresh)"
            )
        if not claim.exists():
            remove(database)
            write_file(claim, text.encode("ascii"))
    except JsonError as error:
        raise FolderError(f"{error}; go on with another folder (--out), or replace what is there (--fresh)") from None
    except OSError as error:
        raise FolderError(f"{out}: cannot write there: {reason_of(error)}") from None
    return database.exists()


@contextmanager
def _quietly(seed: int) -> Iterator[None]:
    """Give pyABC luck of its own and keep it from talking; both are global to the process, so both are put back."""
    before, log = np.random.get_state(), logging.getLogger("ABC")
    level = log.level
    log.setLevel(logging.ERROR)
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)
        log.setLevel(level)
