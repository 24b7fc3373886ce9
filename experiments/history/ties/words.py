"""Say in sentences what a study of ties found, whichever way it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.ties.forecasters import BASELINES, PERSISTENCE, TREND
from papertiger.experiments.history.ties.readings import KINDS
from papertiger.experiments.history.ties.study import READS, SCORES, WITH, WITHOUT, named
from papertiger.experiments.names import label
from papertiger.experiments.phrases import counted, listed, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.experiments.history.ties.scores import Gain
    from papertiger.experiments.history.ties.study import TieStudy

CRPS = SCORES[1]
SLIGHT = 1.0
"""A difference of evidence in nats below which it is hardly worth a mention (Jeffreys 1961)."""
FEW_POINTS = 100
"""With fewer effective points than this what was learned is said to be rough."""
FEW_COVERED = 0.9
"""Below this simulated coverage an interval of 95 % is said to be too narrow."""


def answer(study: TieStudy) -> list[str]:
    """Return what trust adds, in one sentence, and then what that rests on."""
    return [_headline(study), *_trust(study), *_baselines(study), *_limits(study)]


def _headline(study: TieStudy) -> str:
    years = study.problem.plan.testing
    when = f"of {years.first}" if years.first == years.last else f"of {years.first} to {years.last}"
    compared = [_gain(study, named(read, WITH), named(read, WITHOUT), score) for read in READS for score in SCORES]
    better, worse = [one.clear and one.gain > 0 for one in compared], [one.clear and one.gain < 0 for one in compared]
    if not any(better):
        rest = f" ({counted(sum(worse), 'comparison')} of {len(worse)} clearly worse with it)" if any(worse) else ""
        return f"Trust adds nothing that can be seen to forecasts of the patron's shares {when}{rest}."
    if all(better):
        return f"Trust makes forecasts of the patron's shares {when} better, in both readings and by both scores."
    return (
        f"Trust makes forecasts of the patron's shares {when} clearly better in {sum(better)} of {len(better)} "
        f"comparisons and clearly worse in {sum(worse)}: weak."
    )


def _trust(study: TieStudy) -> Iterator[str]:
    for read in READS:
        compared = [_gain(study, named(read, WITH), named(read, WITHOUT), score) for score in SCORES]
        told = " and ".join(f"{interval(one)} in {score}" for one, score in zip(compared, SCORES, strict=True))
        nats = study.evidence(read, WITH).log - study.evidence(read, WITHOUT).log
        said = "which speaks for trust" if nats > 0 else "which speaks against trust"
        weight = "hardly worth a mention" if abs(nats) < SLIGHT else said
        yield (
            f"Read as {read}, beliefs that move gain {told} over beliefs that stay "
            f"({counted(compared[0].clients, 'client')}); the evidence of the training years for them is "
            f"{signed(nats)} nats, {weight}."
        )


def _baselines(study: TieStudy) -> Iterator[str]:
    for read in READS:
        name = named(read, WITH)
        told = [f"{_against(_gain(study, name, one, CRPS))} {one}" for one in (PERSISTENCE, TREND)]
        means = ", ".join(f"{one} {study.losses[one][1].mean():.3f}" for one in (name, *BASELINES))
        yield f"Read as {read}, the model is {listed(told)} (mean CRPS: {means})."


def _against(compared: Gain) -> str:
    word = "ahead of" if compared.gain > 0 else "behind"
    return f"clearly {word}" if compared.clear else f"not clearly {word}"


def _limits(study: TieStudy) -> Iterator[str]:
    least = min(one.effective for one in study.forecasters.values() if len(one.centres) > 1)
    if least < FEW_POINTS:
        yield f"As few as {least:.0f} effective points stand behind what was learned: take it as rough."
    covered = [
        _gain(study, named(read, WITH), other, CRPS).coverage
        for read in READS
        for other in (named(read, WITHOUT), *BASELINES)
    ]
    low, high = min(covered), max(covered)
    if low < FEW_COVERED:
        yield (
            f"Intervals aim at 95 %; drawn from the clients that there are they cover {low:.0%} to {high:.0%}, so "
            "that those with a low coverage are too narrow."
        )
    stuck = list(never_move(study))
    if stuck:
        yield f"What begins at exactly 0 or 1 never moves in the model, whatever is seen later: {'; '.join(stuck)}."


def never_move(study: TieStudy) -> Iterator[str]:
    """Yield the ties that begin at exactly 0 or 1 and were seen elsewhere in the years of the study, in words."""
    readings, clients = study.problem.readings, study.problem.scenario.clients
    entry = study.entry[readings.client, readings.kind]
    here = (study.trained | study.tested) & ((entry == 0.0) | (entry == 1.0))
    for client, kind in sorted(
        {(int(readings.client[place]), int(readings.kind[place])) for place in np.flatnonzero(here)}
    ):
        own = here & (readings.client == client) & (readings.kind == kind)
        seen = readings.share[own]
        if np.abs(seen - entry[own]).max() > 0.0:
            name = label(clients, readings.clients[client])
            yield f"{KINDS[kind]} of {name} ({entry[own][0]:g}, seen {seen.min():g} to {seen.max():g})"


def _gain(study: TieStudy, name: str, reference: str, score: str) -> Gain:
    compared = study.gain(name, reference, score)
    assert compared is not None
    return compared


def interval(compared: Gain) -> str:
    """Return a gain with its interval."""
    if np.isnan(compared.low):
        return f"{signed(compared.gain, 4)} (no interval: one client)"
    return f"{signed(compared.gain, 4)} [{signed(compared.low, 4)}, {signed(compared.high, 4)}]"
