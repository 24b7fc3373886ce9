"""Write what came of claims: a page, the same for machines, and the line that says what it was made from."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from papertiger.experiments.claims import verdict
from papertiger.experiments.claims.forest import forest
from papertiger.experiments.claims.schema import DOMAINS
from papertiger.experiments.claims.sentences import (
    NOTHING,
    WORDS,
    headline,
    interval,
    result,
    sensitivity,
    under_learned,
    what,
)
from papertiger.experiments.claims.worlds import scenario_of
from papertiger.experiments.figures import style
from papertiger.experiments.markdown import markdown
from papertiger.experiments.run.provenance import version

if TYPE_CHECKING:
    from papertiger.experiments.claims.examine import Examination, Examined, Finding
    from papertiger.experiments.statistics.paired import PairedDifference

TEMPLATE = "claims.md.j2"
HEAD = re.compile(
    r"<!-- papertiger claims: (?P<runs>\d+) runs, seed (?P<seed>\d+), fingerprint (?P<sha256>[0-9a-f]{64}) -->"
)
"""The line of the page that says what it was made from."""
PICTURE = "claims_forest.png"
DPI = 115
"""Dots an inch of the figure: it is tall, and a page should load fast."""


def files(examination: Examination, name: str = "claims") -> dict[str, bytes]:
    """Return the page with its figure and the numbers, as bytes by place.

    Parameters
    ----------
    examination
        All claims, examined.
    name
        Of the page, without its ending.
    """
    numbers = json.dumps(plain(examination), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return {
        f"figures/{PICTURE}": style.png(forest(examination), DPI),
        f"{name}.json": numbers.encode(),
        f"{name}.md": page(examination).encode(),
    }


def page(examination: Examination, folder: str = "figures") -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    examination
        All claims, examined.
    folder
        Where the figure lies, as seen from the page.
    """
    return markdown(
        TEMPLATE,
        headline=headline(examination),
        sensitivity=sensitivity(examination),
        under_learned=under_learned(examination),
        learned=None if examination.learned is None else examination.learned.posterior,
        headings=_headings(examination),
        runs=examination.runs,
        seed=examination.seed,
        fingerprint=examination.fingerprint,
        rule=_rule(),
        smallest=examination.claims.smallest,
        articles=examination.claims.articles,
        summary=_summary(examination),
        effects=_effects(examination),
        claims=[_paragraph(one) for one in examination.examined],
        picture=f"{folder}/{PICTURE}",
    )


def plain(examination: Examination) -> dict[str, Any]:
    """Return everything as plain values, for machines; what is no number is null."""
    return {
        "papertiger": version(),
        "fingerprint": examination.fingerprint,
        "runs": examination.runs,
        "seed": examination.seed,
        "headline": headline(examination),
        "sensitivity": sensitivity(examination),
        "posterior": examination.posterior,
        "claims": [_plain(one) for one in examination.examined],
        "learned": None if examination.learned is None else plain(examination.learned),
    }


def _plain(examined: Examined) -> dict[str, Any]:
    claim = examined.claim
    return {
        "number": examined.key,
        "claim": claim.claim,
        "articles": list(claim.articles),
        "borne_out": claim.borne_out,
        "scenario": claim.scenario,
        "twin": None if claim.twin is None else claim.twin.what,
        "verdicts": {domain: examined.verdict(domain) for domain in DOMAINS},
        "behaviour": examined.behaviour,
        "missing": claim.missing,
        "effects": [_plain_finding(one) for one in examined.findings],
    }


def _plain_finding(finding: Finding) -> dict[str, Any]:
    return {
        **finding.effect.model_dump(mode="json"),
        "domain": finding.domain,
        "smallest": finding.smallest,
        "verdict": finding.judged.verdict,
        "why": finding.judged.why,
        "effect": _numbers(finding.difference),
        "mechanism_off": _numbers(finding.off),
        "beliefs_frozen": _numbers(finding.frozen),
    }


def _numbers(difference: PairedDifference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    wanted = ("mean_a", "mean_b", "difference", "low", "high", "changed", "n", "dropped", "alike")
    values = {name: value for name, value in asdict(difference).items() if name in wanted}
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in values.items()
    }


def _rule() -> str:
    """Return the rule of verdicts, as it is written down once."""
    text = verdict.__doc__ or ""
    return text.split("\n\n", 1)[1].strip()


def _headings(examination: Examination) -> list[str]:
    """Return the headings of verdicts: each place, and beside it the same under learned constants."""
    again = [] if examination.learned is None else ["learned"]
    return [heading for domain in DOMAINS for heading in (WORDS[domain], *again)]


def _sides(examination: Examination) -> list[tuple[Examined, ...]]:
    """Return each claim as it was examined, and, where there is one, once more under learned constants."""
    sides = [examination.examined]
    if examination.learned is not None:
        sides.append(examination.learned.examined)
    return list(zip(*sides, strict=True))


def _summary(examination: Examination) -> list[tuple[str, ...]]:
    return [
        (
            sides[0].key,
            sides[0].claim.short,
            sides[0].claim.borne_out,
            *(_verdict(one.verdict(domain)) for domain in DOMAINS for one in sides),
        )
        for sides in _sides(examination)
    ]


def _verdict(judged: str | None) -> str:
    return NOTHING if judged is None else f"**{judged}**" if judged == "works" else judged


def _effects(examination: Examination) -> list[tuple[str, ...]]:
    return [
        (
            one.key,
            WORDS[finding.domain],
            what(finding, scenario_of(one.claim.scenario)),
            finding.effect.sign,
            interval(finding.difference),
            interval(finding.off),
            NOTHING if finding.frozen is None else interval(finding.frozen),
            _verdict(finding.judged.verdict),
            *(f"{interval(other.difference)} {_verdict(other.judged.verdict)}" for other in learned),
        )
        for one, *again in _sides(examination)
        if one.claim.scenario is not None
        for finding, *learned in zip(one.findings, *(other.findings for other in again), strict=True)
    ]


def _paragraph(examined: Examined) -> dict[str, Any]:
    claim = examined.claim
    scenario = None if claim.scenario is None else scenario_of(claim.scenario)
    return {
        "key": examined.key,
        "claim": claim,
        "results": [] if scenario is None else [result(one, scenario) for one in examined.findings],
    }
