"""Write the page on what other patrons say of the constants, and what that foretells of one that taught nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.figures import style
from papertiger.experiments.figures.learned import ConstantRow, GainRow, learned
from papertiger.experiments.history.evaluate.verdict import gain_in_words
from papertiger.experiments.history.forecast.predictions import KINDS
from papertiger.experiments.history.learned.trial import BY_HAND, LEARNED, REFERENCES, STRUCTURE
from papertiger.experiments.history.learned.words import headline, named, particulars, short
from papertiger.experiments.history.page.material import Table, parameter_label
from papertiger.experiments.markdown import markdown
from papertiger.experiments.names import label

if TYPE_CHECKING:
    from papertiger.experiments.history.learned.speaking import Constant
    from papertiger.experiments.history.learned.trial import Trial
    from papertiger.experiments.history.pooled.plan import PooledPlan
    from papertiger.scenarios.posteriors import Draws

TEMPLATE = "learned.md.j2"
PICTURE = "learned.png"
SHORT = {"patron_threat_weight": "patron's threat b_θ", "break_away": "breaks away", "break_toward": "breaks back"}
"""What the figure calls constants with long names."""
FAR = 1.0
"""A client's steps have moved to or from the constants of other patrons by this many nats or more, to be named."""


def picture(trial: Trial, constants: list[Constant], plan: PooledPlan, draws: Draws) -> bytes:
    """Return the figure of the page as PNG."""
    rows = [
        ConstantRow(
            SHORT.get(one.name, parameter_label(one.name)),
            one.prior,
            one.posterior,
            one.shipped,
            one.speaks,
            one.prior[0] > 0.0 and one.prior[2] / one.prior[0] > 5.0,
            one.narrow_in_logarithms,
        )
        for one in constants
    ]
    words = {STRUCTURE: f"structure ({STRUCTURE})", BY_HAND: "hand-made priors"}
    gains = {
        kind: [
            GainRow(words.get(reference, reference), one.gain, one.gain_low, one.gain_high)
            for reference in REFERENCES
            for one in [trial.against(reference, kind)]
        ]
        for kind in KINDS
    }
    testing, patron = trial.problem.plan.testing, trial.problem.scenario.patron.name
    figure = learned(
        rows,
        gains,
        short(trial),
        f"Learned from {len(plan.patrons)} patrons ({', '.join(plan.patrons)}), not from {patron}; scored on "
        f"{trial.problem.scenario.name}, {testing.first} to {testing.last}, ranked probability score, 95 % intervals",
        f"draws {draws.name}",
    )
    return style.png(figure)


def page(
    trial: Trial, constants: list[Constant], plan: PooledPlan, draws: Draws, command: str, folder: str = "figures"
) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    trial, constants
        What came of it.
    plan, draws
        Of the patrons that were learned from.
    command
        How the page was made.
    folder
        Where the figure lies, as seen from the page.
    """
    return markdown(
        TEMPLATE,
        headline=headline(trial),
        particulars=particulars(trial, constants),
        constant_table=constant_table(constants),
        score_table=score_table(trial),
        gain_table=gain_table(trial),
        client_table=client_table(trial),
        comments=[line for line in draws.comments if "sha256" not in line],
        hashes=[line for line in draws.comments if "sha256" in line],
        plan=plan,
        test=trial.problem.plan,
        scenario=trial.problem.scenario.name,
        patron=trial.problem.scenario.patron.name,
        picture=PICTURE,
        folder=folder,
        command=command,
    )


def constant_table(constants: list[Constant]) -> Table:
    """Tabulate each constant before and after the data, and what follows by the rule."""
    rows = []
    for one in constants:
        if not one.speaks:
            log = f" in plain widths ({one.narrowed_in_logarithms:.0%} is left in logarithms)"
            follows = f"the default stays: the data do not speak{log if one.narrow_in_logarithms else ''}"
        elif one.against_shipped:
            follows = "the data speak for another value; in the named set"
        else:
            follows = "the default stays: the data bear it out"
        rows.append(
            [
                f"`{one.name}`",
                f"{one.shipped:.3g}",
                _interval(one.prior),
                _interval(one.posterior),
                f"{one.narrowed:.0%}",
                "" if one.zero_before == 0.0 else f"{one.zero_before:.2f} → {one.zero:.2f}",
                "yes" if one.speaks else "no",
                follows,
            ]
        )
    headings = ["constant", "ships", "prior", "posterior", "width left", "P(zero)", "data speak", "what follows"]
    return Table(headings, rows)


def score_table(trial: Trial) -> Table:
    """Tabulate mean scores of every forecaster."""
    means = trial.means()
    rows = [
        [name, kind, *(f"{means[kind, score, name]:.4f}" for score in ("RPS", "Brier", "log"))]
        for kind in KINDS
        for name in trial.names
    ]
    return Table(["forecaster", "forecast", "RPS", "Brier", "log"], rows)


def gain_table(trial: Trial) -> Table:
    """Tabulate the gains of the constants of other patrons, with intervals over clients."""
    rows = []
    for kind in KINDS:
        for reference in REFERENCES:
            for score in ("RPS", "log"):
                one = trial.against(reference, kind, score)
                verdict = {"higher": "clear", "lower": "clear, worse"}.get(one.verdict, "")
                rows.append([kind, named(reference), score, gain_in_words(one), verdict])
    return Table(["forecast", "over", "score", "gain", ""], rows)


def client_table(trial: Trial) -> Table:
    """Tabulate the clients whose steps in the training span the two sets of constants tell most differently."""
    ours, theirs = trial.log_evidence_of_clients(LEARNED), trial.log_evidence_of_clients(BY_HAND)
    clients = trial.problem.scenario.clients
    apart = sorted((ours[name] - theirs[name], name) for name in ours if ours[name] != theirs[name])
    rows = [
        [label(clients, name), f"{ours[name]:.2f}", f"{theirs[name]:.2f}", f"{gain:+.2f}"]
        for gain, name in apart
        if abs(gain) >= FAR
    ]
    return Table(["client", LEARNED, BY_HAND, "difference"], rows)


def _interval(quantiles: tuple[float, float, float]) -> str:
    low, middle, high = (f"{value:.3g}" for value in quantiles)
    return f"{middle} [{low}, {high}]"
