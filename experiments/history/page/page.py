"""The page on validation: what history says of the model, whichever way it falls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import sbc as sbc_figure
from papertiger.experiments.figures import skill as figures
from papertiger.experiments.figures import style
from papertiger.experiments.history.calibrate.calibration import FEW
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.outputs import LABELS, evidence_figure, posterior_figure
from papertiger.experiments.history.calibrate.plan import BASELINE, FULL
from papertiger.experiments.history.evaluate.figures import score_pictures
from papertiger.experiments.history.evaluate.replay import Replayed
from papertiger.experiments.history.evaluate.robustness import PLACEBOS, chance
from papertiger.experiments.history.evaluate.scores import FLOOR
from papertiger.experiments.history.evaluate.scoring import (
    ALL,
    CLIMATOLOGY,
    LANDSCAPE,
    ONE_STEP,
    ORIGIN,
    PERSISTENCE,
    splits,
)
from papertiger.experiments.history.evaluate.verdict import verdict
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from papertiger.experiments.history.calibrate.calibration import Calibration
    from papertiger.experiments.history.calibrate.sbc import Ranks
    from papertiger.experiments.history.evaluate.robustness import Outcome
    from papertiger.experiments.history.evaluate.scoring import Examination
    from papertiger.experiments.history.evaluate.skill import Skill

TIMING = 0.05
"""Up to this share of worlds that do at least as well, one step ahead and from the origin, a thing is said to matter."""


@dataclass(frozen=True)
class Material:
    """All that the page is made of.

    Attributes
    ----------
    examination
        Of the shipped draws.
    calibration
        Evidence and weighted points.
    outcomes
        The true world, placebos, codings, signals and variants.
    replayed
        Replays with the full model's draws.
    ranks
        Where known parameters lie in the posteriors of histories that were simulated with them.
    """

    examination: Examination
    calibration: Calibration
    outcomes: Sequence[Outcome]
    replayed: Replayed
    ranks: Ranks

    @property
    def true(self) -> Outcome:
        """Return the true world."""
        return self.outcomes[0]

    def of(self, kind: str) -> list[Outcome]:
        """Return the outcomes of a kind."""
        return [one for one in self.outcomes if one.kind == kind]


def pictures(material: Material) -> dict[str, bytes]:
    """Return the figures of the page as PNG, by the name of their file."""
    made = score_pictures(material.examination, material.outcomes)
    found = {f"validation_{name.rpartition('/')[2]}": data for name, data in made.items()}
    found["validation_posterior.png"] = style.png(posterior_figure(material.calibration))
    found["validation_evidence.png"] = style.png(evidence_figure(material.calibration))
    found["validation_sbc.png"] = style.png(_ranks_figure(material))
    found["validation_replay.png"] = style.png(_replay_figure(material))
    return found


def _ranks_figure(material: Material) -> Figure:
    return sbc_figure.ranks(
        [material.ranks],
        LABELS,
        "Does calibration find what is known? Ranks in simulated histories",
        "Histories are simulated with parameters from the prior and calibrated like the true one; ranks should be even",
        f"calibration {material.calibration.case.plan.name} · {material.ranks.model}",
    )


def _replay_figure(material: Material) -> Figure:
    replayed, postures = material.replayed, material.replayed.postures
    return figures.by_client(
        {f"{FULL} from {postures.periods[0]}, knowing the events and nothing of the postures": replayed.marginals},
        postures.posture,
        postures.scored,
        postures.clients,
        [period[2:] for period in postures.periods],
        "History replayed with the posterior",
        "Each bar is the probability of each posture at the end of a half-year; the diamond sits in what was observed",
        f"calibration {material.calibration.case.plan.name}",
    )


def page(material: Material, command: str, folder: str = "figures") -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    material
        What it is made of.
    command
        How it was made, for the reader who wants to make it again.
    folder
        Where the figures lie, as seen from the page.
    """
    lines = [*_opening(material), ""]
    chapters: list[tuple[str, Callable[[Material], Iterable[str]]]] = [
        ("What was done", _method),
        ("Skill on half-years that were not learned from", _skill),
        ("What each part of the model adds", _nested),
        ("What the data say of the parameters", _parameters),
        ("Does calibration find what is known?", _known),
        ("What cannot be separated", _inseparable),
        ("History replayed", _replayed),
        ("Worlds that are wrong on purpose", _placebos),
        ("Other codings of the observations", _codings),
        ("Other weights and loadings of signals", _signals),
        ("What else was tried", _variants),
        ("Limits", _limits),
        ("Ethics of use", _ethics),
    ]
    for heading, write in chapters:
        lines += [f"## {heading}", "", *write(material), ""]
    lines += [f"This page was made by `{command}`; figures and words follow the numbers.", ""]
    return "\n".join(lines).replace("(figures/", f"({folder}/")


def _opening(material: Material) -> list[str]:
    first, *rest = verdict(material.examination)
    plan = material.examination.case.plan
    return [
        "# Against history",
        "",
        f"**{first} {_timing(material)}**",
        "",
        f"{plan.testing.first} to {plan.testing.last} is a **look-back, not a test**: structure, defaults, caps and "
        "codings were chosen by people who knew those years. Only what comes after January 2026 tests anything; "
        "`papertiger forecast` writes down what the model expects, and `papertiger score --forecast` scores it later.",
        "",
        f"And it is **given the events**: M2 to M4 know what happened to each client in {plan.testing.first} to {plan.testing.last}, the "
        "half-year that is forecast included, while climatology and structure alone do not. Skill says how well events "
        "explain postures, not how well anybody could have foretold them.",
        "",
        *(f"- {line}" for line in rest),
    ]


def _timing(material: Material) -> str:
    """Say whether it matters whose events they are, and when they came, as far as placebo worlds can tell."""
    said = []
    whose = material.of("clients")
    if whose:
        one, origin = (_better(whose, material.true, when) for when in (ONE_STEP, ORIGIN))
        matters = max(one, origin) <= TIMING
        said.append(
            "Whose events they are matters." if matters else "Whose events they are makes no clear difference."
        )
    when_they_came = [material.of(kind) for kind in ("dates", "dates anywhere", "lag") if material.of(kind)]
    if not when_they_came:
        return " ".join(said)
    shares = [max(_better(worlds, material.true, when) for when in (ONE_STEP, ORIGIN)) for worlds in when_they_came]
    if max(shares) <= TIMING:
        said.append("So does when they came: worlds with other dates have less skill.")
    else:
        counts = "; ".join(
            f"{PLACEBOS[worlds[0].kind]}: {_as_good(worlds, material.true, ONE_STEP)} of {len(worlds)} worlds do at least as "
            f"well one step ahead, {_as_good(worlds, material.true, ORIGIN)} from the origin"
            for worlds in when_they_came
        )
        said.append(
            f"The timing of events adds nothing that these data can tell from luck ({counts}); few clients that moved have "
            "enough events to be moved about."
        )
    return " ".join(said)


def _as_good(worlds: list[Outcome], true: Outcome, when: str) -> int:
    return round(_better(worlds, true, when) * (1 + len(worlds))) - 1


def _better(worlds: list[Outcome], true: Outcome, when: str) -> float:
    if when == ONE_STEP:
        return chance(worlds, true, lambda one: one.one_step, high=False)
    return chance(worlds, true, lambda one: one.from_origin, high=False)


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table; a column of numbers stands at the right."""
    rows = [list(cells) for cells in rows]
    columns = list(zip(*rows, strict=True))
    rule = ["---:" if column and all(map(_is_numeric, column)) else "---" for column in columns]
    return [f"| {' | '.join(cells)} |" for cells in (headings, rule, *rows)]


def _is_numeric(cell: str) -> bool:
    return not cell or cell.lstrip("+-<∞ ")[:1].isdigit()


def _method(material: Material) -> list[str]:
    plan = material.examination.case.plan
    free = ", ".join(LABELS.get(path.partition(".")[2], path) for path in plan.paths)
    return [
        f"Observed postures are those of `scenarios/observed/{plan.observed}.yaml`. In replay, with feedback, contagion, "
        "covert hedging and drawn successions switched off, beliefs are the same in every run and each client is a "
        "Markov chain on five postures, so that the probability of what was observed is exact "
        "(`experiments/history/calibrate/likelihood.py`). Steps of clients that lost their regime, of the sub-state, and before a "
        "client entered the network do not count.",
        "",
        f"Free are {free}; everything else stands at its default. They are learned from {plan.training.first} to "
        f"{plan.training.last} by weighting {plan.sequences} randomised Sobol sequences of {plan.points:,} points through "
        "the priors with their likelihood (`experiments/history/calibrate/importance.py`). That needs no burn-in and no chain, "
        "gives the evidence with a standard error, and makes every left-out posterior a matter of other weights on the "
        "same draws; it works because so few changes of posture leave the posterior nearly as wide as the prior (how many "
        "points count stands in the tables). Nested sampling gives the same result in the tests. The left-out scores below are "
        "reweighted in this way from the shipped draws, and so are the other splits.",
        "",
        f"Every forecast is published the same way before it is scored: floored at {FLOOR} and renormalised. Skill is "
        "1 - score / reference; intervals of 95 % come from drawing whole clients with replacement. Baselines are "
        "persistence and a Markov climatology of all clients (M0), the static landscape (one chain for each of its two "
        "sides), and M1, the model's own structure, blind to all dated events but not to the war's burden.",
    ]


def _cell(found: Skill) -> str:
    low = "< -9.99" if found.skill_low < -9.995 else f"{found.skill_low:+.2f}"
    mark = " **clear**" if found.gain_low > 0 else " **worse**" if found.gain_high < 0 else ""
    return f"{found.skill:+.2f} [{low}, {found.skill_high:+.2f}]{mark}"


def _skill(material: Material) -> list[str]:
    examination = material.examination
    lines = ["![Skill of the full model](figures/validation_skill.png)", ""]
    lines += [
        f"Skill of {FULL} by the ranked probability score, with the interval; *clear* where the interval of the gain lies "
        "above zero.",
        "",
    ]
    rows = []
    for split in splits(examination.case):
        for kind in (ONE_STEP, ORIGIN):
            cells = [
                _cell(examination.skill(FULL, name, split, kind, "RPS"))
                for name in (CLIMATOLOGY, LANDSCAPE, BASELINE)
            ]
            own = examination.skill(FULL, CLIMATOLOGY, split, kind, "RPS")
            draws = examination.forecasts(FULL, split).effective
            rows.append([split.title, kind, f"{own.score:.4f}", *cells, f"{draws:,.0f}"])
    headings = ["who is learned from and scored", "forecast", "RPS", "against climatology", "against the landscape"]
    lines += _table([*headings, f"against {BASELINE}", "effective draws"], rows)
    lines += ["", "All forecasters on all clients, mean scores (less is better):", ""]
    rows = []
    for name in examination.names:
        cells = []
        for kind in (ONE_STEP, ORIGIN):
            for score in ("RPS", "Brier", "log"):
                cells.append(f"{examination.scored(name, ALL, kind, score)[0].mean():.4f}")
        cells.append(f"{examination.scored(name, ALL, ORIGIN, 'CRPS')[0].mean():.3f}")
        rows.append([_title(name), *cells])
    headings = ["forecaster", "RPS, one step", "Brier", "log", "RPS, origin", "Brier", "log", "CRPS of first move"]
    lines += _table(headings, rows)
    lines += [
        "",
        "With so few changes of posture in the test, many of the drawn sets of clients lack those who moved; an interval "
        "clear of zero then needs skill among those who stayed, too, where climatology is hard to beat. The tables hold many "
        "intervals: of twenty that only luck moves, one is expected to look clear.",
        "",
        "![What was said of each client](figures/validation_clients.png)",
        "",
        "![Reliability](figures/validation_reliability.png)",
    ]
    return lines


def _title(name: str) -> str:
    if name in MODELS:
        return f"{name} {MODELS[name].title}"
    return f"M0 {name}" if name in (PERSISTENCE, CLIMATOLOGY) else name


def _nested(material: Material) -> list[str]:
    rows = [
        [
            f"{row['model']} {row['title']}",
            f"{row['log_evidence']:.2f}",
            f"{row['error']:.2f}",
            f"{row['log_left_out']:.2f}",
            f"{row['effective_points']:,.0f}",
        ]
        for row in material.calibration.evidences()
    ]
    evidence = {str(row["model"]): float(str(row["log_evidence"])) for row in material.calibration.evidences()}
    lines = ["![Evidence of the nested models](figures/validation_evidence.png)", ""]
    lines += _table(
        ["model", "log evidence (nats)", "± s.e.", "each client from all others", "effective points"], rows
    )
    if {"M1", "M2", "M3", "M4"} <= set(evidence):
        beliefs = evidence["M3"] - evidence["M1"]
        lines += [
            "",
            f"- Events and beliefs against structure alone: {beliefs:+.1f} nats for two beliefs (M3 over M1), odds of "
            f"{np.exp(min(abs(beliefs), 50)):,.0f} to 1 {'for' if beliefs > 0 else 'against'}.",
            f"- Two beliefs against one: {evidence['M3'] - evidence['M2']:+.2f} nats, which is "
            f"{'hardly worth a mention' if abs(evidence['M3'] - evidence['M2']) < 1 else 'something'}.",
            f"- Witnesses and the excuse of hard times: {evidence['M4'] - evidence['M3']:+.2f} nats; in these data they "
            "make no difference that could be seen." if abs(evidence["M4"] - evidence["M3"]) < 1 else
            f"- Witnesses and the excuse of hard times: {evidence['M4'] - evidence['M3']:+.2f} nats.",
        ]  # fmt: skip
    return lines


def _parameters(material: Material) -> list[str]:
    rows = [
        [
            str(row["model"]),
            LABELS.get(str(row["parameter"]), str(row["parameter"])),
            f"{row['prior_mean']:.3f} ± {row['prior_sd']:.3f}",
            f"{row['mean']:.3f} ± {row['sd']:.3f}",
            f"{row['q05']:.3f} to {row['q95']:.3f}",
            _share(float(str(row["moved"]))),
        ]
        for row in material.calibration.summary()
        if row["model"] in (BASELINE, FULL)
    ]
    moved = [row for row in material.calibration.summary() if row["model"] == FULL]
    clear = [str(row["parameter"]) for row in moved if float(str(row["moved"])) >= 0.25]
    still = [str(row["parameter"]) for row in moved if float(str(row["moved"])) < 0.25]
    said = ", ".join(LABELS.get(name, name) for name in clear) or "none"
    unsaid = ", ".join(LABELS.get(name, name) for name in still) or "none"
    lines = ["![Prior and posterior](figures/validation_posterior.png)", ""]
    lines += _table(["model", "parameter", "prior", "posterior", "90 % interval", "variance taken away"], rows)
    lines += [
        "",
        f"Moved away from their priors (a quarter of the variance or more): {said}. Hardly: {unsaid}. What the data do "
        "not move is still the prior, so results that hang on it are assumptions.",
    ]
    few = [str(row["model"]) for row in material.calibration.evidences() if float(str(row["effective_points"])) < FEW]
    return [*lines, *(["", f"Few points count in {', '.join(few)}: take it as rough."] if few else [])]


def _known(material: Material) -> list[str]:
    rows = [
        [
            LABELS.get(str(row["parameter"]), str(row["parameter"])),
            f"{row['p_uniform']:.2f}",
            f"{100 * float(str(row['interval_90_holds'])):.0f} %",
            _share(float(str(row["moved"]))),
        ]
        for row in material.ranks.rows()
    ]
    return [
        f"{len(material.ranks.rank)} histories were simulated with parameters from the prior and calibrated like the true one "
        "(Talts et al. 2018). If posteriors mean what they say, the ranks of the true values are even.",
        "",
        "![Ranks of known parameters](figures/validation_sbc.png)",
        "",
        *_table(
            ["parameter", "p of even ranks", "90 % intervals hold it in", "variance taken away on average"], rows
        ),
    ]


def _inseparable(material: Material) -> list[str]:
    points = material.calibration.points[FULL]
    weight = points.weight
    centred = points.values - weight @ points.values
    spread = np.sqrt(weight @ centred**2)
    correlation = (centred * weight[:, None]).T @ centred / np.outer(spread, spread)
    names = [LABELS.get(path.partition(".")[2], path) for path in points.paths]
    pairs = sorted(
        ((float(correlation[i, j]), names[i], names[j]) for i in range(len(names)) for j in range(i)),
        key=lambda item: -abs(item[0]),
    )[:3]
    return [
        "Parameters that the data know only together (posterior correlations of the full model):",
        "",
        *(f"- {left} and {right}: {value:+.2f}" for value, left, right in pairs),
        "",
        "Whether capability and resolve can be told apart by these data stands in the table of nested models (M2 against "
        "M3), and so does whether witnesses and the excuse of hard times can be seen at all (M3 against M4). The war's burden, the invasion and the record's "
        "growing density all set in at about the same time; with one war, what belongs to which is not identified.",
    ]


def _replayed(material: Material) -> list[str]:
    replayed, postures = material.replayed, material.replayed.postures
    plan = material.examination.case.plan
    lines = ["![History replayed](figures/validation_replay.png)", ""]
    rows = []
    for first, last in ((postures.periods[1], plan.training.last), (plan.testing.first, plan.testing.last)):
        observed, mean, low, high = replayed.changes_between(first, last)
        rows.append([f"changes of posture, {first} to {last}", str(observed), f"{mean:.1f} [{low:.0f}, {high:.0f}]"])
    lines += _table(["from the first half-year on", "observed", "replayed [90 %]"], rows)
    lines += ["", *_expectations(material)]
    return lines


def _expectations(material: Material) -> Iterator[str]:
    """Yield what was expected of single clients, and whether it holds."""
    replayed = material.replayed
    postures = replayed.postures
    for one in material.examination.case.plan.expectations:
        rung = POSTURES.index(one.posture)
        if one.shows == "likeliest":
            assert one.at is not None
            chances = {
                name: replayed.probability(name, one.at, rung) for name in postures.clients if _counts(replayed, name)
            }
            top = max(chances, key=lambda name: chances[name])
            yield (
                f"- {one.client} is {one.posture} or beyond at the end of {one.at} more likely than any other client: "
                f"{_holds(top == one.client)} ({chances[one.client]:.2f}; the likeliest is {top}, {chances[top]:.2f})."
            )
        elif one.shows == "likely":
            assert one.at is not None
            chance_of = replayed.probability(one.client, one.at, rung, rung)
            yield (
                f"- {one.client} is {one.posture} at the end of {one.at} with a probability above one half: "
                f"{_holds(chance_of > 0.5)} ({chance_of:.2f})."
            )
        else:
            column = postures.clients.index(one.client)
            there = postures.posture[:, column] == rung
            mean = replayed.marginals[there, column].mean(axis=0)
            everywhere = replayed.marginals[1:, column].mean(axis=0)
            shares = ", ".join(f"{name} {share:.2f}" for name, share in zip(POSTURES, mean, strict=True))
            yield (
                f"- {one.client} is most often {one.posture}: {_holds(int(everywhere.argmax()) == rung)} "
                f"({POSTURES[int(everywhere.argmax())]} in {everywhere.max():.2f} of all half-years, {one.posture} in "
                f"{everywhere[rung]:.2f}; in those in which it was observed {one.posture}: {shares})."
            )


def _holds(true: bool) -> str:
    return "holds" if true else "does not hold"


def _counts(replayed: Replayed, name: str) -> bool:
    return bool(replayed.postures.scored[:, replayed.postures.clients.index(name)].any())


def _placebos(material: Material) -> list[str]:
    rows = []
    for kind, words in PLACEBOS.items():
        worlds = material.of(kind)
        if worlds:
            rows.append(
                [
                    words,
                    str(len(worlds)),
                    f"{np.mean([one.log_evidence for one in worlds]):.1f}",
                    f"{chance(worlds, material.true, lambda one: one.log_evidence, high=True):.2f}",
                    f"{np.mean([one.one_step for one in worlds]):.4f}",
                    f"{_better(worlds, material.true, ONE_STEP):.2f}",
                    f"{np.mean([one.from_origin for one in worlds]):.4f}",
                    f"{_better(worlds, material.true, ORIGIN):.2f}",
                ]
            )
    true = material.true
    rows.insert(
        0,
        [
            "the true world",
            "1",
            f"{true.log_evidence:.1f}",
            "",
            f"{true.one_step:.4f}",
            "",
            f"{true.from_origin:.4f}",
            "",
        ],
    )
    return [
        "![Placebo worlds](figures/validation_placebos.png)",
        "",
        "Each world is calibrated anew. The share is of worlds, the true one among them, that do at least as well.",
        "",
        *_table(
            ["what is wrong", "worlds", "log evidence", "share", "RPS, one step", "share", "RPS, origin", "share"],
            rows,
        ),
    ]


def _codings(material: Material) -> list[str]:
    rows = [
        [
            one.name,
            f"{1 - one.one_step / one.reference_one_step:+.2f}",
            f"{1 - one.from_origin / one.reference_from_origin:+.2f}",
            f"{one.log_evidence:.2f}",
        ]
        for one in [material.true, *material.of("coding")]
    ]
    rows[0][0] = "all indicators"
    losing = [row[0] for row in rows[1:] if float(row[1]) < 0 or float(row[2]) < 0]
    said = (
        f"Skill against climatology is lost {', '.join(losing)}." if losing else "Skill is lost under none of them."
    )
    return [
        "The coding leaves out one indicator at a time, with the thresholds as they are; the model is calibrated anew. "
        "The public stance (`stance`) resembles the model's inputs, so the line without it matters most.",
        "",
        *_table(["coding", "skill, one step", "skill, origin", "log evidence"], rows),
        "",
        said,
    ]


def _signals(material: Material) -> list[str]:
    found = material.of("signal")
    if not found:
        return ["Not worked out."]
    rows = []
    measures: dict[str, Callable[[Outcome], float]] = {
        "log evidence": lambda one: one.log_evidence,
        "RPS, one step": lambda one: one.one_step,
        "RPS, origin": lambda one: one.from_origin,
    }
    for words, of in measures.items():
        low, high = min(found, key=of), max(found, key=of)
        rows.append(
            [words, f"{of(material.true):.4g}", f"{of(low):.4g} ({low.name})", f"{of(high):.4g} ({high.name})"]
        )
    return [
        f"{len(found)} alternatives, each with one weight or loading at an edge (5 % or 95 %) of its range, calibrated "
        "anew. The range of results is what single judgements of this kind decide:",
        "",
        *_table(["", "as shipped", "lowest", "highest"], rows),
    ]


def _variants(material: Material) -> list[str]:
    case = material.examination.case
    rows = []
    for one in [material.true, *material.of("variant")]:
        variant = case.plan.variants.get(one.name)
        rows.append(
            [
                one.name if variant else "the design's five, as shipped",
                "" if variant is None else variant.why,
                f"{one.log_evidence:.2f}",
                f"{one.log_left_out:.2f}",
                f"{one.effective:.0f}",
                f"{one.one_step:.4f}",
                f"{one.from_origin:.4f}",
            ]
        )
    full = [one for one in material.of("variant") if case.plan.variants[one.name].model == FULL]
    lines = [
        "Every variant that was tried, in the order of the calibration's file. The shipped five were named by the design "
        "before this program scored anything, and were run first; the design itself knew a prototype's scores of these years. Choosing goes by the training span and by clients left out; the "
        "test's columns are on record, not to choose by. Placebos, codings, signals and variants stand on fewer points of the "
        "prior than the evidence above, so a tenth of a nat is within their error.",
        "",
        *_table(
            [
                "variant",
                "why",
                "log evidence",
                "clients left out",
                "effective points",
                "RPS, one step",
                "RPS, origin",
            ],
            rows,
        ),
    ]
    if full:
        best = max(full, key=lambda one: one.log_left_out)
        if best.log_left_out > material.true.log_left_out:
            ahead = "better" if best.one_step < material.true.one_step else "worse"
            lines += [
                "",
                f"The training span would have chosen *{best.name}* ({best.log_left_out:.1f} nats against "
                f"{material.true.log_left_out:.1f} with clients left out). On the test it does {ahead} than the shipped five "
                f"({best.one_step:.4f} against {material.true.one_step:.4f} one step ahead, {best.from_origin:.4f} against "
                f"{material.true.from_origin:.4f} from the origin; climatology {best.reference_one_step:.4f} and "
                f"{best.reference_from_origin:.4f}). The shipped five were kept because they stood first, and changing them "
                "after the test was seen would have been choosing by it in either direction. Whoever trusts the training "
                "span more should read the skill above as that much too high.",
            ]
    return lines


def _limits(_: Material) -> list[str]:
    return [
        "- One patron, one war, and few changes of posture. Intervals treat clients as if they were drawn independently; they "
        "share the war and watch each other.",
        "- Postures are coded by one person who knew the outcomes, and so are threat, exposure, openness and proximity. "
        "`codings:` in a calibration file takes other coders' scenarios, `papertiger score --observed` their postures.",
        "- The record of events gets denser with time, as news coverage does. The cap on evidence per month and the "
        "placebo worlds bear on that; they do not cure it.",
        "- Exactness has a price: feedback, contagion, covert hedging and drawn successions are switched off in everything "
        "on this page. What they add is not tested by it.",
        "- Two constants that are not free here, the weight of the patron's threat and the default of the cost of standing by, were "
        "set by people who looked at the whole span; so was the choice which constants are free.",
        "- Static codings entered the landscape, too; it is a baseline with hindsight.",
    ]


def _ethics(_: Material) -> list[str]:
    return [
        "The model is an argument, not evidence. It orders reasons why trust in a patron may move and lets them be "
        "compared; it does not know what a government will do. Do not use its probabilities to advise on the security of "
        "people, to trade on, or to name a government as about to defect. Quote a forecast with its date, hash, intervals "
        "and this page. Living people appear by their office. Reports about anyone's health are contested, marked, and "
        "switched off in lessons.",
    ]
