"""Spread a client's arms and economy: over its patron, over rivals and over its other patrons, slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.agents.breaker import Breaker
from papertiger.model.rules.choice import dependence
from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON, Pull, other_tie
from papertiger.model.setting import NOBODY

if TYPE_CHECKING:
    from papertiger.model.agents.world import World
    from papertiger.model.setting import ClientSetting, Outlook


class Trader(Breaker):
    """The part of a client that spreads its arms and its economy, and that looks at its other patrons.

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
        self.attack_level = 0.0
        self.offers = [0.0] * len(model.setting.rivals)
        self.ties = [list(self.outlook.arms_ties), list(self.outlook.economy_ties)]
        self.dependence = self.outlook.dependence
        self.first_attraction: list[float] = []
        self.new_situation: Outlook | None = None

    @property
    def threat(self) -> float:
        """Threat from adversaries, tau, 0 to 1."""
        return self.model.rules.adversary_threat(self.outlook.threat, self.attack_level)

    @property
    def is_lead(self) -> bool:
        """Whether it is the first bond of its client, as it is where there is one patron."""
        return self.setting.lead == self.index

    def beside(self, rival: int) -> Trader | None:
        """Return the same client's bond with the patron that stands in a rival's place, if there is one."""
        row = self.model.setting.beside[self.index] if self.model.setting.beside else ()
        return self.model.clients[row[rival]] if row and row[rival] != NOBODY else None

    def base_option(self, rival: int) -> tuple[float, float]:
        """Return what protection and economy a rival offers by the outlook, or another patron by what it gives."""
        other = self.beside(rival)
        if other is None:
            return self.outlook.base_protection[rival], self.outlook.base_economy[rival]
        return other.protection, other.dependence

    def put_ties(self, kind: int) -> None:
        """Put the ties of one kind where new situations say that they were counted: all others share the rest."""
        ties = self.ties[kind]
        counted = {
            holder: share for holder in range(len(ties) - 1) if (share := self._share_now(kind, holder)) >= 0.0
        }
        if not counted:
            return
        before = total = 0.0
        for holder, share in counted.items():
            before += ties[holder]
            total += share
        for holder, held in enumerate(ties):
            ties[holder] = counted.get(holder, other_tie(held, before, total, holder == len(ties) - 1))

    def _share_now(self, kind: int, holder: int) -> float:
        """Return the share of a patron that a new situation of this month puts the ties at, or -1."""
        bond = self if holder == PATRON else self.beside(holder - 1)
        if bond is None or bond.new_situation is None:
            return -1.0
        return bond.new_situation.arms_now if kind == ARMS else bond.new_situation.economy_now

    def share_ties(self) -> None:
        """Take the ties of the client's first bond, with the own patron in the first place."""
        if self.is_lead:
            return
        lead = self.model.clients[self.setting.lead]
        behind = len(self.offers) - len(self.model.patrons) + 1
        mine, first = behind + self.setting.patron, behind + lead.setting.patron
        for kind, ties in enumerate(lead.ties):
            self.ties[kind] = list(ties)
            self.ties[kind][PATRON] = ties[mine]
            self.ties[kind][mine] = 0.0
            self.ties[kind][first] = ties[PATRON]

    def turn_ties(self) -> None:
        """Move the ties a month towards what draws the client."""
        constants = self.model.constants
        attraction = self.attract(ARMS)
        self._turn(ARMS, self.outlook.arms_ties, attraction, constants.arms_tie_rate)
        if constants.procurement_lasting > 0.0:
            attraction = self.attract(ECONOMY)
        self._turn(ECONOMY, self.outlook.economy_ties, attraction, constants.economy_tie_rate)

    def depend(self) -> None:
        """Depend on the patron by what it holds now."""
        weight = self.model.constants.arms_weight
        self.dependence = dependence(self.ties[ARMS][PATRON], self.ties[ECONOMY][PATRON], weight)

    def attract(self, kind: int | None) -> list[float]:
        """Return what draws the client to its patron, each rival and each other patron, whatever its postures are.

        Parameters
        ----------
        kind
            Of tie; ``None`` means at entry, before any event or war.
        """
        own, values = self.draw_to_patron(kind)
        for rival in range(len(values)):
            other = self.beside(rival)
            if other is not None:
                values[rival] = other.draw_to_patron(kind)[0]
        return [own, *values]

    def draw_to_patron(self, kind: int | None) -> tuple[float, list[float]]:
        """Return what draws the client to this bond's patron, and what others would be worth instead."""
        constants, rules, threat = self.model.constants, self.model.rules, self.threat
        values, best, economy = [], 0.0, 0.0
        for rival, offers in enumerate(self.offers):
            base_protection, base_economy = self.base_option(rival)
            protects = rules.offered_protection(
                base_protection, offers, constants.offer_protection, constants.lock_in, 1.0
            )
            pays = rules.offered_economy(base_economy, offers, constants.lock_in, 1.0)
            value = rules.option_value(threat, protects, constants.economy_weight, pays)
            values.append(value)
            if value > best:
                best, economy = value, pays
        pressure = claims = 0.0
        if kind is not None:
            pressure = self.patron.pressure
            claims = self.procurement_level if kind == ARMS else self.claim_level
        pull = Pull(threat, self.protection, rules.patron_threat(claims), pressure, economy)
        return rules.patron_attraction(pull, constants.patron_threat_weight, constants.standing_cost), values

    def _turn(self, kind: int, base: tuple[float, ...], attraction: list[float], rate: float) -> None:
        """Move the shares of one kind of tie a month towards their target."""
        rules, constants, ties = self.model.rules, self.model.constants, self.ties[kind]
        weights, total = [], 0.0
        for holder, (now, first) in enumerate(zip(attraction, self.first_attraction, strict=True)):
            change = now - first
            bond = self if holder == PATRON else self.beside(holder - 1)
            if kind == ARMS and bond is not None:
                change = change - rules.supply_shortfall(constants.supply_burden, bond.patron.burden)
            weights.append(rules.tie_weight(base[holder], change, constants.tie_noise))
            total += weights[-1]
        weights.append(base[-1])
        total += base[-1]
        for holder, weight in enumerate(weights):
            ties[holder] = rules.next_tie(ties[holder], weight / total, rate)
