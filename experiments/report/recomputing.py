"""Write the part of a report that recomputes it: the pieces that go along, their script, and what is said."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.experiments.design.schema import in_words
from papertiger.experiments.phrases import counted
from papertiger.experiments.recompute.carried import Carried, Figure, carried
from papertiger.experiments.recompute.script import policy_hash, script
from papertiger.experiments.report.labels import in_unit
from papertiger.experiments.statistics.intervals import min_alike_share

if TYPE_CHECKING:
    from papertiger.experiments.report.ablations import Explained, Shift
    from papertiger.experiments.report.numbers import Findings
    from papertiger.experiments.report.sentences import Contrast

MAX_OPTION = 100
"""Longer names are cut where something is chosen."""


@dataclass(frozen=True)
class Piece:
    """Hold a piece that goes along.

    Attributes
    ----------
    piece, name
        What the script and what people call it.
    sha256
        Of its bytes.
    text
        The same as base64.
    """

    piece: str
    name: str
    sha256: str
    text: str


def recomputing(findings: Findings, explained: list[Explained], *, light: bool) -> dict[str, Any]:
    """Return what the page needs to run the experiment again, or to say that it cannot.

    Parameters
    ----------
    findings, explained
        Of the experiment, and what its ablations show.
    light
        Leave it out.
    """
    nothing = {"script": "", "sentence": "", "hash": ""}
    if light:
        return nothing
    goods = carried(findings.results)
    if isinstance(goods, str):
        return nothing | {"sentence": goods}
    results, words = findings.results, findings.words
    pairs, headline = _pairs(findings, explained)
    plan = goods.plan | {
        "pairs": pairs,
        "headline": headline,
        "figures": [_figure(findings, one) for one in goods.figures] if pairs else [],
        "measures": {name: _measure(findings, name) for name in findings.experiment.number_measures},
        "titles": {label: words.scenario(label) for label in findings.experiment.labels},
        "compared": [0] if findings.one_at_a_time else list(range(findings.size[0])),
        "horizon": findings.horizon,
    }
    pieces = _pieces(findings, goods, plan)
    text = script()
    parts = list(results.manifest.parts.values())
    runs, tables = results.manifest.rows, len(parts)
    own = json.loads(results.manifest.to_json())["sha256"]
    carries = sum(len(piece.text) for piece in pieces) + len(text)
    return {
        "script": text,
        "hash": policy_hash(text),
        "pieces": pieces,
        "runs": runs,
        "sentence": (
            f"This page carries the model’s kernel and its scenarios ({carries / 1000:,.0f} kB). The button makes "
            f"all {counted(runs, 'run')} again in this browser, without a network, and holds the SHA-256 of each of "
            f"the {counted(tables, 'table')} of rows against the one in the manifest, whose own is "
            f"{own[:12]}…. Where they are equal, the same rows came out, to the last digit. It takes some seconds."
        ),
        "scenarios": [
            {
                "label": label,
                "title": words.scenario(label),
                "runs": f"{sum(part.rows for part in mine):,}",
                "tables": len(mine),
            }
            for label in findings.experiment.labels
            for mine in [[part for part in parts if part.block is not None and part.block.scenario == label]]
        ],
        "changeable": bool(plan["figures"]),
        "note": _note(findings),
    }


def _note(findings: Findings) -> str:
    said = (
        "The interval is made as in the rest of the report (BCa, 2,000 resamples), but with draws of this page, so "
        "that its ends may differ in the last digit."
    )
    if findings.sampled and findings.size[1] > 1:
        said += " It resamples replicates alone, and the published one points of the design, too."
    return said


def _pieces(findings: Findings, goods: Carried, plan: dict[str, Any]) -> list[Piece]:
    text = json.dumps(plan, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    content = [("plan", "The plan of the experiment", zlib.compress(text.encode("ascii"), 9))]
    content += [("kernel", "The kernel", goods.kernel)]
    content += [
        (f"scenario:{label}", f"The scenario “{findings.words.scenario(label)}” ({label})", data)
        for label, data in goods.scenarios.items()
    ]
    return [
        Piece(piece, name, hashlib.sha256(data).hexdigest(), base64.b64encode(data).decode("ascii"))
        for piece, name, data in content
    ]


# Words


def _measure(findings: Findings, name: str) -> dict[str, Any]:
    words = findings.words.measure(name)
    unit = words.unit
    return {
        "text": words.text,
        "time": findings.is_time(name),
        "scale": unit.scale,
        "digits": unit.digits,
        "level": unit.level,
        "step": unit.step,
        "axis": in_unit(unit.axis).removeprefix("in ") if unit.axis else "",
    }


def _figure(findings: Findings, one: Figure) -> dict[str, Any]:
    section, _, rest = one.path.partition(".")
    if one.factor is not None:
        label, group = findings.words.factor(one.factor), "Varied in this experiment"
    else:
        label, group = in_words(rest), "Parameters" if section == "parameters" else "Signals"
    return {
        "path": one.path,
        "label": label,
        "group": group,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "why": one.why,
        "kept": list(one.set_by),
        # At one point of a design the figure has its own number, and to change it there is to change that.
        "varied": one.factor is not None and not findings.one_at_a_time and findings.size[0] > 1,
    }


def _pairs(findings: Findings, explained: list[Explained]) -> tuple[list[dict[str, Any]], tuple[int, int]]:
    """Return what can be looked at, and the place of what the report says first."""
    pairs = [_ablation(findings, one) for one in explained]
    headline = next((place for place, one in enumerate(explained) if one.ablation.headline), None)
    for contrast in findings.comparisons:
        if contrast.verdict == "not comparable":
            continue
        names = contrast.baseline, contrast.against
        mine = [
            pair for pair in pairs if pair["kind"] == "comparison" and (pair["baseline"], pair["against"]) == names
        ]
        if not mine:
            title = f"{findings.words.scenario(names[1])}, against {findings.words.scenario(names[0])}"
            mine = [_pair("comparison", title, *names)]
            pairs += mine
        mine[0]["measures"].append(_published(findings, contrast))
    # The headline of a comparison is its first measure, as are the shifts of an ablation: both come in that order.
    return pairs, (len(explained) if headline is None else headline, 0)


def _pair(kind: str, title: str, baseline: str, against: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title if len(title) <= MAX_OPTION else f"{title[: MAX_OPTION - 1]}…",
        "baseline": baseline,
        "against": against,
        "measures": [],
    }


def _published(findings: Findings, contrast: Contrast) -> dict[str, Any]:
    return {
        "name": contrast.measure,
        "label": findings.words.measure(contrast.measure).short,
        "mean_baseline": contrast.mean_baseline,
        "mean_against": contrast.mean_against,
        "difference": contrast.difference,
        "low": _number(contrast.low),
        "high": _number(contrast.high),
        "alike": contrast.alike,
        "pairs": contrast.pairs,
    }


def _ablation(findings: Findings, shown: Explained) -> dict[str, Any]:
    """Return an ablation as a pair: with the thing, against without it; the largest shift first."""
    ablation, experiment = shown.ablation, findings.experiment
    title = f"What {ablation.of} explains"
    pair = _pair("ablation", title, ablation.without, experiment.labels[0])
    measures: dict[str, str] = {}
    for name in experiment.rungs(ablation.at):
        part: Any = experiment.measures[name]
        measures[findings.words.client(part.client)] = name
    pair["measures"] = [_shift(measures[shift.client], shift, shown.pairs, findings.level) for shift in shown.shifts]
    return pair


def _shift(name: str, shift: Shift, pairs: int, level: float) -> dict[str, Any]:
    alike = shift.low == shift.high
    return {
        "name": name,
        "label": f"Mean rung of {shift.client}",
        "mean_baseline": shift.without,
        "mean_against": shift.having,
        "difference": shift.difference,
        "low": None if alike else shift.low,
        "high": None if alike else shift.high,
        "alike": min_alike_share(pairs, level) if alike else None,
        "pairs": pairs,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
