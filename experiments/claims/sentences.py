"""Say in words what came of claims: the counts, an effect with its interval, and a paragraph's last sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from papertiger.experiments.claims.schema import DOMAINS
from papertiger.experiments.claims.verdict import WORST_FIRST, better, judge, together
from papertiger.experiments.names import label
from papertiger.experiments.phrases import counted, listed, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from papertiger.experiments.claims.examine import Examination, Examined, Finding
    from papertiger.experiments.claims.schema import Domain
    from papertiger.experiments.claims.verdict import ClaimVerdict
    from papertiger.experiments.statistics.paired import PairedDifference
    from papertiger.scenarios.schema.scenario import Scenario

WORDS = {"belief": "belief", "ties": "ties", "posture": "posture and acts"}
"""What the page calls each domain."""
NOTHING = "–"
FACTORS = (0.5, 2.0)
"""What the smallest effects of interest are multiplied by, to see what hangs on them."""
SMALL = 0.01
"""What is smaller has four digits."""


def headline(examination: Examination) -> str:
    """Return how many claims work, and which do not."""
    claims = examination.single
    if not claims:
        return "Claims that are taken together are not counted; what each is comes below."
    total = len(claims)
    belief = _split(claims, lambda one: one.verdict("belief"))
    behaviour = _split(claims, lambda one: one.behaviour)
    parts = [
        f"{len(belief['works'])} of {counted(total, 'claim')} work in belief, "
        f"{len(behaviour['works'])} in ties or posture.",
        f"In belief {_named(belief)}.",
        f"In ties or posture {_named(behaviour)}.",
    ]
    return " ".join(parts)


def under_learned(examination: Examination) -> str:
    """Return how many claims work under the constants that other cases taught, and which work under one set alone."""
    learned = examination.learned
    if learned is None or not examination.single:
        return ""
    ways: list[tuple[str, Callable[[Examined], ClaimVerdict | None]]] = [
        ("belief", lambda one: one.verdict("belief")),
        ("ties or posture", lambda one: one.behaviour),
    ]
    counts, changes = [], []
    for where, verdict in ways:
        before = set(_split(examination.single, verdict)["works"])
        after = _split(learned.single, verdict)["works"]
        counts.append(f"{len(after)} in {where}")
        lost = [one.key for one in examination.single if one.key in before - set(after)]
        gained = [key for key in after if key not in before]
        said = [f"{listed(lost)} no longer {'works' if len(lost) == 1 else 'work'}"] if lost else []
        said += [f"{listed(gained)} {'works' if len(gained) == 1 else 'work'} only so"] if gained else []
        changes.append(f"in {where} {' and '.join(said)}" if said else f"in {where} they are the same")
    belief, behaviour = counts
    return (
        f"Under the constants that other patrons teach (`{learned.posterior}`) {belief.replace(' in ', ' work in ')} "
        f"and {behaviour}: {'; '.join(changes)}."
    )


def _split(claims: Sequence[Examined], verdict: Callable[[Examined], ClaimVerdict | None]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {kind: [] for kind in ("works", "weak", "absent", "not testable", NOTHING)}
    for one in claims:
        groups[verdict(one) or NOTHING].append(one.key)
    return groups


def _named(groups: dict[str, list[str]]) -> str:
    said = [
        f"{listed(groups[kind])} {'is' if len(groups[kind]) == 1 else 'are'} {kind}"
        for kind in ("weak", "absent", "not testable")
        if groups[kind]
    ]
    if groups[NOTHING]:
        said.append(f"{listed(groups[NOTHING])} {'asserts' if len(groups[NOTHING]) == 1 else 'assert'} nothing")
    return "; ".join(said) if said else "none is weak or absent"


def sensitivity(examination: Examination) -> str:
    """Return how many claims would work, had the smallest effects of interest been smaller or larger."""
    if not examination.single:
        return ""
    counts = []
    for factor in FACTORS:
        verdicts = [_rejudged(one, factor) for one in examination.single]
        belief = sum(one["belief"] == "works" for one in verdicts)
        behaviour = sum(better((one["ties"], one["posture"])) == "works" for one in verdicts)
        counts.append(f"{belief} in belief and {behaviour} in ties or posture")
    return (
        f"Were the smallest effects of interest half as large, {counts[0]} would work; were they twice as large, "
        f"{counts[1]}."
    )


def _rejudged(examined: Examined, factor: float) -> dict[Domain, ClaimVerdict | None]:
    if examined.claim.missing is not None:
        return dict.fromkeys(DOMAINS, "absent")
    return {
        domain: together(
            judge(
                one.difference, one.off, sign=one.effect.sign, smallest=factor * one.smallest, top=one.kind.top
            ).verdict
            for one in examined.of(domain)
        )
        for domain in DOMAINS
    }


def number(value: float) -> str:
    """Return an effect with its sign, in digits enough for its size.

    >>> number(-0.0583), number(0.0004)
    ('−0.058', '+0.0004')
    """
    return signed(value, 4 if 0.0 < abs(value) < SMALL else 3)


def interval(difference: PairedDifference | None) -> str:
    """Return an effect with its interval, or the one number that every pair of runs gives."""
    if difference is None:
        return "nothing to measure"
    if difference.verdict == "no difference":
        return "0, in every run"
    if math.isnan(difference.low):
        return f"{number(difference.difference)}, in every run"
    digits = 4 if 0.0 < abs(difference.difference) < SMALL else 3
    low, high = signed(difference.low, digits), signed(difference.high, digits)
    return f"{number(difference.difference)} [{low}, {high}]"


def weakest(examined: Examined, domain: Domain) -> str:
    """Return the weakest effect of a claim in a domain as a number, or nothing where there is none."""
    findings = [one for one in examined.of(domain) if one.difference is not None]
    if not findings:
        return ""
    one = min(findings, key=lambda one: (WORST_FIRST.index(one.judged.verdict), _multiple(one)))
    return number(0.0 if one.difference is None else one.difference.difference)


def _multiple(finding: Finding) -> float:
    return 0.0 if finding.difference is None else abs(finding.difference.difference) / finding.smallest


def whom(finding: Finding, scenario: Scenario) -> str:
    """Return whom an effect is measured on, as people call them; blank where it is the patron."""
    effect = finding.effect
    if not finding.kind.by_client:
        return ""
    if effect.clients:
        return listed([label(scenario.clients, name) for name in effect.clients])
    left = listed([label(scenario.clients, name) for name in effect.without])
    return f"all states but {left}" if left else "all states"


def what(finding: Finding, scenario: Scenario) -> str:
    """Return what is measured, of whom and when."""
    effect = finding.effect
    rival = f" to {label(scenario.rivals, effect.rival)}" if effect.rival else ""
    of = f", {named}" if (named := whom(finding, scenario)) else ""
    months = effect.start if effect.start == effect.end else f"{effect.start} to {effect.end}"
    return f"{finding.kind.words}{rival}{of}, {months}"


def result(finding: Finding, scenario: Scenario) -> str:
    """Return one effect as a sentence: what was found, with the mechanism off, and with frozen beliefs."""
    judged = finding.judged
    why = f" ({judged.why})" if judged.why else ""
    frozen = "" if finding.frozen is None else f"; with nobody's beliefs moving {interval(finding.frozen)}"
    return (
        f"**{judged.verdict.capitalize()}**{why}: {what(finding, scenario)}, {interval(finding.difference)} "
        f"({finding.effect.sign} is asserted, {finding.smallest:g} matters); with the mechanism off "
        f"{interval(finding.off)}{frozen}."
    )
