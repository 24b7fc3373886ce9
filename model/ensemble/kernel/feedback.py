"""Take stock in the compiled month: trust, lost assets and credibility."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.state import Fixed, Moving, client_protection
from papertiger.model.rules.beliefs import forget
from papertiger.model.rules.choice import REALIGNED, SUSPENDED


def take_stock(fixed: Fixed, moving: Moving, month: int) -> None:
    """Update the patrons' trust in clients and the share of their assets that is lost."""
    constants = fixed.constants[0]
    count = 0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        client.patron_trust_good = (
            forget(client.patron_trust_good, constants.trust_prior_good, constants.trust_forgetting)
            + client.trust_good
        )
        client.patron_trust_bad = (
            forget(client.patron_trust_bad, constants.trust_prior_bad, constants.trust_forgetting) + client.trust_bad
        )
        if is_lost(moving, i):
            moving.chosen[count] = i
            count += 1
    for m in range(fixed.patrons.shape[0]):
        own, total = fixed.patrons[m], fixed.asset_totals[m, month]
        lost = 0.0
        if count > 0:
            for asset in range(own.first_asset, own.last_asset):
                for n in range(count):
                    lost += fixed.asset_values[asset, month] * fixed.assets[moving.chosen[n], asset]
        moving.patron[m].lost_assets = min(1.0, lost / total) if total > 0.0 else 0.0


def is_lost(moving: Moving, i: int) -> bool:
    """Tell whether a client's assets are lost to the patron."""
    client = moving.clients[i]
    return bool(client.present != 0 and (client.posture >= SUSPENDED or client.contested_months > 0.0))


def credibility(fixed: Fixed, moving: Moving, m: int) -> float:
    """Return the value-weighted mean of the protection by one patron that its clients believe in."""
    value_sum = 0.0
    weighted = 0.0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if fixed.clients[i].patron == m and client.present != 0 and client.posture != REALIGNED:
            value_sum += fixed.clients[i].value
            weighted += fixed.clients[i].value * client_protection(moving, i)
    return weighted / value_sum if value_sum > 0.0 else 0.0


def defected_share(fixed: Fixed, moving: Moving, m: int) -> float:
    """Return the share of one patron's clients in the network at suspended or beyond."""
    present = 0
    defected = 0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if fixed.clients[i].patron == m and client.present != 0:
            present += 1
            if client.posture >= SUSPENDED:
                defected += 1
    return defected / present if present > 0 else 0.0
