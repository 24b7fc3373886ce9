"""Write the page on ties: what trust adds to a forecast of shares, and what that rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import style
from papertiger.experiments.figures.tie_shares import TiePanel, shares
from papertiger.experiments.history.page.material import Table
from papertiger.experiments.history.ties.likelihood import CELLS
from papertiger.experiments.history.ties.readings import KINDS
from papertiger.experiments.history.ties.study import SCORES, WITH, WITHOUT
from papertiger.experiments.history.ties.words import answer, interval
from papertiger.experiments.markdown import markdown
from papertiger.experiments.names import label

if TYPE_CHECKING:
    from papertiger.experiments.history.ties.study import TieStudy

TEMPLATE = "ties.md.j2"
PICTURE = "ties_shares.png"
TOPS = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Upper ends of the scale of a kind of tie: the first that all shares stay below is taken."""


def pictures(study: TieStudy) -> dict[str, bytes]:
    """Return the figures of the page as PNG, by the name of their file."""
    plan = study.problem.plan
    figure = shares(
        list(panels(study)),
        plan.testing.first,
        plan.testing.last,
        f"What clients buy from and trade with {study.problem.scenario.patron.name}: observed, and learned",
        f"Shares of {plan.training.first} to {plan.training.last} are learned from; the line is the model's yearly "
        "tie, which no share of the grey years has moved",
        f"study of ties {plan.name} · {study.problem.fingerprint[:12]}",
    )
    return {PICTURE: style.png(figure)}


def panels(study: TieStudy) -> list[TiePanel]:
    """Return what is drawn of every client and kind of tie with a share that counts."""
    readings, clients = study.problem.readings, study.problem.scenario.clients
    with_trust, without = (study.bands(world) for world in (WITH, WITHOUT))
    drawn = []
    for kind, of in enumerate(KINDS):
        seen = readings.share[(readings.kind == kind) & (study.trained | study.tested)]
        top = 1.0 if not len(seen) else next(one for one in TOPS if one >= max(seen.max(), *_tops(study, kind)))
        for client, name in enumerate(readings.clients):
            own = (readings.client == client) & (readings.kind == kind)
            if not (own & (study.trained | study.tested)).any():
                continue
            enters = clients[name].enters
            first = study.first if enters is None else max(study.first, int(enters[:4]) + (enters[5:] != "01"))
            rows = slice(first - study.first, None)
            low, middle, high = with_trust[:, rows, client, kind]
            drawn.append(
                TiePanel(
                    label(clients, name),
                    of,
                    readings.year[own].tolist(),
                    readings.share[own].tolist(),
                    [None] * int(own.sum()) if of == KINDS[1] else readings.band[own].tolist(),
                    list(range(first, first + len(middle))),
                    low,
                    middle,
                    high,
                    without[1, rows, client, kind],
                    top,
                )
            )
    return drawn


def _tops(study: TieStudy, kind: int) -> list[float]:
    """Return the shares at entry of the clients that are drawn."""
    readings = study.problem.readings
    here = (readings.kind == kind) & (study.trained | study.tested)
    return [float(share) for share in study.entry[readings.client[here], kind]]


def page(study: TieStudy, command: str, folder: str = "figures") -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    study
        What was carried out.
    command
        How it was made, for the reader who wants to make it again.
    folder
        Where the figures lie, as seen from the page.
    """
    problem = study.problem
    headline, *rest = answer(study)
    here = study.trained | study.tested
    return markdown(
        TEMPLATE,
        headline=headline,
        particulars=rest,
        plan=problem.plan,
        ties=problem.ties,
        scenario=problem.scenario.name,
        fingerprint=problem.fingerprint,
        learned=study.learned_hash,
        trained=int(study.trained.sum()),
        tested=int(study.tested.sum()),
        by_kind=[
            (kind, int((study.trained & of).sum()), int((study.tested & of).sum()))
            for number, kind in enumerate(KINDS)
            for of in [problem.readings.kind == number]
        ],
        effective=min(one.effective for one in study.forecasters.values() if len(one.centres) > 1),
        small=int(((problem.readings.band == 0) & (problem.readings.kind == 0) & here).sum()),
        of_arms=int(((problem.readings.kind == 0) & here).sum()),
        score_table=score_table(study),
        gain_table=gain_table(study),
        case_table=case_table(study),
        parameter_table=parameter_table(study),
        cells=CELLS,
        picture=PICTURE,
        folder=folder,
        command=command,
    )


def score_table(study: TieStudy) -> Table:
    """Tabulate the mean losses of every forecaster, for each kind of tie and both."""
    rows = [
        [
            str(row["kind"]),
            str(row["forecaster"]),
            str(row["shares"]),
            str(row["clients"]),
            *(f"{row[score]:.3f}" for score in SCORES),
        ]
        for row in study.table()
    ]
    return Table(["ties", "forecaster", "shares", "clients", *SCORES], rows)


def gain_table(study: TieStudy) -> Table:
    """Tabulate what the model gains over each reference, with intervals over clients and their coverage."""
    rows = []
    for kind, name, over, score, compared in study.comparisons():
        verdict = "" if not compared.clear else "clear" if compared.gain > 0 else "clear, worse"
        coverage = "" if np.isnan(compared.coverage) else f"{compared.coverage:.0%}"
        rows.append([kind, name, over, score, interval(compared), str(compared.clients), coverage, verdict])
    return Table(["ties", "forecaster", "over", "score", "gain [95 %]", "clients", "covered", ""], rows)


def case_table(study: TieStudy) -> Table:
    """Tabulate every scored share with what each forecaster said of it."""
    names = list(study.forecasters)
    rows = [
        [
            label(study.problem.scenario.clients, str(row["client"])),
            str(row["kind"]),
            str(row["year"]),
            f"{row['share']:.2f}",
            *(f"{row[name]:.2f}" for name in names),
        ]
        for row in study.scored()
    ]
    return Table(["client", "tie", "year", "came", *names], rows)


def parameter_table(study: TieStudy) -> Table:
    """Tabulate what the training years say of each parameter, with and without trust."""
    rows = [
        [
            str(row["parameter"]),
            str(row["world"]),
            *(f"{row[key]:.3g}" for key in ("prior_mean", "mean", "q05", "q95")),
            f"{max(0.0, float(str(row['moved']))):.0%}",
        ]
        for row in study.parameters()
    ]
    return Table(["parameter", "world", "prior mean", "mean", "5 %", "95 %", "variance taken away"], rows)
