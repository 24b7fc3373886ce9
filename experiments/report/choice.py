"""Say in words why a client chose as it did, and what would have tipped its choice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from papertiger.experiments.phrases import TERM_WORDS
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papertiger.model.agents.choices import Choice, Rung

QUANTITY_WORDS = {
    "threat": "the threat from its adversary",
    "protection": "the protection that it believes in",
    "dependence": "its dependence on the patron",
    "option": "the value of its best other option",
    "patron_threat": "the threat from the patron itself",
    "fear": "its fear of retaliation",
    "pressure": "the pressure on whoever stands with the patron",
    "defected_peers": "the share of similar clients that have left",
}
"""What the quantities are called that could tip a choice."""
WAYS = 3
"""How many ways to tip a choice are told, the nearest first."""
SMALL = 0.0005
"""Terms that differ by less are not spoken of."""
REASONS = {
    "given": "its posture was decided for it",
    "new regime": "a new regime chooses its posture",
    "event": "an event called for a review",
    "by itself": "it reviews its posture only now and then",
}
"""Why a client reviews its posture."""


def likeliest(choice: Choice) -> Rung:
    """Return the rung that is worth most."""
    return max(choice.rungs, key=lambda rung: rung.utility)


def chance_ever(choices: Sequence[Choice]) -> float:
    """Return the chance that a client moved in any of some months, standing each month where it stood."""
    return 1.0 - math.prod(1.0 - choice.chance_of_moving for choice in choices)


def in_words(choice: Choice) -> str:
    """Return in one sentence where a client stood, and how likely it was to move."""
    review, moving = _percent(choice.review), _percent(choice.chance_of_moving)
    return (
        f"In {choice.month} {choice.client} stands at {POSTURES[choice.posture]}; {REASONS[choice.reason]}, with a "
        f"chance of {review} this month, and the chance that it moves is {moving}."
    )


def tips_in_words(choice: Choice) -> list[str]:
    """Return one line for each rung that is not the likeliest one: what alone would have to change for it."""
    best = likeliest(choice)
    lines = []
    for rung in choice.rungs:
        if rung is best:
            continue
        behind = best.utility - rung.utility
        head = f"{POSTURES[rung.posture]} is worth {behind:.3f} less than {POSTURES[best.posture]}"
        near = sorted(rung.tips.items(), key=lambda item: abs(item[1] - choice.now[item[0]]))
        if near:
            ways = "; or ".join(
                f"{QUANTITY_WORDS[name]} at {value:.2f} instead of {choice.now[name]:.2f}"
                for name, value in near[:WAYS]
            )
            lines.append(f"{head}. It would be worth as much with {ways}.")
        else:
            lines.append(f"{head}, and no single one of these quantities could make up for it within its range.")
    return lines


def held_by(choice: Choice) -> str:
    """Return which terms speak most for the likeliest rung against the one next to it that is worth most."""
    best = likeliest(choice)
    others = [rung for rung in choice.rungs if rung is not best]
    if not others:
        return "There is no other rung that it could take."
    other = max(others, key=lambda rung: rung.utility)
    gaps = {name: best.terms[name] - other.terms[name] for name in best.terms}
    against = sorted((item for item in gaps.items() if item[1] < -SMALL), key=lambda item: item[1])
    speak = sorted((item for item in gaps.items() if item[1] > SMALL), key=lambda item: -item[1])
    said = ", ".join(f"{TERM_WORDS[name]} ({gap:+.3f})" for name, gap in speak[:3]) or "nothing"
    rest = ", ".join(f"{TERM_WORDS[name]} ({gap:+.3f})" for name, gap in against[:3]) or "nothing"
    return f"For {POSTURES[best.posture]} rather than {POSTURES[other.posture]} speak {said}; against it {rest}."


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f} %" if share < 0.995 else f"{100.0 * share:.0f} %"
