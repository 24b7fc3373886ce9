"""Write down a run month by month; `papertiger.model.run` makes tables of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from papertiger.model.rules.ties import ARMS, ECONOMY, PATRON
from papertiger.model.setting import NOBODY
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from papertiger.model.agents.client import Client
    from papertiger.model.agents.patron import Patron
    from papertiger.model.agents.world import World

CLIENT_COLUMNS = (
    "month",
    "client",
    "posture",
    "posture_name",
    "capability",
    "resolve",
    "protection",
    "threat",
    "patron_threat",
    "attention",
    "trust",
    "best_rival",
    "outside_option",
    "fear",
    "covert",
    "reviewed",
    "destination",
    "in_network",
    "regime",
    "arms_tie",
    "economy_tie",
)
PATRON_COLUMNS = (
    "month",
    "budget",
    "burden",
    "lost_assets",
    "credibility",
    "attention_war",
    "attention_rival_track",
    "defected_share",
)
SIGNAL_COLUMNS = (
    "month",
    "client",
    "signal",
    "cause",
    "news",
    "intensity",
    "good_capability",
    "bad_capability",
    "good_resolve",
    "bad_resolve",
)


@dataclass
class Record:
    """What one run writes down each month."""

    world: World
    clients: list[tuple[Any, ...]] = field(default_factory=list)
    patron: list[tuple[Any, ...]] = field(default_factory=list)
    patrons: list[tuple[Any, ...]] = field(default_factory=list)
    signals: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self) -> None:
        """Write down the month that just ended."""
        world = self.world
        month = world.month_name
        for client in world.clients:
            self.clients.append((month, *self._client_row(client)))
            for item in client.evidence:
                signal = world.setting.signals[item.signal]
                self.signals.append(
                    (
                        month,
                        client.name,
                        signal.name,
                        item.cause,
                        "good" if signal.good else "bad",
                        item.intensity,
                        *item.counts,
                    )
                )
        for patron in world.patrons:
            row = self._patron_row(month, patron)
            self.patrons.append((patron.name, *row))
            if patron is world.patron:
                self.patron.append(row)

    def _patron_row(self, month: str, patron: Patron) -> tuple[Any, ...]:
        return (
            month,
            patron.budget,
            patron.burden,
            patron.lost_assets,
            patron.credibility,
            patron.attention_war,
            patron.attention_rival_track,
            patron.defected_share,
        )

    def _client_row(self, client: Client) -> tuple[Any, ...]:
        rivals = self.world.setting.rivals
        return (
            client.name,
            client.posture,
            POSTURES[client.posture],
            client.capability,
            client.resolve,
            client.protection,
            client.threat,
            client.patron_threat,
            client.patron.attention[client.index],
            client.patron.trust(client),
            "" if client.best_rival == NOBODY else rivals[client.best_rival],
            client.outside_option,
            client.fear,
            client.covert_rival != NOBODY,
            client.reviewed,
            "" if client.destination == NOBODY else rivals[client.destination],
            client.in_network,
            client.regime,
            client.ties[ARMS][PATRON],
            client.ties[ECONOMY][PATRON],
        )
