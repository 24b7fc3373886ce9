"""Let clients believe, fear and choose: protected states with beliefs, threats, options and a posture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model import randomness
from papertiger.model.agents.trader import Trader
from papertiger.model.constants import unobserved_scale, utility_weights
from papertiger.model.decisions import FREE, Decision
from papertiger.model.rules.choice import HEDGING, LOYAL, REALIGNED, SUSPENDED, Position
from papertiger.model.setting import NOBODY

if TYPE_CHECKING:
    from papertiger.model.agents.world import World
    from papertiger.model.setting import ClientSetting, DatedEvent, Outlook


class Client(Trader):
    """A protected state: two beliefs about its patron, two threats, its options, and a posture.

    Who has several patrons is there once for each: a bond, with beliefs, a posture and a patron's threat of its own,
    beside the others of the same state.

    Parameters
    ----------
    model
        The world.
    index
        Place in the scenario's order, used only to find its row of the similarity matrix.
    setting
        The client in numbers.
    """

    def __init__(self, model: World, index: int, setting: ClientSetting) -> None:
        super().__init__(model, index, setting)
        self.regime = 0
        self.destination = NOBODY
        self.covert_rival = NOBODY
        self.contested_months = 0.0
        self.unanswered_intensity = 0.0
        self.unanswered_cause = ""
        self.best_rival = NOBODY
        self.best_economy = 0.0
        self.outside_option = 0.0
        self.fear = 0.0
        self.peers = 0.0
        self.anchor = 0.0
        self.begin_month()

    def take_stand(self) -> None:
        """Put the client in balance at its first posture, before the first month."""
        self.take_bearings(burden=0.0)
        self.anchor = self.model.rules.anchor(
            self.commitment, self.position(pressure=0.0), utility_weights(self.model.constants, free=False)
        )

    @property
    def patron_threat(self) -> float:
        """Threat from the patron, theta, 0 to 1."""
        return self.model.rules.patron_threat(self.claim_level)

    @property
    def commitment(self) -> float:
        """Commitment to the patron of the present posture, 1 to 0."""
        return self.model.rules.commitment(self.posture, self.model.rungs)

    @property
    def defected(self) -> bool:
        """Whether the client is suspended or beyond."""
        return self.posture >= SUSPENDED

    # What belongs to the steps beginning and events

    def begin_month(self) -> None:
        """Let impulses fade and clear what belongs to one month only."""
        constants, fade = self.model.constants, self.model.rules.fade
        self.in_network = self.setting.is_in_network(self.model.month)
        self.attack_level = fade(self.attack_level, constants.attack_memory)
        self.claim_level = fade(self.claim_level, constants.patron_threat_memory)
        lasting = self.model.rules.lasting_memory(constants.patron_threat_memory, constants.procurement_lasting)
        self.procurement_level = fade(self.procurement_level, lasting)
        for rival, level in enumerate(self.offers):
            self.offers[rival] = fade(level, constants.offer_memory)
        self.missing_support = fade(self.missing_support, constants.support_memory)
        self.fade_stocks()
        self.board.clear()
        self.evidence = []
        self.triggered = False
        self.reviewed = False
        self.health_reports = 0.0
        self.open_offers = [0.0] * len(self.offers)
        self.new_attack_intensity = 0.0
        self.new_attack_cause = ""
        self.new_regime = None
        self.new_situation = None
        self.continuity = 0.0
        self.trust_good = 0.0
        self.trust_bad = 0.0

    def suffer_attack(self, intensity: float) -> None:
        """Feel an attack by an adversary: the threat rises and the posture is reviewed."""
        self.attack_level += self.model.rules.impulse(self.model.constants.attack_threat, intensity)
        self.triggered = True

    def note_unanswered(self, event: DatedEvent) -> None:
        """Remember a dated attack, whose response history must show this month or the next."""
        if event.intensity > self.new_attack_intensity:
            self.new_attack_intensity, self.new_attack_cause = event.intensity, event.name

    def hear_offer(self, rival: int, intensity: float) -> None:
        """Hear that a rival raises its offer."""
        amount = self.model.rules.impulse(self.model.constants.offer_size, intensity)
        self.offers[rival] += amount
        self.open_offers[rival] += amount
        self.triggered = True

    def lose_offer(self, rival: int, intensity: float) -> None:
        """Hear that a rival withdraws an offer."""
        amount = self.model.rules.impulse(self.model.constants.offer_size, intensity)
        self.offers[rival] = max(0.0, self.offers[rival] - amount)

    def hear_of_health(self, intensity: float) -> None:
        """Hear reports about the leader's health, the strongest of which counts."""
        self.health_reports = max(self.health_reports, intensity)
        self.triggered = True

    def feel_invasion(self) -> None:
        """See the patron invade a neighbour: exposed clients fear to be next."""
        if self.outlook.exposure > 0.0:
            self.feel_threatened(
                self.model.rules.invasion_impulse(self.model.constants.invasion_threat, self.outlook.exposure)
            )
            self.triggered = True

    def lose_regime(self, outlook: Outlook, continuity: float) -> None:
        """Lose the incumbent: later this month the successor takes over; offers and claims start anew now."""
        self.new_regime, self.continuity = outlook, continuity
        self.claim_level = self.procurement_level = 0.0
        self.offers = [0.0] * len(self.offers)

    def face_succession(self) -> None:
        """Draw whether a sub-state's leader must be replaced, and whether that is contested."""
        constants = self.model.constants
        hazard = self.model.rules.succession_hazard(
            constants.succession_base, constants.succession_health, self.health_reports
        )
        if self.model.draw(self.key, randomness.SUCCESSION) < hazard:
            self.lose_regime(self.new_situation or self.outlook, 0.0)
            if self.model.draw(self.key, randomness.SUCCESSION_CONTESTED) < constants.succession_contested:
                self.contested_months = constants.succession_months

    # What belongs to the step crises

    def asks_for_help(self) -> bool:
        """Decide whether to call the patron in a crisis; the chance is the commitment."""
        given = self.given(Decision.ASK)
        if given != FREE:
            return given > 0
        return self.model.draw(self.key, randomness.ASK_FOR_HELP) < self.commitment

    def complain(self) -> None:
        """Decide whether to complain in public after a refusal, which costs the patron's trust."""
        given = self.given(Decision.COMPLAIN)
        if given == FREE:
            given = self.model.draw(self.key, randomness.COMPLAINT) < self.model.constants.complaint_rate
        if given:
            self.trust_bad += self.model.constants.complaint_trust_cost

    def settle_unanswered(self) -> None:
        """Count a dated attack as abandonment when no response came in its month or the next."""
        answered = any(self.model.setting.signals[signal].response for signal in self.board)
        if self.unanswered_intensity > 0.0 and not answered:
            signal = self.model.setting.signal_index["abandoned"]
            self.post(signal, self.unanswered_intensity, f"no response to {self.unanswered_cause}")
        self.unanswered_intensity, self.unanswered_cause = 0.0, ""
        if not answered and self.new_attack_intensity > 0.0:
            self.unanswered_intensity = self.new_attack_intensity
            self.unanswered_cause = self.new_attack_cause

    # What belongs to the step successions

    def succeed(self) -> None:
        """Let a new situation begin, or install the successor of a fallen regime, which has no anchor."""
        if self.new_situation is not None:
            self._take_over(self.new_situation, 1.0)
        if self.new_regime is not None:
            self._take_over(self.new_regime, self.continuity)
            self.anchor = 0.0
            # Nobody owes the successor an answer to an attack on its predecessor.
            self.unanswered_intensity, self.unanswered_cause = 0.0, ""
            self.regime += 1
            self.covert_rival = NOBODY

    def _take_over(self, new: Outlook, carried: float) -> None:
        """Take another outlook, with its priors and a share of the evidence held so far."""
        inherit, strength, old = self.model.rules.inherit, self.model.constants.prior_strength, self.outlook
        self.capability_good = inherit(
            self.capability_good, strength * old.prior_capability, strength * new.prior_capability, carried
        )
        self.capability_bad = inherit(
            self.capability_bad,
            strength * (1.0 - old.prior_capability),
            strength * (1.0 - new.prior_capability),
            carried,
        )
        self.resolve_good = inherit(
            self.resolve_good, strength * old.prior_resolve, strength * new.prior_resolve, carried
        )
        self.resolve_bad = inherit(
            self.resolve_bad, strength * (1.0 - old.prior_resolve), strength * (1.0 - new.prior_resolve), carried
        )
        self.outlook = new
        self.model.ledger.close(self.model.month, self.index, new.prior_capability, new.prior_resolve, carried)

    # What belongs to the steps choices and moves

    def take_bearings(self, burden: float) -> None:
        """Work out the best outside option and the fear of retaliation from the present state."""
        constants, rules = self.model.constants, self.model.rules
        threat, commitment = self.threat, self.commitment
        self.outside_option, self.best_rival, self.best_economy = 0.0, NOBODY, 0.0
        for rival, offers in enumerate(self.offers):
            base_protection, base_economy = self.base_option(rival)
            protects = rules.offered_protection(
                base_protection, offers, constants.offer_protection, constants.lock_in, commitment
            )
            pays = rules.offered_economy(base_economy, offers, constants.lock_in, commitment)
            value = rules.option_value(threat, protects, constants.economy_weight, pays)
            if value > self.outside_option:
                self.outside_option, self.best_rival, self.best_economy = value, rival, pays
        self.fear = rules.retaliation_fear(
            constants.retaliation_fear, self.outlook.exposure, self.capability, burden, constants.fear_distraction
        )

    def position(self, pressure: float) -> Position:
        """Return how the client stands when it weighs its postures, under a pressure on the patron's friends."""
        return Position(
            threat=self.threat,
            protection=self.protection,
            dependence=self.dependence,
            anchor=self.anchor,
            option=self.outside_option,
            option_economy=self.best_economy,
            patron_threat=self.patron_threat,
            fear=self.fear,
            pressure=pressure,
            defected_peers=self.peers,
        )

    def defected_peers(self) -> float:
        """Return the similarity-weighted share of other clients at suspended or beyond, 0 without similar ones."""
        row = self.model.setting.similarity[self.index]
        weight = defected = 0.0
        for other in self.model.clients:
            if other.in_network:
                weight += row[other.index]
                if other.defected:
                    defected += row[other.index]
        return defected / weight if weight > 0.0 else 0.0

    def posture_utility(self, target: int, *, free: bool = False) -> float:
        """Return the utility of a posture from the present state.

        Parameters
        ----------
        target
            The posture considered, 0 to 4.
        free
            Leave out the costs of moving, as for a successor.
        """
        world = self.model
        return world.rules.utility(
            target,
            self.posture,
            world.rules.commitment(target, world.rungs),
            self.position(self.patron.pressure),
            utility_weights(world.constants, free),
        )

    def review(self) -> None:
        """Choose a posture, if anything calls for a review; others still stand where they stood."""
        self.next_posture = self.posture
        if not self.in_network:
            return
        constants = self.model.constants
        self._look_around()
        given = self.given(Decision.POSTURE)
        if given != FREE:
            self.reviewed, self.next_posture = True, given
        elif self.new_regime is not None:
            self.reviewed = True
            self.next_posture = self._pick(LOYAL, HEDGING if self.setting.sub_state else REALIGNED, free=True)
        elif self.triggered or self.model.draw(self.key, randomness.REVIEW) < constants.review_rate:
            self.reviewed = True
            last = self.model.rules.last_posture(self.posture, self.setting.sub_state)
            self.next_posture = self._pick(max(LOYAL, self.posture - 1), min(last, self.posture + 1), free=False)

    def _look_around(self) -> None:
        """Take bearings, and look at peers where that matters."""
        self.take_bearings(self.patron.burden)
        # Without contagion the share of peers has no effect, and is not worth a loop over all of them.
        self.peers = self.defected_peers() if self.model.constants.contagion != 0.0 else 0.0

    def _pick(self, first: int, last: int, *, free: bool) -> int:
        """Draw a posture between two rungs by the logit of their utilities."""
        weights, total = self._weigh_postures(first, last, free=free)
        left = self.model.draw(self.key, randomness.CHOICE) * total
        for step, weight in enumerate(weights):
            left -= weight
            if left < 0.0:
                return first + step
        return last

    def _weigh_postures(self, first: int, last: int, *, free: bool) -> tuple[list[float], float]:
        """Return how likely each posture between two rungs is, up to a factor, and the sum."""
        utilities = [self.posture_utility(target, free=free) for target in range(first, last + 1)]
        best = max(utilities)
        noise = unobserved_scale(self.model.constants, free)
        weights, total = [], 0.0
        for utility in utilities:
            weight = self.model.rules.logit_weight(utility, best, noise)
            weights.append(weight)
            total += weight
        return weights, total

    def move(self) -> None:
        """Take the posture chosen, and let the patron's trust feel an own step."""
        before, self.posture = self.posture, self.next_posture
        if self.posture != before and self.new_regime is None:
            if self.posture > before:
                self.trust_bad += self.model.constants.step_trust_cost
            else:
                self.trust_good += self.model.constants.step_trust_cost
        if self.posture != REALIGNED:
            self.destination = NOBODY
        elif before != REALIGNED or self.new_regime is not None:
            self.destination = self.best_rival
        self._hedge_covertly()
        for rival, amount in enumerate(self.open_offers):
            if amount > 0.0 and self.reviewed and self.model.rules.is_rejected(before, self.posture):
                self.model.rivals[rival].answer_rejection(self, amount)

    def _hedge_covertly(self) -> None:
        """Start, deepen or lose covert hedging; secret contacts live on the rung of hedging.

        A sub-state's live on the one below, too: in public it has hardly another.
        """
        constants = self.model.constants
        if self.posture > HEDGING or (self.posture < HEDGING and not self.setting.sub_state) or not self.in_network:
            self.covert_rival = NOBODY
            return
        given = self.given(Decision.COVERT)
        if given != FREE:
            self.covert_rival = given - 1
        if self.covert_rival == NOBODY:
            if (
                given == FREE
                and self.reviewed
                and self.best_rival != NOBODY
                and self.model.draw(self.key, randomness.COVERT_START)
                < self.model.rules.covert_chance(constants.covert_start, constants.covert_health, self.health_reports)
            ):
                self.covert_rival = self.best_rival
            return
        self.offers[self.covert_rival] += constants.covert_growth
        if self.model.draw(self.key, randomness.COVERT_DISCOVERY) < constants.covert_discovery:
            self.covert_rival = NOBODY
            self.feel_threatened(constants.covert_threat * constants.claim_threat)
            self.trust_bad += constants.covert_trust_cost
