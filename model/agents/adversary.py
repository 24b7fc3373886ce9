"""Let adversaries press clients: decide whether a threat comes due, and how hard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from papertiger.model import randomness
from papertiger.model.decisions import FREE, Decision

if TYPE_CHECKING:
    from papertiger.model.agents.client import Client
    from papertiger.model.agents.world import World


class Adversary(mesa.Agent):  # type: ignore[misc]
    """A power that threatens clients; the nameless one stands for all that a scenario does not name."""

    model: World

    def __init__(self, model: World, name: str) -> None:
        super().__init__(model)
        self.name = name

    def press(self, client: Client) -> None:
        """Decide whether a threat to a client comes due this month, and how hard; all its patrons have to answer."""
        intensity = float(client.given(Decision.PRESS))
        if intensity == FREE:
            intensity = 0.0
            hazard = self.model.rules.crisis_hazard(self.model.constants.crisis_hazard, client.threat)
            if self.model.draw(client.key, randomness.CRISIS) < hazard:
                luck = self.model.draw(client.key, randomness.CRISIS_INTENSITY)
                intensity = self.model.rules.crisis_intensity(luck, self.model.constants.crisis_intensity)
        if intensity > 0.0:
            for bond in self.model.clients:
                if bond.setting.lead == client.index:
                    bond.suffer_attack(intensity)
                    cause = f"crisis {bond.name} {self.model.month_name}"
                    self.model.add_crisis(bond, intensity, cause, bond.setting.clash, client.setting.air_attacks)
