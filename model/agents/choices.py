"""Say of every choice of a run what spoke for each rung, how likely each step was, and what would have tipped it.

The run is made once more as agents, with the same draws, and watched at the moment at which its clients choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.model.agents.given import GivenWorld
from papertiger.model.constants import unobserved_scale, utility_weights
from papertiger.model.decisions import FREE, Decision
from papertiger.model.rules.choice import HEDGING, LOYAL, REALIGNED, SUSPENDED, Position, UtilityWeights

if TYPE_CHECKING:
    from papertiger.model.agents.client import Client
    from papertiger.model.decisions import Decisions
    from papertiger.model.rules.rules import Rules
    from papertiger.model.setting import Setting
    from papertiger.scenarios import Scenario

TERMS = (
    "protection", "dependence", "anchor", "options", "autonomy", "patron_threat", "fear", "standing_cost", "peers",
    "moving_cost", "own_rule",
)  # fmt: skip
"""The parts of the utility of a rung; the last is what a rule of a modeler's own adds to the shipped form."""
SHARES = ("threat", "protection", "dependence", "patron_threat", "pressure", "defected_peers")
MOVABLE = (*SHARES, "option", "fear")
"""What may change between two months without anybody changing a constant."""
EXACT = 1e-6


@dataclass(frozen=True)
class Rung:
    """Hold what speaks for one rung.

    Attributes
    ----------
    posture
        The rung, 0 to 4.
    chance
        Chance of taking it, if the client reviews its posture.
    utility, terms
        Its utility, and the parts that add up to it.
    tips
        For each quantity that could do it alone, the value at which this rung is worth as much as the likeliest one.
    """

    posture: int
    chance: float
    utility: float
    terms: dict[str, float]
    tips: dict[str, float]


@dataclass(frozen=True)
class Choice:
    """Hold one client's choice in one month.

    Attributes
    ----------
    month, client, posture
        When, who, and from which rung.
    reason
        Why it reviews its posture: ``given``, ``new regime``, ``event`` or ``by itself``.
    review
        Chance of a review this month.
    chosen
        The rung that came of it.
    rungs
        Those that it could take.
    now
        The quantities of the state that it weighed.
    """

    month: str
    client: str
    posture: int
    reason: str
    review: float
    chosen: int
    rungs: tuple[Rung, ...]
    now: dict[str, float]

    @property
    def chance_of_moving(self) -> float:
        """Return the chance that it moved this month."""
        return self.review * (1.0 - sum(rung.chance for rung in self.rungs if rung.posture == self.posture))


def terms_of(
    target: int, posture: int, c: float, here: Position, weights: UtilityWeights, utility: float
) -> dict[str, float]:
    """Return the parts of the utility of a rung, which add up to it.

    Parameters
    ----------
    target, posture, c, here, weights
        As for `papertiger.model.rules.choice.utility`.
    utility
        What the rule in force returned; what the shipped form does not explain is ``own_rule``.
    """
    away = 1.0 - c
    moving = -weights.switching_cost if target != posture else 0.0
    if posture == SUSPENDED and target == REALIGNED:
        moving -= weights.realignment_cost
    parts = {
        "protection": c * here.threat * here.protection,
        "dependence": c * weights.economy_weight * here.dependence,
        "anchor": c * here.anchor,
        "options": away * here.option,
        "autonomy": -weights.autonomy_price * c * c,
        "patron_threat": weights.patron_threat_weight * here.patron_threat * away,
        "fear": -away * away * here.fear,
        "standing_cost": -weights.standing_cost * here.pressure * here.option_economy * c,
        "peers": weights.contagion * here.defected_peers * away,
        "moving_cost": moving,
    }
    rest = utility - sum(parts.values())
    return {**parts, "own_rule": rest if abs(rest) > EXACT else 0.0}


class Watched(GivenWorld):
    """A world of a given setting that writes down what every client weighs when it chooses.

    Parameters
    ----------
    scenario, setting, rules, decisions
        As for `GivenWorld`.
    """

    def __init__(
        self, scenario: Scenario, setting: Setting, rules: Rules | None, decisions: Decisions | None
    ) -> None:
        self.choices: list[Choice] = []
        super().__init__(scenario, setting, rules, decisions)

    def review(self) -> None:
        """Let every client that has a reason review its posture, and write down what it weighs."""
        seen = [(client, self._weigh(client)) for client in self.present]
        super().review()
        for client, choice in seen:
            self.choices.append(Choice(**choice, chosen=client.next_posture))

    def _weigh(self, client: Client) -> dict[str, Any]:
        """Return what a client weighs in this month, whether or not it comes to a review."""
        client.take_bearings(client.patron.burden)
        client.peers = client.defected_peers() if self.constants.contagion != 0.0 else 0.0
        free = client.new_regime is not None
        first, last = max(LOYAL, client.posture - 1), client.posture + 1
        reason, review = ("event", 1.0) if client.triggered else ("by itself", self.constants.review_rate)
        if client.given(Decision.POSTURE) != FREE:
            reason, review = "given", 1.0
        elif free:
            reason, review = "new regime", 1.0
            first, last = LOYAL, HEDGING if client.setting.sub_state else REALIGNED
        last = min(last, self.rules.last_posture(client.posture, client.setting.sub_state))
        here = client.position(client.patron.pressure)
        weights = utility_weights(self.constants, free)
        worth = {target: self._utility(client, target, here, weights) for target in range(first, last + 1)}
        best = max(worth.values())
        noise = unobserved_scale(self.constants, free)
        logits = {target: self.rules.logit_weight(value, best, noise) for target, value in worth.items()}
        total = sum(logits.values())
        likeliest = max(worth, key=lambda target: worth[target])
        return {
            "month": self.month_name,
            "client": client.name,
            "posture": client.posture,
            "reason": reason,
            "review": review,
            "now": {name: float(getattr(here, name)) for name in MOVABLE},
            "rungs": tuple(
                Rung(
                    target,
                    logits[target] / total,
                    value,
                    terms_of(target, client.posture, self._bound(target), here, weights, value),
                    {} if target == likeliest else self._tips(client, target, likeliest, here, weights),
                )
                for target, value in worth.items()
            ),
        }

    def _bound(self, target: int) -> float:
        return float(self.rules.commitment(target, self.rungs))

    def _utility(self, client: Client, target: int, here: Position, weights: UtilityWeights) -> float:
        return float(self.rules.utility(target, client.posture, self._bound(target), here, weights))

    def _tips(
        self, client: Client, target: int, likeliest: int, here: Position, weights: UtilityWeights
    ) -> dict[str, float]:
        """Return for each quantity the value at which a rung is worth as much as the likeliest one."""

        def gap(name: str, value: float) -> float:
            there = here._replace(**{name: value})
            return self._utility(client, target, there, weights) - self._utility(client, likeliest, there, weights)

        tips = {}
        for name in MOVABLE:
            now = float(getattr(here, name))
            behind = gap(name, now)
            slope = gap(name, now + 1.0) - behind
            if abs(slope) < EXACT:
                continue
            needed = now - behind / slope
            high = 1.0 if name in SHARES else float("inf")
            if 0.0 <= needed <= high and abs(gap(name, needed)) < EXACT:
                tips[name] = needed
        return tips


def choices_of(
    scenario: Scenario, setting: Setting, rules: Rules | None, decisions: Decisions | None, months: int
) -> list[Choice]:
    """Return every choice of a run.

    Parameters
    ----------
    scenario, setting
        The scenario, and the run in numbers.
    rules, decisions
        Those of the run.
    months
        How many months it had.
    """
    world = Watched(scenario, setting, rules, decisions)
    for _ in range(months):
        world.step()
    return world.choices
