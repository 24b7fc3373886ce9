"""Examine claims: run each one's worlds with the same luck, and judge every effect that it asserts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papertiger.experiments.claims.measures import MEASURES, Measure, measured, unit_of
from papertiger.experiments.claims.schema import DOMAINS
from papertiger.experiments.claims.verdict import Judged, better, difference, judge, together
from papertiger.experiments.claims.worlds import pair
from papertiger.experiments.run.provenance import model_hash, scenario_hash
from papertiger.model.ensemble.ensemble import ensemble

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from papertiger.experiments.claims.schema import Claim, Claims, Domain, Effect, Smallest
    from papertiger.experiments.claims.verdict import ClaimVerdict
    from papertiger.experiments.statistics.paired import PairedDifference
    from papertiger.scenarios.schema.scenario import Scenario

type Progress = Callable[[int, int], None]

RUNS = 400
"""Runs of each world where nobody says how many."""
CHUNK = 64
"""Runs of a piece of work, so that two cores have both something to do."""
FROZEN: Mapping[str, float] = {"evidence_scale": 0.0}
"""With these values nobody learns: every belief stays at its prior."""


@dataclass(frozen=True)
class Finding:
    """Hold what came of one effect that a claim asserts.

    Attributes
    ----------
    effect
        What is measured, of whom and when, and the sign.
    smallest
        The smallest effect of interest.
    difference
        What the claimed world has more than its twin; None where there is hardly anything to measure.
    off
        The same with the mechanism switched off in both worlds.
    frozen
        The same where nobody's beliefs move, of an effect in ties or posture.
    judged
        The verdict.
    """

    effect: Effect
    smallest: float
    difference: PairedDifference | None
    off: PairedDifference | None
    frozen: PairedDifference | None
    judged: Judged

    @property
    def kind(self) -> Measure:
        """Return the kind of measure."""
        return MEASURES[self.effect.measure]

    @property
    def domain(self) -> Domain:
        """Return where the effect shows."""
        return self.kind.domain


@dataclass(frozen=True)
class Examined:
    """Hold what came of one claim.

    Attributes
    ----------
    key, claim
        Its number, and what the file says of it.
    findings
        One for each effect that it asserts.
    """

    key: str
    claim: Claim
    findings: tuple[Finding, ...] = ()

    def of(self, domain: Domain) -> list[Finding]:
        """Return the findings of a domain."""
        return [one for one in self.findings if one.domain == domain]

    def verdict(self, domain: Domain) -> ClaimVerdict | None:
        """Return the verdict in a domain: that of the weakest effect; None where the claim asserts nothing there."""
        if self.claim.missing is not None:
            return "absent"
        return together(one.judged.verdict for one in self.of(domain))

    @property
    def behaviour(self) -> ClaimVerdict | None:
        """Return the verdict in ties or posture, the better of the two."""
        return better(self.verdict(domain) for domain in DOMAINS[1:])


@dataclass(frozen=True)
class Examination:
    """Hold all claims, examined.

    Attributes
    ----------
    claims
        What the file says.
    examined
        What came of each that was asked for, in the order of the file.
    runs, seed
        Of each world.
    fingerprint
        Of the file, the model and the worlds that were run; see `fingerprint`.
    posterior
        Draws that all worlds took their constants from; None where those of the files were used.
    learned
        The same claims under the constants that other cases taught; None where nobody asked.
    """

    claims: Claims
    examined: tuple[Examined, ...]
    runs: int
    seed: int
    fingerprint: str
    posterior: str | None = None
    learned: Examination | None = None

    @property
    def single(self) -> list[Examined]:
        """Return the claims, without those that are taken together."""
        return [one for one in self.examined if "-" not in one.key]


@dataclass
class _Run:
    """A world that is to be run, with what is read off it."""

    scenario: Scenario
    values: Mapping[str, float]
    readings: dict[tuple[str, int], Effect] = field(default_factory=dict)


def examine(
    claims: Claims,
    runs: int = RUNS,
    seed: int = 1,
    *,
    only: Collection[str] | None = None,
    posterior: str | None = None,
    progress: Progress | None = None,
) -> Examination:
    """Run the worlds of claims and judge every effect.

    Parameters
    ----------
    claims
        What the file says.
    runs, seed
        Of each world; all worlds share the luck of run k.
    only
        Keys of the claims that are examined; blank takes all.
    posterior
        Name of shipped draws that every world takes its constants from, a row a run, or the path of others; blank
        takes those of the scenario files.
    progress
        Called with the worlds that were run, and how many there are.

    Raises
    ------
    ScenarioError
        If the draws do not fit a world.
    """
    chosen = {key: claim for key, claim in claims.claims.items() if only is None or key in only}
    planned = _Plan(posterior)
    for key, claim in chosen.items():
        planned.add(key, claim)
    values = planned.carry_out(runs, seed, progress)
    examined = tuple(
        Examined(
            key, claim, tuple(_finding(key, number, claim, claims.smallest, values, seed) for number in _of(claim))
        )
        for key, claim in chosen.items()
    )
    return Examination(claims, examined, runs, seed, fingerprint(claims, planned.hashes), posterior)


def examine_both(
    claims: Claims,
    runs: int = RUNS,
    seed: int = 1,
    *,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Examination:
    """Examine claims under the constants that ship, and, where the file names draws of others, under those as well.

    Parameters
    ----------
    claims, runs, seed, only
        As of `examine`.
    progress
        Called with the worlds that were run of one of the two, and how many there are.
    """
    shipped = examine(claims, runs, seed, only=only, progress=progress)
    if claims.learned is None:
        return shipped
    learned = examine(claims, runs, seed, only=only, posterior=claims.learned, progress=progress)
    return replace(shipped, learned=learned, fingerprint=_joined(shipped.fingerprint, learned.fingerprint))


def _joined(shipped: str, learned: str) -> str:
    return hashlib.sha256(f"{shipped} {learned}".encode("ascii")).hexdigest()


def fingerprint(claims: Claims, hashes: Sequence[str]) -> str:
    """Return the SHA-256 of all that the figures hang on: what the file asks, the model, and the worlds.

    Parameters
    ----------
    claims
        What the file says.
    hashes
        Of the resolved scenarios that are run.
    """
    digest = hashlib.sha256(claims.model_dump_json().encode())
    for part in (model_hash(), *sorted(set(hashes))):
        digest.update(part.encode("ascii"))
    return digest.hexdigest()


def expected_fingerprint(claims: Claims) -> str:
    """Return the fingerprint that `examine_both` gives of all claims, without running any."""
    shipped = _expected(claims, None)
    return shipped if claims.learned is None else _joined(shipped, _expected(claims, claims.learned))


def _expected(claims: Claims, posterior: str | None) -> str:
    planned = _Plan(posterior)
    for key, claim in claims.claims.items():
        planned.add(key, claim)
    return fingerprint(claims, planned.hashes)


_ON, _OFF, _FROZEN = "on", "off", "frozen"
_CLAIMED, _TWIN = "claimed", "twin"


def _of(claim: Claim) -> range:
    return range(len(claim.effects))


def _ways(claim: Claim) -> dict[str, Mapping[str, float]]:
    """Return the ways in which a claim's two worlds are run, with what is set in both."""
    assert claim.mechanism is not None  # nosec B101 - the schema holds that a claim with a twin has one
    return {_ON: {}, _OFF: claim.mechanism.off, _FROZEN: FROZEN}


class _Plan:
    """Collect the worlds of claims, so that one that several claims share is run once."""

    def __init__(self, posterior: str | None) -> None:
        self.posterior = posterior
        self.runs: dict[tuple[str, str], _Run] = {}

    @property
    def hashes(self) -> list[str]:
        """Return the hashes of the resolved scenarios."""
        return [sha256 for sha256, _ in self.runs]

    def add(self, key: str, claim: Claim) -> None:
        """Add the worlds of a claim."""
        if claim.missing is not None:
            return
        worlds = pair(claim, self.posterior)
        sides = {_CLAIMED: worlds.claimed, _TWIN: worlds.twin}
        hashes = {side: scenario_hash(world) for side, world in sides.items()}
        for way, values in _ways(claim).items():
            numbers = [number for number in _of(claim) if _is_read(claim.effects[number], way)]
            if not numbers:
                continue
            for side, world in sides.items():
                place = hashes[side], json.dumps(dict(values), sort_keys=True)
                run = self.runs.setdefault(place, _Run(world, values))
                for number in numbers:
                    run.readings[f"{key} {way} {side}", number] = claim.effects[number]

    def carry_out(
        self, runs: int, seed: int, progress: Progress | None
    ) -> dict[tuple[str, int], NDArray[np.float64]]:
        """Run every world and return what was read off."""
        values: dict[tuple[str, int], NDArray[np.float64]] = {}
        for done, run in enumerate(self.runs.values()):
            if progress is not None:
                progress(done, len(self.runs))
            paths = {MEASURES[effect.measure].path for effect in run.readings.values()} - {""}
            ran = ensemble(run.scenario, runs, seed, keep=sorted(paths) or "shares", values=run.values, chunk=CHUNK)
            for place, effect in run.readings.items():
                values[place] = measured(effect, ran)
        if progress is not None:
            progress(len(self.runs), len(self.runs))
        return values


def _is_read(effect: Effect, way: str) -> bool:
    kind = MEASURES[effect.measure]
    # Answers are read off the evidence that they leave, and frozen beliefs leave none.
    return way != _FROZEN or (kind.domain != "belief" and kind.path != "")


def _finding(
    key: str,
    number: int,
    claim: Claim,
    smallest: Mapping[str, Smallest],
    values: Mapping[tuple[str, int], NDArray[np.float64]],
    seed: int,
) -> Finding:
    effect = claim.effects[number]
    kind = MEASURES[effect.measure]

    def paired(way: str) -> PairedDifference | None:
        if not _is_read(effect, way):
            return None
        twin, claimed = (values[f"{key} {way} {side}", number] for side in (_TWIN, _CLAIMED))
        return difference(twin, claimed, seed)

    on, off = paired(_ON), paired(_OFF)
    least = smallest[unit_of(effect)].value
    judged = judge(on, off, sign=effect.sign, smallest=least, top=kind.top)
    return Finding(effect, least, on, off, paired(_FROZEN), judged)
