"""Form beliefs about a patron: from the signals addressed to an agent, and from what is done to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from papertiger.model.agents.messages import Evidence, Posted
from papertiger.model.rules.beliefs import STANDARD_INTENSITY, Counts

if TYPE_CHECKING:
    from papertiger.model.agents.patron import Patron
    from papertiger.model.agents.world import World
    from papertiger.model.setting import ClientSetting, Outlook


class Believer(mesa.Agent):  # type: ignore[misc]
    """The part of a client that learns: two beliefs, the month's board of signals, and the evidence they are.

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
        self.index, self.setting, self.name = index, setting, setting.name
        self.outlook: Outlook = setting.outlook
        self.in_network = setting.is_in_network(0)
        strength = model.constants.prior_strength
        self.capability_good = strength * self.outlook.prior_capability
        self.capability_bad = strength * (1.0 - self.outlook.prior_capability)
        self.resolve_good = strength * self.outlook.prior_resolve
        self.resolve_bad = strength * (1.0 - self.outlook.prior_resolve)
        self.board: dict[int, Posted] = {}
        self.evidence: list[Evidence] = []
        self.claim_level = 0.0
        self.procurement_level = 0.0
        self.coercion_stock = 0.0
        self.missing_support = 0.0
        self.triggered = False

    @property
    def patron(self) -> Patron:
        """The patron that the beliefs are about."""
        return self.model.patrons[self.setting.patron]

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

    def post(self, signal: int, intensity: float, cause: str, loading: float | None = None) -> None:
        """Put a signal on the board; of one type only the strongest of the month stands."""
        posted = self.board.get(signal)
        if posted is None or intensity > posted.intensity:
            self.board[signal] = Posted(intensity, cause, loading)

    def weigh_own(self) -> None:
        """Forget once, then add the evidence of the signals addressed to this client."""
        self._gather()
        self._forget_once()
        for item in self.evidence:
            self._learn(item.cause, "own", item.counts)
        self._watch_war()

    def _gather(self) -> None:
        """Turn the board into evidence within the caps, first of each system and then of all."""
        world, constants, rules = self.model, self.model.constants, self.model.rules
        for index in sorted(self.board):
            posted, signal = self.board[index], world.setting.signals[index]
            weight, loading = signal.weight, signal.loading if posted.loading is None else posted.loading
            if signal.excusable:
                burden = self.patron.burden
                weight = rules.excused_weight(weight, constants.hard_times_excuse, burden)
                loading = rules.hard_times_loading(loading, constants.blame_shift, burden)
            size = rules.evidence_size(constants.evidence_scale, weight, posted.intensity)
            on_capability, on_resolve = size * loading, size * (1.0 - loading)
            good = Counts(on_capability, 0.0, on_resolve, 0.0)
            bad = Counts(0.0, on_capability, 0.0, on_resolve)
            self.evidence.append(Evidence(index, posted.intensity, posted.cause, size, good if signal.good else bad))
            if signal.patron_threat:
                self.feel_threatened(rules.impulse(constants.claim_threat, posted.intensity))
            if signal.coercive:
                self.coercion_stock += rules.impulse(1.0, posted.intensity)
            if not signal.good:
                self.triggered = True
            self._note_support(signal.name, posted.intensity)
        if self.evidence:  # a rule of the cap need not know what to do with nothing
            for system in dict.fromkeys(world.setting.signals[item.signal].system for item in self.evidence):
                self._scale(
                    [item for item in self.evidence if world.setting.signals[item.signal].system == system],
                    constants.system_cap,
                )
            self._scale(self.evidence, constants.evidence_cap)

    def feel_threatened(self, amount: float) -> None:
        """Feel more threatened by the patron, in what it says and in where it buys its arms."""
        self.claim_level += amount
        self.procurement_level += amount

    def _note_support(self, signal: str, intensity: float) -> None:
        """Keep count of the technical support that is missing, 0 to 1."""
        swing = self.model.rules.impulse(self.model.constants.support_swing, intensity)
        if signal == "support_missing":
            self.missing_support = min(1.0, self.missing_support + swing)
        elif signal == "support_delivered":
            self.missing_support = max(0.0, self.missing_support - swing)

    def _scale(self, evidence: list[Evidence], cap: float) -> None:
        """Scale evidence in proportion so that its sum stays within a cap."""
        total = 0.0
        for item in evidence:
            total += item.size
        factor = self.model.rules.cap_factor(total, cap * self.model.constants.evidence_scale)
        for item in evidence:
            item.size *= factor
            item.counts = Counts(*(factor * count for count in item.counts))

    def _forget_once(self) -> None:
        """Let the counts forget towards the prior."""
        forget, constants, outlook = self.model.rules.forget, self.model.constants, self.outlook
        strength, forgetting = constants.prior_strength, constants.forgetting
        self.capability_good = forget(self.capability_good, strength * outlook.prior_capability, forgetting)
        self.capability_bad = forget(self.capability_bad, strength * (1.0 - outlook.prior_capability), forgetting)
        self.resolve_good = forget(self.resolve_good, strength * outlook.prior_resolve, forgetting)
        self.resolve_bad = forget(self.resolve_bad, strength * (1.0 - outlook.prior_resolve), forgetting)

    def _learn(self, cause: str, channel: str, counts: Counts) -> None:
        """Add evidence to the counts, bad news with its weight, and write it into the ledger."""
        weight = self.model.constants.bad_news_weight
        weighted = Counts(
            counts.good_capability,
            weight * counts.bad_capability,
            counts.good_resolve,
            weight * counts.bad_resolve,
        )
        self.capability_good += weighted.good_capability
        self.capability_bad += weighted.bad_capability
        self.resolve_good += weighted.good_resolve
        self.resolve_bad += weighted.bad_resolve
        self.model.ledger.add(self.model.month, self.index, cause, channel, weighted)

    def _watch_war(self) -> None:
        """Learn a little about capability from each month that the war's adversary holds."""
        war = self.model.setting.signals[self.model.setting.signal_index["war_holds"]]
        size = self.model.rules.evidence_size(
            self.model.constants.evidence_scale, war.weight * self.patron.burden, STANDARD_INTENSITY
        )
        if size > 0.0:
            self._learn("war", "war", Counts(0.0, size * war.loading, 0.0, size * (1.0 - war.loading)))

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
            self._witness(item, share, factor)

    def _witness(self, item: Evidence, share: float, factor: float) -> None:
        """Take the share of one piece of another's evidence; a negative share turns it round."""
        good_c, bad_c, good_w, bad_w = (abs(share) * factor * count for count in item.counts)
        if share > 0.0:
            self._learn(item.cause, "witnessed", Counts(good_c, bad_c, good_w, bad_w))
        else:
            self._learn(item.cause, "witnessed", Counts(bad_c, good_c, bad_w, good_w))
