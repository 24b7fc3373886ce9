"""The client: a protected state with beliefs, threats, options and a posture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from papertiger.model import randomness
from papertiger.model.agents.messages import Evidence, Posted
from papertiger.model.decisions import FREE, Decision
from papertiger.model.rules.choice import HEDGING, LOYAL, REALIGNED, SUSPENDED
from papertiger.model.setting import NOBODY

if TYPE_CHECKING:
    from papertiger.model.agents.world import World
    from papertiger.model.setting import ClientSetting, DatedEvent, Outlook


class Client(mesa.Agent):  # type: ignore[misc]
    """A protected state: two beliefs about its patron, two threats, its options, and a posture.

    Parameters
    ----------
    model
        The world.
    index
        Place in the scenario's order, used only to find its row of the similarity matrix.
    setting
        The client in numbers.
    """

    model: World

    def __init__(self, model: World, index: int, setting: ClientSetting) -> None:
        super().__init__(model)
        self.index, self.setting, self.name, self.key = index, setting, setting.name, setting.key
        self.outlook: Outlook = setting.outlook
        self.in_network = setting.enters <= 0
        self.posture = setting.posture
        self.next_posture = setting.posture
        self.regime = 0
        self.destination = NOBODY
        strength = model.constants.prior_strength
        self.capability_good = strength * self.outlook.prior_capability
        self.capability_bad = strength * (1.0 - self.outlook.prior_capability)
        self.resolve_good = strength * self.outlook.prior_resolve
        self.resolve_bad = strength * (1.0 - self.outlook.prior_resolve)
        self.attack_level = 0.0
        self.claim_level = 0.0
        self.offers = [0.0] * len(model.setting.rivals)
        self.missing_support = 0.0
        self.covert_rival = NOBODY
        self.contested_months = 0.0
        self.unanswered_intensity = 0.0
        self.unanswered_cause = ""
        self.best_rival = NOBODY
        self.best_economy = 0.0
        self.outside_option = 0.0
        self.fear = 0.0
        self.peers = 0.0
        self.begin_month()
        self.take_bearings(burden=0.0)
        self.anchor = model.rules.anchor(
            model.rules.commitment(self.posture),
            model.constants.autonomy_price,
            self.fear,
            self.threat,
            self.protection,
            model.constants.economy_weight,
            self.outlook.dependence,
            self.outside_option,
        )

    @property
    def capability(self) -> float:
        """Mean belief that the patron *can* protect it, m_C, 0 to 1."""
        return self.model.rules.belief_mean(self.capability_good, self.capability_bad)

    @property
    def resolve(self) -> float:
        """Mean belief that the patron *will* protect it, m_W, 0 to 1."""
        return self.model.rules.belief_mean(self.resolve_good, self.resolve_bad)

    @property
    def protection(self) -> float:
        """Probability, as the client sees it, that help comes and works."""
        return self.model.rules.protection(self.capability, self.resolve)

    @property
    def threat(self) -> float:
        """Threat from adversaries, tau, 0 to 1."""
        return self.model.rules.adversary_threat(self.outlook.threat, self.attack_level)

    @property
    def patron_threat(self) -> float:
        """Threat from the patron, theta, 0 to 1."""
        return self.model.rules.patron_threat(self.claim_level)

    @property
    def commitment(self) -> float:
        """Commitment to the patron of the present posture, 1 to 0."""
        return self.model.rules.commitment(self.posture)

    @property
    def defected(self) -> bool:
        """Whether the client is suspended or beyond."""
        return self.posture >= SUSPENDED

    def given(self, decision: Decision) -> int:
        """Return what is given of this client this month, or ``FREE``."""
        return self.model.decisions.decision(self.model.month, self.index, decision)

    # Step 1: events and shocks

    def begin_month(self) -> None:
        """Let impulses fade and clear what belongs to one month only."""
        constants, fade = self.model.constants, self.model.rules.fade
        self.in_network = self.model.month >= self.setting.enters
        self.attack_level = fade(self.attack_level, constants.attack_memory)
        self.claim_level = fade(self.claim_level, constants.patron_threat_memory)
        for rival, level in enumerate(self.offers):
            self.offers[rival] = fade(level, constants.offer_memory)
        self.missing_support = fade(self.missing_support, constants.support_memory)
        self.board: dict[int, Posted] = {}
        self.evidence: list[Evidence] = []
        self.triggered = False
        self.reviewed = False
        self.health_reports = 0.0
        self.open_offers = [0.0] * len(self.offers)
        self.new_attack_intensity = 0.0
        self.new_attack_cause = ""
        self.new_regime: Outlook | None = None
        self.continuity = 0.0
        self.trust_good = 0.0
        self.trust_bad = 0.0

    def post(self, signal: int, intensity: float, cause: str, loading: float | None = None) -> None:
        """Put a signal on the board; of one type only the strongest of the month stands."""
        posted = self.board.get(signal)
        if posted is None or intensity > posted.intensity:
            self.board[signal] = Posted(intensity, cause, loading)

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
            self.claim_level += self.model.rules.invasion_impulse(
                self.model.constants.invasion_threat, self.outlook.exposure
            )
            self.triggered = True

    def lose_regime(self, outlook: Outlook, continuity: float) -> None:
        """Lose the incumbent: later this month the successor takes over; offers and claims start anew now."""
        self.new_regime, self.continuity = outlook, continuity
        self.claim_level = 0.0
        self.offers = [0.0] * len(self.offers)

    def face_succession(self) -> None:
        """Draw whether a sub-state's leader must be replaced, and whether that is contested."""
        constants = self.model.constants
        hazard = self.model.rules.succession_hazard(
            constants.succession_base, constants.succession_health, self.health_reports
        )
        if self.model.draw(self.key, randomness.SUCCESSION) < hazard:
            self.lose_regime(self.outlook, 0.0)
            if self.model.draw(self.key, randomness.SUCCESSION_CONTESTED) < constants.succession_contested:
                self.contested_months = constants.succession_months

    # Step 3: crises and responses

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

    # Step 4: own beliefs

    def weigh_own(self) -> None:
        """Forget once, then add the evidence of the signals addressed to this client."""
        world, constants, rules = self.model, self.model.constants, self.model.rules
        total = 0.0
        for index in sorted(self.board):
            posted, signal = self.board[index], world.setting.signals[index]
            size = rules.evidence_size(constants.evidence_scale, signal.weight, posted.intensity)
            loading = signal.loading if posted.loading is None else posted.loading
            if signal.excusable:
                loading = rules.hard_times_loading(loading, constants.hard_times_excuse, world.patron.burden)
            on_capability, on_resolve = size * loading, size * (1.0 - loading)
            good = (on_capability, 0.0, on_resolve, 0.0)
            bad = (0.0, on_capability, 0.0, on_resolve)
            self.evidence.append(
                Evidence(index, posted.intensity, posted.cause, size, *(good if signal.good else bad))
            )
            total += size
            if signal.patron_threat:
                self.claim_level += rules.impulse(constants.claim_threat, posted.intensity)
            if not signal.good:
                self.triggered = True
            self._note_support(signal.name, posted.intensity)
        if self.evidence:  # a rule of the cap need not know what to do with nothing
            self._scale(rules.cap_factor(total, constants.evidence_cap * constants.evidence_scale))
        self._forget()
        for item in self.evidence:
            self._learn(
                item.cause,
                "own",
                item.good_capability,
                item.bad_capability,
                item.good_resolve,
                item.bad_resolve,
            )
        self._watch_war()

    def _note_support(self, signal: str, intensity: float) -> None:
        """Keep count of the technical support that is missing, 0 to 1."""
        if signal == "support_missing":
            self.missing_support = min(1.0, self.missing_support + intensity / 3.0)
        elif signal == "support_delivered":
            self.missing_support = max(0.0, self.missing_support - intensity / 3.0)

    def _scale(self, factor: float) -> None:
        for item in self.evidence:
            item.size *= factor
            item.good_capability *= factor
            item.bad_capability *= factor
            item.good_resolve *= factor
            item.bad_resolve *= factor

    def _forget(self) -> None:
        forget, constants, outlook = self.model.rules.forget, self.model.constants, self.outlook
        strength, kept = constants.prior_strength, constants.forgetting
        self.capability_good = forget(self.capability_good, strength * outlook.prior_capability, kept)
        self.capability_bad = forget(self.capability_bad, strength * (1.0 - outlook.prior_capability), kept)
        self.resolve_good = forget(self.resolve_good, strength * outlook.prior_resolve, kept)
        self.resolve_bad = forget(self.resolve_bad, strength * (1.0 - outlook.prior_resolve), kept)

    def _learn(
        self,
        cause: str,
        channel: str,
        good_capability: float,
        bad_capability: float,
        good_resolve: float,
        bad_resolve: float,
    ) -> None:
        """Add evidence to the counts, bad news with its weight, and write it into the ledger."""
        weight = self.model.constants.bad_news_weight
        weighted_capability, weighted_resolve = weight * bad_capability, weight * bad_resolve
        self.capability_good += good_capability
        self.capability_bad += weighted_capability
        self.resolve_good += good_resolve
        self.resolve_bad += weighted_resolve
        self.model.ledger.add(
            self.model.month,
            self.index,
            cause,
            channel,
            good_capability,
            weighted_capability,
            good_resolve,
            weighted_resolve,
        )

    def _watch_war(self) -> None:
        """Learn a little about capability from each month that the war's adversary holds."""
        signal = self.model.setting.signals[self.model.setting.signal_index["war_holds"]]
        burden = self.model.patron.burden
        size = self.model.rules.evidence_size(self.model.constants.evidence_scale, signal.weight * burden, 2.0)
        if size > 0.0:
            self._learn("war", "war", 0.0, size * signal.loading, 0.0, size * (1.0 - signal.loading))

    # Step 5: witnesses and successions

    def weigh_witnessed(self) -> None:
        """Take a share of the evidence that similar clients got this month."""
        constants, rules = self.model.constants, self.model.rules
        row = self.model.setting.similarity[self.index]
        seen: list[tuple[float, Evidence]] = []
        total = 0.0
        for other in self.model.clients:
            if row[other.index] == 0.0 or not other.in_network:
                continue
            share = rules.witness_share(constants.witness_weight, row[other.index])
            if share == 0.0:
                continue
            for item in other.evidence:
                if self.model.setting.signals[item.signal].witnessed:
                    seen.append((share, item))
                    total += abs(share) * item.size
        if total == 0.0:
            return
        factor = rules.cap_factor(total, constants.evidence_cap * constants.evidence_scale)
        for share, item in seen:
            taken = abs(share) * factor
            good_c, bad_c = taken * item.good_capability, taken * item.bad_capability
            good_w, bad_w = taken * item.good_resolve, taken * item.bad_resolve
            if share > 0.0:
                self._learn(item.cause, "witnessed", good_c, bad_c, good_w, bad_w)
            else:
                self._learn(item.cause, "witnessed", bad_c, good_c, bad_w, good_w)

    def succeed(self) -> None:
        """Install the successor of a fallen regime: its own outlook and prior, and no anchor."""
        if self.new_regime is None:
            return
        inherit, strength = self.model.rules.inherit, self.model.constants.prior_strength
        old, new, kept = self.outlook, self.new_regime, self.continuity
        self.capability_good = inherit(
            self.capability_good, strength * old.prior_capability, strength * new.prior_capability, kept
        )
        self.capability_bad = inherit(
            self.capability_bad,
            strength * (1.0 - old.prior_capability),
            strength * (1.0 - new.prior_capability),
            kept,
        )
        self.resolve_good = inherit(
            self.resolve_good, strength * old.prior_resolve, strength * new.prior_resolve, kept
        )
        self.resolve_bad = inherit(
            self.resolve_bad, strength * (1.0 - old.prior_resolve), strength * (1.0 - new.prior_resolve), kept
        )
        self.outlook = new
        self.anchor = 0.0
        # Nobody owes the successor an answer to an attack on its predecessor.
        self.unanswered_intensity, self.unanswered_cause = 0.0, ""
        self.regime += 1
        self.covert_rival = NOBODY
        self.model.ledger.close(self.model.month, self.index, new.prior_capability, new.prior_resolve, kept)

    # Step 6: choices

    def take_bearings(self, burden: float) -> None:
        """Work out the best outside option and the fear of retaliation from the present state."""
        constants, rules = self.model.constants, self.model.rules
        threat, commitment = self.threat, self.commitment
        self.outside_option, self.best_rival, self.best_economy = 0.0, NOBODY, 0.0
        for rival, offers in enumerate(self.offers):
            protects = rules.offered_protection(
                self.outlook.base_protection[rival], offers, constants.lock_in, commitment
            )
            pays = rules.offered_economy(self.outlook.base_economy[rival], offers, constants.lock_in, commitment)
            value = rules.option_value(threat, protects, constants.economy_weight, pays)
            if value > self.outside_option:
                self.outside_option, self.best_rival, self.best_economy = value, rival, pays
        self.fear = rules.retaliation_fear(constants.retaliation_fear, self.outlook.exposure, self.capability, burden)

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
        constants, rules = self.model.constants, self.model.rules
        return rules.utility(
            target,
            self.posture,
            rules.commitment(target),
            self.threat,
            self.protection,
            self.outlook.dependence,
            self.anchor,
            self.outside_option,
            self.best_economy,
            self.patron_threat,
            self.fear,
            self.model.patron.burden,
            self.peers,
            constants.economy_weight,
            constants.autonomy_price,
            constants.patron_threat_weight,
            constants.standing_cost,
            constants.contagion,
            0.0 if free else constants.switching_cost,
            0.0 if free else constants.realignment_cost,
        )

    def review(self) -> None:
        """Choose a posture, if anything calls for a review; others still stand where they stood."""
        self.next_posture = self.posture
        if not self.in_network:
            return
        constants = self.model.constants
        self.take_bearings(self.model.patron.burden)
        # Without contagion the share of peers has no effect, and is not worth a loop over all of them.
        self.peers = self.defected_peers() if constants.contagion != 0.0 else 0.0
        given = self.given(Decision.POSTURE)
        if given != FREE:
            self.reviewed, self.next_posture = True, given
        elif self.new_regime is not None:
            self.reviewed = True
            self.next_posture = self._pick(LOYAL, HEDGING if self.setting.sub_state else REALIGNED, free=True)
        elif self.triggered or self.model.draw(self.key, randomness.REVIEW) < constants.review_rate:
            self.reviewed = True
            last = self.model.rules.last_posture(
                self.posture,
                self.setting.sub_state,
                self.setting.defence_pact,
                constants.ladder_needs_pact >= 0.5,
            )
            self.next_posture = self._pick(max(LOYAL, self.posture - 1), min(last, self.posture + 1), free=False)

    def _pick(self, first: int, last: int, *, free: bool) -> int:
        """Draw a posture between two rungs by the logit of their utilities."""
        utilities = [self.posture_utility(target, free=free) for target in range(first, last + 1)]
        best = max(utilities)
        weights, total = [], 0.0
        for utility in utilities:
            weight = self.model.rules.logit_weight(utility, best, self.model.constants.choice_noise)
            weights.append(weight)
            total += weight
        left = self.model.draw(self.key, randomness.CHOICE) * total
        for step, weight in enumerate(weights):
            left -= weight
            if left < 0.0:
                return first + step
        return last

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
        """Start, deepen or lose covert hedging; secret contacts live only on the rung of hedging."""
        constants = self.model.constants
        if self.posture != HEDGING or not self.in_network:
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
                and self.model.draw(self.key, randomness.COVERT_START) < constants.covert_start
            ):
                self.covert_rival = self.best_rival
            return
        self.offers[self.covert_rival] += constants.covert_growth
        if self.model.draw(self.key, randomness.COVERT_DISCOVERY) < constants.covert_discovery:
            self.covert_rival = NOBODY
            self.claim_level += constants.claim_threat
            self.trust_bad += constants.covert_trust_cost
