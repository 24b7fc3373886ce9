"""Let rivals court clients: raise offers, and withdraw those that are turned down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from papertiger.model import randomness
from papertiger.model.decisions import FREE, Offer

if TYPE_CHECKING:
    from papertiger.model.agents.client import Client
    from papertiger.model.agents.world import World


class Rival(mesa.Agent):  # type: ignore[misc]
    """Another power that could protect a client instead."""

    model: World

    def __init__(self, model: World, index: int, name: str) -> None:
        super().__init__(model)
        self.index, self.name = index, name

    def court(self, client: Client) -> None:
        """Decide whether to raise the offer to a client."""
        hazard = self.model.rules.offer_hazard(
            self.model.constants.offer_rate, client.commitment, client.outlook.openness[self.index]
        )
        if self._decides(client, Offer.RAISE, randomness.OFFER, hazard):
            client.hear_offer(self.index, self.model.constants.offer_intensity)

    def answer_rejection(self, client: Client, amount: float) -> None:
        """Decide whether to withdraw an offer that the client turned down; in replay history says it."""
        if not self.model.generative:
            return
        if self._decides(client, Offer.WITHDRAW, randomness.OFFER_WITHDRAWAL, self.model.constants.offer_withdrawal):
            client.offers[self.index] = max(0.0, client.offers[self.index] - amount)

    def _decides(self, client: Client, offer: Offer, purpose: int, hazard: float) -> bool:
        given = self.model.decisions.offer(self.model.month, client.index, self.index, offer)
        if given != FREE:
            return given > 0
        key = self.model.setting.offer_keys[client.index][self.index]
        return hazard > 0.0 and self.model.draw(key, purpose) < hazard
