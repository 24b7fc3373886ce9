"""Write what the data say of the model: skill, evidence of its parts, parameters, and history replayed."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.calibration import FEW
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import BASELINE, FROZEN, FULL
from papertiger.experiments.history.evaluate.scoring import (
    ALL,
    CLIMATOLOGY,
    LANDSCAPE,
    ONE_STEP,
    ORIGIN,
    PERSISTENCE,
    Split,
    splits,
)
from papertiger.experiments.history.evaluate.verdict import LEAST_SKILL
from papertiger.experiments.history.page.material import Material, Table, parameter_label, share_in_words
from papertiger.experiments.phrases import counted, listed
from papertiger.experiments.statistics.intervals import LEVEL
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papertiger.experiments.history.calibrate.plan import Expectation
    from papertiger.experiments.history.evaluate.replay import Replayed
    from papertiger.experiments.history.evaluate.scoring import Examination
    from papertiger.experiments.history.evaluate.skill import Skill

MOVED = 0.25
"""From this share of the prior's variance on, the data are said to have moved a parameter."""
MAX_LOG_ODDS = 50.0
"""In nats; odds beyond are said to be more than these."""
STRONG = 0.5
"""From this correlation on, either way, two parameters are said to be known only together."""
FEW_MOVERS = 3
"""Up to so many clients that moved, every two of them are left out, too."""
SLIGHT = 1.0
"""A difference of evidence in nats below which it is hardly worth a mention (Jeffreys 1961)."""


def skill_table(material: Material) -> Table:
    """Tabulate the gain of the full model over each reference, under each split."""
    examination = material.examination
    references = _references(examination)
    rows = []
    for split in splits(examination.problem):
        for kind in (ONE_STEP, ORIGIN):
            cells = [skill_cell(examination.skill(FULL, name, split, kind, "RPS")) for name in references]
            own = examination.skill(FULL, CLIMATOLOGY, split, kind, "RPS")
            draws = examination.forecasts(FULL, split).effective
            rows.append([split.title, kind, f"{own.score:.4f}", *cells, f"{draws:,.0f}"])
    headings = ["who is learned from and scored", "forecast", "RPS", *(f"gain over {name}" for name in references)]
    return Table([*headings, "effective draws"], rows)


def _references(examination: Examination) -> list[str]:
    """Return what the full model's gain is shown over: baselines, structure alone, and trust frozen."""
    names = [CLIMATOLOGY, LANDSCAPE, BASELINE, FROZEN]
    return [name for name in names if name in examination.names]


def skill_cell(skill: Skill) -> str:
    """Write a gain with its interval and as a share of the reference, and whether the interval leaves out zero."""
    share = f" ({100 * skill.skill:+.0f} %)" if skill.skill >= LEAST_SKILL else ""
    if skill.without_interval:
        return f"{skill.gain:+.4f} [{skill.without_interval}]{share}"
    mark = " **clear**" if skill.gain_low > 0 else " **worse**" if skill.gain_high < 0 else ""
    return f"{skill.gain:+.4f} [{skill.gain_low:+.4f}, {skill.gain_high:+.4f}]{share}{mark}"


def mover_table(material: Material) -> Table:
    """Tabulate what becomes of the gain without each client that moved, and without several of them."""
    examination = material.examination
    references = [PERSISTENCE, *(name for name in _references(examination) if name != LANDSCAPE)]
    rows = [
        [
            split.title,
            kind,
            *(skill_cell(examination.skill(FULL, name, split, kind, "RPS")) for name in references),
        ]
        for split in (ALL, *mover_splits(examination))
        for kind in (ONE_STEP, ORIGIN)
    ]
    return Table(["who is scored", "forecast", *(f"gain over {name}" for name in references)], rows)


def mover_splits(examination: Examination) -> list[Split]:
    """Return splits that leave out each client that moved in the test, every two of a few, and all.

    They are learned from and only not scored, so that one sees whose scores the gain consists of.
    """
    movers = names_of_movers(examination)
    sizes = range(1, len(movers) + 1) if len(movers) <= FEW_MOVERS else (1, len(movers))
    return [
        Split(f"unscored {' '.join(names)}", f"{listed(names)} not scored", unscored=names)
        for size in sizes
        for names in combinations(movers, size)
        if examination.scored_steps(Split("", "", unscored=names)).any()
    ]


def score_table(material: Material) -> Table:
    """Tabulate the mean scores of all forecasters on all clients."""
    examination = material.examination
    rows = []
    for name in examination.names:
        cells = [
            f"{examination.scored(name, ALL, kind, score)[0].mean():.4f}"
            for kind in (ONE_STEP, ORIGIN)
            for score in ("RPS", "Brier", "log")
        ]
        cells.append(f"{examination.scored(name, ALL, ORIGIN, 'CRPS')[0].mean():.3f}")
        rows.append([_title(name), *cells])
    headings = ["forecaster", "RPS, one step", "Brier", "log", "RPS, origin", "Brier", "log", "CRPS of first move"]
    return Table(headings, rows)


def _title(name: str) -> str:
    if name in MODELS:
        return f"{name} {MODELS[name].title}"
    return f"M0 {name}" if name in (PERSISTENCE, CLIMATOLOGY) else name


def evidence_table(material: Material) -> Table:
    """Tabulate the evidence of the nested models."""
    return Table(
        ["model", "log evidence (nats)", "± s.e.", "each client from all others", "effective points"],
        [
            [
                f"{row['model']} {row['title']}",
                f"{row['log_evidence']:.2f}",
                f"{row['error']:.2f}",
                f"{row['log_left_out']:.2f}",
                f"{row['effective_points']:,.0f}",
            ]
            for row in material.calibration.evidences()
        ],
    )


def log_evidences(material: Material) -> dict[str, float]:
    """Return the log evidence of each nested model, by its name."""
    return {str(row["model"]): float(str(row["log_evidence"])) for row in material.calibration.evidences()}


def parts_in_words(evidence: Mapping[str, float]) -> list[str]:
    """Say what each part of the model adds to the evidence, where all four models were calibrated.

    Parameters
    ----------
    evidence
        Log evidence in nats, by the name of the model.
    """
    if not {"M1", "M2", "M3", "M4"} <= set(evidence):
        return []
    beliefs = evidence["M3"] - evidence["M1"]
    judged = odds_in_words(beliefs)
    second = evidence["M3"] - evidence["M2"]
    others = evidence["M4"] - evidence["M3"]
    return [
        f"Events and beliefs against structure alone: {_nats(beliefs, 1)} for two beliefs (M3 over M1), {judged}.",
        f"Two beliefs against one: {_nats(second)}, which "
        + ("is hardly worth a mention." if abs(second) < SLIGHT else f"speaks for {'two' if second > 0 else 'one'}."),
        f"Witnesses and the excuse of hard times: {_nats(others)}; "
        + (
            "in these data they make no difference that could be seen."
            if abs(others) < SLIGHT
            else f"the data speak {'for' if others > 0 else 'against'} them."
        ),
    ]


def odds_in_words(nats: float) -> str:
    """Return a difference of log evidence as odds.

    >>> odds_in_words(6.0), odds_in_words(-6.0), odds_in_words(0.1)
    ('odds of 403 to 1 for', 'odds of 403 to 1 against', 'even odds')
    """
    odds = f"{np.exp(min(abs(nats), MAX_LOG_ODDS)):,.0f} to 1"
    if odds == "1 to 1":
        return "even odds"
    least = "more than " if abs(nats) > MAX_LOG_ODDS else ""
    return f"odds of {least}{odds} {'for' if nats > 0 else 'against'}"


def _nats(value: float, digits: int = 2) -> str:
    return f"{round(value, digits) + 0.0:+.{digits}f} nats"


def width_in_words(taken: Mapping[str, float]) -> str:
    """Say how much of their priors' variance the posteriors of the full model keep.

    Parameters
    ----------
    taken
        As of `variance_taken`.
    """
    low, high = (share_in_words(1 - share) for share in (max(taken.values()), min(taken.values())))
    return f"{low if low == high else f'{low} to {high}'} of the prior's variance"


def luck_in_words(movers: int, clients: int) -> str:
    """Say what an interval needs where drawn sets of clients may hold nobody who moved; blank where few do.

    Parameters
    ----------
    movers, clients
        How many clients of the test changed their posture, and how many there are.
    """
    needs = "needs skill among those who stayed, too, where climatology is hard to beat."
    if movers == 0:
        return f"No client of the test moved; an interval clear of zero {needs}"
    without = (1 - movers / clients) ** clients
    if without < (1 - LEVEL) / 2:
        return ""
    return (
        f"In the test {movers} of {counted(clients, 'client')} moved. As many clients, drawn from such as these, "
        f"hold nobody that moves in {share_in_words(without)} of all cases; an interval clear of zero {needs}"
    )


def movers_of_test(examination: Examination) -> tuple[int, int]:
    """Return how many clients changed their posture in the steps that are scored, and how many have such steps."""
    return len(names_of_movers(examination)), int(examination.scored_steps(ALL).any(axis=0).sum())


def names_of_movers(examination: Examination) -> list[str]:
    """Return the clients that changed their posture in the steps that are scored."""
    rows, postures = list(examination.periods), examination.postures.posture
    moved = (postures[rows] != postures[[row - 1 for row in rows]]) & examination.scored_steps(ALL)
    return [name for name, ever in zip(examination.postures.clients, moved.any(axis=0), strict=True) if ever]


def parameter_table(material: Material) -> Table:
    """Tabulate prior and posterior of the free parameters, in structure alone and in the full model."""
    return Table(
        ["model", "parameter", "prior", "posterior", "90 % interval", "variance taken away"],
        [
            [
                str(row["model"]),
                parameter_label(str(row["parameter"])),
                f"{row['prior_mean']:.3f} ± {row['prior_sd']:.3f}",
                f"{row['mean']:.3f} ± {row['sd']:.3f}",
                f"{row['q05']:.3f} to {row['q95']:.3f}",
                share_in_words(float(str(row["moved"]))),
            ]
            for row in material.calibration.summary()
            if row["model"] in (BASELINE, FULL)
        ],
    )


def variance_taken(material: Material) -> dict[str, float]:
    """Return how much of each prior's variance the data took away in the full model, by the parameter's label."""
    return {
        parameter_label(str(row["parameter"])): float(str(row["moved"]))
        for row in material.calibration.summary()
        if row["model"] == FULL
    }


def few_points(material: Material) -> list[str]:
    """Return the models in which few points count."""
    return [
        str(row["model"]) for row in material.calibration.evidences() if float(str(row["effective_points"])) < FEW
    ]


def rank_table(material: Material) -> Table:
    """Tabulate whether known parameters are found."""
    return Table(
        ["parameter", "p of even ranks", "90 % intervals hold it in", "variance taken away on average"],
        [
            [
                parameter_label(str(row["parameter"])),
                f"{row['p_uniform']:.2f}",
                share_in_words(float(str(row["interval_90_holds"]))),
                share_in_words(float(str(row["moved"]))),
            ]
            for row in material.ranks.rows()
        ],
    )


def correlations(material: Material) -> list[tuple[float, str, str]]:
    """Return the posterior correlation of each pair of parameters in the full model, the strongest first."""
    # A posterior of one point has no spread, and no correlation either.
    points = material.calibration.points[FULL]
    weight = points.weight
    centred = points.values - weight @ points.values
    spread = np.sqrt(weight @ centred**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = (centred * weight[:, None]).T @ centred / np.outer(spread, spread)
    names = [parameter_label(path) for path in points.paths]
    return sorted(
        (
            (float(correlation[i, j]), names[i], names[j])
            for i in range(len(names))
            for j in range(i)
            if np.isfinite(correlation[i, j])
        ),
        key=lambda item: -abs(item[0]),
    )


def change_table(material: Material) -> Table:
    """Tabulate the changes of posture that were observed, and those that were replayed."""
    replayed, plan = material.replayed, material.examination.problem.plan
    rows = []
    for first, last in (
        (replayed.postures.periods[1], plan.training.last),
        (plan.testing.first, plan.testing.last),
    ):
        observed, mean, low, high = replayed.changes_between(first, last)
        rows.append([f"changes of posture, {first} to {last}", str(observed), f"{mean:.1f} [{low:.0f}, {high:.0f}]"])
    return Table(["from the first half-year on", "observed", "replayed [90 %]"], rows)


def expectations_in_words(replayed: Replayed, expectations: tuple[Expectation, ...]) -> Iterator[str]:
    """Yield what was expected of single clients, and whether it holds.

    Parameters
    ----------
    replayed
        What replays with the posterior come to.
    expectations
        Of the plan.
    """
    write = {"likeliest": _likeliest, "likely": _likely, "most often": _most_often}
    for expectation in expectations:
        yield write[expectation.shows](replayed, expectation)


def _likeliest(replayed: Replayed, expected: Expectation) -> str:
    assert expected.at is not None
    rung, client = POSTURES.index(expected.posture), expected.client
    chances = {
        name: replayed.probability(name, expected.at, rung)
        for name in replayed.postures.clients
        if name == client or _is_scored(replayed, name)
    }
    top = max(chances, key=lambda name: chances[name])
    alone = all(chances[client] > chance for name, chance in chances.items() if name != client)
    return (
        f"{client} is {expected.posture} or beyond at the end of {expected.at} more likely than any other client: "
        f"{_holds(alone)} ({chances[client]:.2f}; the likeliest is {top}, {chances[top]:.2f})."
    )


def _likely(replayed: Replayed, expected: Expectation) -> str:
    assert expected.at is not None
    rung = POSTURES.index(expected.posture)
    chance = replayed.probability(expected.client, expected.at, rung, rung)
    return (
        f"{expected.client} is {expected.posture} at the end of {expected.at} with a probability above one half: "
        f"{_holds(chance > 0.5)} ({chance:.{_digits(chance, 0.5)}f})."
    )


def _most_often(replayed: Replayed, expected: Expectation) -> str:
    rung = POSTURES.index(expected.posture)
    column = replayed.postures.clients.index(expected.client)
    there = replayed.postures.posture[:, column] == rung
    everywhere = replayed.marginals[1:, column].mean(axis=0)
    top = int(everywhere.argmax())
    if there.any():
        mean = replayed.marginals[there, column].mean(axis=0)
        shares = ", ".join(f"{name} {share:.2f}" for name, share in zip(POSTURES, mean, strict=True))
        then = f"in those in which it was observed {expected.posture}: {shares}"
    else:
        then = f"it was never observed {expected.posture}"
    return (
        f"{expected.client} is most often {expected.posture}: {_holds(top == rung)} "
        f"({POSTURES[top]} in {everywhere[top]:.2f} of all half-years, {expected.posture} in "
        f"{everywhere[rung]:.2f}; {then})."
    )


def _digits(value: float, limit: float) -> int:
    """Return how many digits show on which side of a limit a value lies."""
    return next((digits for digits in range(2, 6) if value == limit or round(value, digits) != limit), 6)


def _holds(true: bool) -> str:
    return "holds" if true else "does not hold"


def _is_scored(replayed: Replayed, name: str) -> bool:
    return bool(replayed.postures.scored[:, replayed.postures.clients.index(name)].any())
