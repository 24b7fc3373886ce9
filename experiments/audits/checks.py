"""Carry out the checks of an audit: a figure each, whether the sign asked for holds, and where it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from papertiger import scenarios
from papertiger.experiments.audits import schema
from papertiger.experiments.audits.replays import chain_of, month_of, protection, replayed, rungs
from papertiger.experiments.errors import ExperimentError, FolderError
from papertiger.experiments.phrases import counted, listed, signed
from papertiger.model.ensemble.exact import Replay
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from papertiger.model.ensemble.exact import Chain

SLACK = 0.001
"""Rungs, or protection, that no sign hangs on: a thousandth of a step of the ladder is none."""
NOTABLE = 0.05
"""From so many rungs on a client is named."""
NO_TREE = "there is no source tree with tests here; --root says where it lies"
SUSPENDED = POSTURES.index("suspended")
BOLD = re.compile(r"^\*\*(.+?)\*\*", re.MULTILINE)
FROZEN = {"parameters.evidence_scale": 0.0}


@dataclass(frozen=True)
class Outcome:
    """Hold what a check came to.

    Attributes
    ----------
    figure
        In a few words.
    holds
        Whether the sign that was asked for holds; None where nothing could be looked at.
    against
        What it does not hold for, or why nothing could be looked at.
    """

    figure: str
    holds: bool | None
    against: list[str] = field(default_factory=list)


@singledispatch
def carry_out(check: object, root: Path) -> Outcome:
    """Carry out a check.

    Parameters
    ----------
    check
        One of the kinds of `papertiger.experiments.audits.schema`.
    root
        Top of the repository, for checks that look for files.
    """
    raise TypeError(f"no check of the kind {type(check).__name__} ({root})")


@carry_out.register
def _trust(check: schema.TrustCheck, _root: Path) -> Outcome:
    against = []
    for name in scenarios.names():
        free, frozen = chain_of(name), chain_of(name, FROZEN)
        lost = (protection(free) - protection(frozen)).mean(axis=0) < 0.0
        closer = (rungs(free) - rungs(frozen)).mean(axis=0) < -SLACK
        against += [f"{client} in {name}" for client in _those(free, lost & closer)]
    free, frozen = chain_of(check.scenario), chain_of(check.scenario, FROZEN)
    return Outcome(_moves(frozen, free, check.at), not against, against)


@carry_out.register
def _war(check: schema.WarCheck, _root: Path) -> Outcome:
    against = []
    for name in scenarios.names():
        chain = chain_of(name)
        effect = (rungs(chain) - rungs(chain_of(name, check.without))).mean(axis=0)
        against += [f"{client} in {name}" for client in _those(chain, effect < -SLACK)]

    def effect_under(settings: Mapping[str, object]) -> float:
        having = chain_of(check.scenario, settings)
        lacking = chain_of(check.scenario, {**check.without, **settings})
        month = month_of(having, check.at)
        return float((rungs(having) - rungs(lacking))[month].mean())

    whole = effect_under({})
    left = {name: effect_under(settings) for name, settings in check.through.items()}
    parts = ", ".join(f"{signed(value, 3)} without {name}" for name, value in left.items())
    carries = min(left, key=lambda name: left[name], default="nothing that was looked at")
    if check.carried_by not in (None, carries):
        against.append(f"{carries} carries it")
    figure = f"{signed(whole, 3)} rungs; {parts}; {carries} carries it"
    return Outcome(figure, not against, against)


@carry_out.register
def _forgives(check: schema.ConstantCheck, _root: Path) -> Outcome:
    low, high = min(check.levels), max(check.levels)
    against = []
    for name in scenarios.names():
        blunt, forgiving = (chain_of(name, {check.constant: level}) for level in (low, high))
        less = (protection(forgiving) - protection(blunt)).min(axis=0) < -1e-12
        farther = (rungs(forgiving) - rungs(blunt)).max(axis=0) > 1e-9
        against += [f"{client} in {name}" for client in _those(blunt, less | farther)]
    shown = []
    for level in check.levels:
        chain = chain_of(check.scenario, {check.constant: level})
        place = chain.clients.index(check.client)
        shown.append(f"{chain.marginals()[month_of(chain, check.at), place, SUSPENDED:].sum():.3f}")
    return Outcome(", ".join(shown), not against, against)


@carry_out.register
def _levels(check: schema.ClientCheck, _root: Path) -> Outcome:
    sign = 1.0 if check.asked == "farther" else -1.0
    base = chain_of(check.scenario, check.settings)
    world = replayed(check.scenario)
    falls = {event.client: event.date[:7] for event in world.events.values() if event.kind == "regime_loss"}
    shifts, against = {}, []
    for client in base.clients:
        if world.clients[client].sub_state:
            continue
        own = {f"clients.{client}.{key}": value for key, value in check.change.items()}
        changed = chain_of(check.scenario, {**check.settings, **own})
        last = month_of(base, check.at) + 1
        if check.until_regime_loss and falls.get(client, check.at) < check.at:
            last = month_of(base, falls[client])
        moved = (rungs(changed) - rungs(base))[:last, base.clients.index(client)]
        shifts[client] = float(moved[-1])
        if sign * moved.mean() < -SLACK:
            against.append(client)
    named = {client: shift for client, shift in shifts.items() if abs(shift) >= NOTABLE}
    if not named:
        against.append(f"moves nobody by {NOTABLE:g}")
    largest = sorted(named, key=lambda client: -abs(named[client]))
    told = ", ".join(f"{client} {signed(named[client])}" for client in largest)
    keys = listed([f"{key} {value}" for key, value in check.change.items()])
    rest = f"; the other {len(shifts) - len(named)} by less than {NOTABLE:g}" if len(named) < len(shifts) else ""
    return Outcome(f"{keys}: {told or 'nobody'}{rest}", not against, against)


@carry_out.register
def _signals(check: schema.SignalCheck, _root: Path) -> Outcome:
    world = replayed(check.scenario)
    base = Replay(world).chain({})
    place, month = base.clients.index(check.client), month_of(base, check.at)
    whole = protection(base)[month, place]
    told, against = [], []
    here = {
        name: event.kind
        for name, event in world.events.items()
        if event.client == check.client and event.date[:7] == check.at and event.kind in world.signals
    }
    for kind in dict.fromkeys(here.values()):
        # Of one kind and month only the strongest counts, so the others would stand in for it.
        left = {name: event for name, event in world.events.items() if here.get(name) != kind}
        # What is only counted beside a stronger event that is gone would count now.
        left = {name: one for name, one in left.items() if one.beside is None or one.beside in left}
        without = Replay(world.model_copy(update={"events": left})).chain({})
        signal, effect = world.signals[kind], float(whole - protection(without)[month, place])
        told.append((effect, signal.label))
        if effect > -check.least if signal.news == "bad" else effect < check.least:
            against.append(f"{signal.label} ({signed(effect, 4)})")
    figure = ", ".join(f"{label} {signed(effect, 3)}" for effect, label in sorted(told))
    return Outcome(figure or "no signal in that month", not against if told else None, against)


@carry_out.register
def _choice(check: schema.ChoiceCheck, _root: Path) -> Outcome:
    rung = POSTURES.index(check.posture)
    measured = {}
    for name, settings in check.variants.items():
        chain = chain_of(check.scenario, settings)
        measured[name] = float(chain.marginals()[month_of(chain, check.at), chain.clients.index(check.client), rung])
    first = next(iter(measured.values()))
    figure = ", ".join(f"{value:.3f} {name}" for name, value in measured.items())
    against = [
        f"{name} moves it by {abs(value - first):.4f} only"
        for name, value in list(measured.items())[1:]
        if abs(value - first) < check.least
    ]
    return Outcome(figure, not against, against)


@carry_out.register
def _skill(check: schema.SkillCheck, _root: Path) -> Outcome:
    from papertiger.experiments.history.calibrate.loader import load_problem  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.calibrate.plan import FULL  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.posterior import posterior_of  # noqa: PLC0415
    from papertiger.experiments.history.evaluate.scoring import (  # noqa: PLC0415
        ALL,
        CLIMATOLOGY,
        ONE_STEP,
        ORIGIN,
        Examination,
    )
    from papertiger.experiments.history.forecast.predictions import predict  # noqa: PLC0415
    from papertiger.experiments.history.page.evidence import mover_splits  # noqa: PLC0415

    try:
        problem = load_problem(check.calibration)
        draws = posterior_of(problem, FULL)
    except (ExperimentError, FolderError, scenarios.ScenarioError) as error:
        return Outcome("not worked out", None, [str(error)])
    examination = Examination(problem, {FULL: predict(problem, draws)})
    splits = [ALL, *mover_splits(examination)]
    chosen = [splits[0], max(splits, key=lambda split: len(split.unscored))]
    parts = []
    for kind in (ONE_STEP, ORIGIN):
        gains = [examination.skill(FULL, CLIMATOLOGY, split, kind, "RPS") for split in chosen]
        parts.append(
            f"{' → '.join(f'{one.gain:+.4f} [{one.gain_low:+.4f}, {one.gain_high:+.4f}]' for one in gains)} {kind}"
        )
    without = f" (without {listed(list(chosen[1].unscored))})" if chosen[1].unscored else ""
    return Outcome(f"gain in RPS over climatology {'; '.join(parts)}{without}", True)


@carry_out.register
def _record(check: schema.RecordCheck, _root: Path) -> Outcome:
    from papertiger.experiments.history.calibrate.loader import load_problem  # noqa: PLC0415 - slow to import

    titles = [test.title for test in load_problem(check.calibration).plan.record]
    if check.title in titles:
        return Outcome(f"“{check.title}” stands in the calibration {check.calibration}", True)
    return Outcome("not on record", False, [f"the calibration has {listed(titles) or 'none'}"])


@carry_out.register
def _files(check: schema.FilesCheck, root: Path) -> Outcome:
    if not (root / "tests").is_dir():
        return Outcome("not looked at", None, [NO_TREE])
    files = sorted((root / check.folder).rglob(check.pattern))
    if not files:
        return Outcome("0 files", None if check.may_lack else False, [f"no file {check.pattern} in {check.folder}/"])
    return Outcome(f"{counted(len(files), 'file')}, the first {files[0].name}", True)


@carry_out.register
def _page(check: schema.PageCheck, root: Path) -> Outcome:
    path = root / check.file
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    said = BOLD.search(text.partition(check.after)[2])
    if said is None:
        return Outcome("not worked out", None, [f"no bold sentence after '{check.after}' in {check.file}"])
    against = [f"the page says '{check.lacks}'"] if check.lacks is not None and check.lacks in text else []
    return Outcome(said[1].strip(), not against, against)


@carry_out.register
def _coverage(check: schema.CoverageCheck, _root: Path) -> Outcome:
    from papertiger.experiments.history.evaluate.coverage import WORLDS, coverage_of  # noqa: PLC0415 - slow to import

    measured = coverage_of(WORLDS[0], check.clients)
    usual = f"percentiles of drawn clients {measured.percentiles:.2f}"
    figure = f"{measured.published:.2f} at {check.clients} clients; {usual}"
    against = [] if measured.published >= check.least else [f"less than {check.least:g}"]
    return Outcome(figure, measured.published >= check.least, against)


@carry_out.register
def _tests(check: schema.TestsCheck, root: Path) -> Outcome:
    if not (root / "tests").is_dir():
        return Outcome("not looked at", None, [NO_TREE])
    against = []
    for named in check.tests:
        file, _, function = named.partition("::")
        path = root / file
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        wanted = f"def {function}(" if function else "def test_"
        if wanted not in text:
            against.append(f"no test {named}")
    return Outcome(f"{check.figure}: {', '.join(f'`{named}`' for named in check.tests)}", not against, against)


def _those(chain: Chain, which: NDArray[np.bool_]) -> list[str]:
    return [client for client, one in zip(chain.clients, which, strict=True) if one]


def _moves(before: Chain, after: Chain, at: str) -> str:
    """Return the mean rungs of whom something moves, before and after, and how far it moves the rest."""
    month = month_of(after, at)
    pairs = zip(after.clients, rungs(before)[month], rungs(after)[month], strict=True)
    shifts = sorted(((client, float(one), float(two)) for client, one, two in pairs), key=lambda row: row[1] - row[2])
    named = [row for row in shifts if abs(row[2] - row[1]) >= NOTABLE]
    rest = max((abs(two - one) for client, one, two in shifts if (client, one, two) not in named), default=0.0)
    told = "; ".join(f"{client} {one:.2f} → {two:.2f}" for client, one, two in named)
    return f"{told or 'nobody'}; the other {len(shifts) - len(named)} by {rest:.2f} at most"
