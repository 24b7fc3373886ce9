"""Work out means of measures without sampling, where a scenario's replay has an exact chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.run.provenance import model_hash
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import NotExactError, Replay
from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.errors import ScenarioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.run.results import Results
    from papertiger.model.ensemble.exact import Chain

KINDS = ("posture", "defected", "share_defected")
MAX_POINTS = 5_000
"""More design points than this are not worked out one by one."""


class ExactMeans:
    """Hold what the chains of an experiment's scenarios say of its measures.

    Parameters
    ----------
    results
        An opened folder.

    Attributes
    ----------
    reasons
        Why a scenario has no exact chain, by label.
    """

    def __init__(self, results: Results) -> None:
        self.results, self.experiment = results, results.experiment
        self.reasons: dict[str, str] = {}
        self._chains: dict[str, list[Chain]] = {}
        self._regimes: dict[str, tuple[tuple[str, ...], NDArray[Any], NDArray[np.bool_]]] = {}
        for label, world in results.worlds.items():
            if label in self.experiment.theories:
                self.reasons[label] = f"{label} runs under rules of the author's own"
            elif self.experiment.decisions_in(label):
                self.reasons[label] = f"in {label} decisions are given, which the chain does not know"
            elif len(results.points) > MAX_POINTS or results.manifest.model_sha256 != model_hash():
                self.reasons[label] = "there are too many design points, or another version made the rows"
            else:
                try:
                    replay = Replay(world)
                    points = [results.points.at(number) for number in range(len(results.points))]
                    self._chains[label] = [replay.chain(values or None) for values in points]
                except (NotExactError, ScenarioError) as error:
                    self.reasons[label] = str(error)
                    continue
                # Regimes and membership hang on dated events alone in such a world, so that one run tells them.
                run = ensemble(world, 1, self.experiment.seed, keep=("regimes",))
                self._regimes[label] = (run.months, run.path("regimes")[0], run.kept.counts.sum(axis=2) > 0)

    def mean(self, measure: str, label: str) -> NDArray[np.float64] | None:
        """Return the mean of a measure in a scenario at each design point, or None where no chain gives it.

        Parameters
        ----------
        measure, label
            Name of the measure, and the scenario's label.
        """
        part: Any = self.experiment.measures[measure]
        if label not in self._chains or type(part).kind_name not in KINDS:
            return None
        months, regimes, there = self._regimes[label]
        if part.at != "end" and part.at not in months:
            return None
        month = len(months) - 1 if part.at == "end" else months.index(part.at)
        return np.array([self._at(chain, part, month, regimes[month], there[month]) for chain in self._chains[label]])

    def _at(self, chain: Chain, part: Any, month: int, regimes: NDArray[Any], there: NDArray[np.bool_]) -> float:
        shares = chain.marginals()[month]
        if type(part).kind_name == "posture":
            return float(shares[chain.clients.index(part.client)] @ np.arange(shares.shape[1]))
        gone = shares[:, SUSPENDED:].sum(axis=1)
        if part.regime_loss == "left_out":
            gone = gone * (regimes == 0)
        if type(part).kind_name == "defected":
            return float(gone[chain.clients.index(part.client)])
        return float(gone[there].sum() / max(1, int(there.sum())))
