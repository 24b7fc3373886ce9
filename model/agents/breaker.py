"""Break with a patron, or come back to it: a jump to any other rung, beside the choice among neighbouring ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model import randomness
from papertiger.model.agents.believer import Believer
from papertiger.model.constants import break_effects, break_rungs
from papertiger.model.decisions import FREE, Decision
from papertiger.model.rules.breaks import BreakStocks, strongest_cause
from papertiger.model.rules.choice import LOYAL, REALIGNED

if TYPE_CHECKING:
    from papertiger.model.agents.world import World
    from papertiger.model.setting import ClientSetting, Outlook


class Breaker(Believer):
    """The part of a client that breaks: the stocks of what makes it likely, and the month's draw.

    Parameters
    ----------
    model
        The world.
    index
        Place in the scenario's order.
    setting
        The client in numbers.
    """

    def __init__(self, model: World, index: int, setting: ClientSetting) -> None:
        super().__init__(model, index, setting)
        self.key = setting.key
        self.posture = setting.posture
        self.next_posture = setting.posture
        self.new_regime: Outlook | None = None
        self.ruler_stock = 0.0
        self.disengagement_stock = 0.0
        self.pledge_stock = 0.0

    @property
    def stocks(self) -> BreakStocks:
        """What the client remembers of each cause of a break."""
        return BreakStocks(self.ruler_stock, self.coercion_stock, self.disengagement_stock, self.pledge_stock)

    def given(self, decision: Decision) -> int:
        """Return what is given of this client this month, or ``FREE``."""
        return self.model.decisions.decision(self.model.month, self.index, decision)

    def fade_stocks(self) -> None:
        """Let the stocks of the causes of a break fade."""
        memory, fade = self.model.constants.break_memory, self.model.rules.fade
        self.ruler_stock = fade(self.ruler_stock, memory)
        self.coercion_stock = fade(self.coercion_stock, memory)
        self.disengagement_stock = fade(self.disengagement_stock, memory)
        self.pledge_stock = fade(self.pledge_stock, memory)

    def get_ruler(self, intensity: float) -> None:
        """Get a new ruler, of the old regime or of another."""
        self.ruler_stock += self.model.rules.impulse(1.0, intensity)

    def see_disengagement(self, intensity: float) -> None:
        """See the patron let go."""
        self.disengagement_stock += self.model.rules.impulse(1.0, intensity)

    def get_pledge(self, intensity: float) -> None:
        """Get a pledge of a rival."""
        self.pledge_stock += self.model.rules.impulse(1.0, intensity)

    def face_break(self) -> None:
        """Draw whether the client breaks away this month or comes back, which takes the place of its choice.

        A sub-state has no ladder to jump on, a successor's first choice is a jump of its own, and a posture that is
        given is neither drawn nor broken.
        """
        if self.setting.sub_state or self.new_regime is not None or self.given(Decision.POSTURE) != FREE:
            return
        away, toward = self.break_chance(toward=False), self.break_chance(toward=True)
        if away + toward <= 0.0:
            return
        luck = self.model.draw(self.key, randomness.BREAK)
        if luck < away:
            self._jump(away, toward=False)
        elif luck < away + (1.0 - away) * toward:
            self._jump(toward, toward=True)

    def break_chance(self, *, toward: bool) -> float:
        """Return the hazard of a break in a direction, 0 where it has no rung to end on."""
        constants = self.model.constants
        baseline = constants.break_toward if toward else constants.break_away
        if baseline <= 0.0 or self._weigh_rungs(toward=toward)[1] <= 0.0:
            return 0.0
        return self.model.rules.break_hazard(baseline, self.stocks, break_effects(constants, toward))

    def _weigh_rungs(self, *, toward: bool) -> tuple[list[float], float]:
        """Return how likely a break in a direction ends on each rung, up to a factor, and the sum."""
        rungs = break_rungs(self.model.constants)
        weights, total = [], 0.0
        for target in range(LOYAL, REALIGNED + 1):
            ahead = target < self.posture if toward else target > self.posture
            weights.append(self.model.rules.break_weight(target, self.posture, rungs) if ahead else 0.0)
            total += weights[-1]
        return weights, total

    def _jump(self, hazard: float, *, toward: bool) -> None:
        """Choose the rung on which a break ends, and write the break and its strongest cause into the ledger."""
        weights, total = self._weigh_rungs(toward=toward)
        left = self.model.draw(self.key, randomness.BREAK_DESTINATION) * total
        last = self.posture
        for target, weight in enumerate(weights):
            if weight > 0.0:
                last = target
                left -= weight
                if left < 0.0:
                    break
        self.next_posture = last
        cause = strongest_cause(self.stocks, break_effects(self.model.constants, toward))
        self.model.ledger.note_break(self.model.month, self.index, self.posture, last, cause, hazard)
