"""Begin the compiled month: impulses fade, and the patron takes its income, burden and pressure."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.breaks import fade_stocks
from papertiger.model.ensemble.kernel.state import Fixed, Key, Moving
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.randomness import INCOME, normal
from papertiger.model.rules.feedback import budget, burden, next_income
from papertiger.model.rules.threat import fade
from papertiger.model.rules.ties import lasting_memory


def begin_month(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let impulses fade, clear what belongs to one month, and take the month's income and burden."""
    constants = fixed.constants[0]
    for m in range(fixed.patrons.shape[0]):
        moving.patron[m].succession_loss = 0.0
    lasting = lasting_memory(constants.patron_threat_memory, constants.procurement_lasting)
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        client.present = 1 if fixed.clients[i].enters <= month < fixed.clients[i].leaves else 0
        client.attack_level = fade(client.attack_level, constants.attack_memory)
        client.claim_level = fade(client.claim_level, constants.patron_threat_memory)
        client.procurement_level = fade(client.procurement_level, lasting)
        client.missing_support = fade(client.missing_support, constants.support_memory)
        fade_stocks(fixed, moving, i)
        for rival in range(moving.offers.shape[1]):
            moving.offers[i, rival] = fade(moving.offers[i, rival], constants.offer_memory)
            moving.open_offers[i, rival] = 0.0
        client.posted = 0
        client.evidence = 0
        client.triggered = 0
        client.reviewed = 0
        client.health_reports = 0.0
        client.new_attack_intensity = 0.0
        client.new_outlook = NO_OUTLOOK
        client.new_situation = NO_OUTLOOK
        client.trust_good = 0.0
        client.trust_bad = 0.0
        if client.contested_months > 0.0:
            if client.present != 0:
                moving.patron[fixed.clients[i].patron].succession_loss = constants.succession_cost
            client.contested_months = max(0.0, client.contested_months - 1.0)
    for m in range(fixed.patrons.shape[0]):
        take_income(fixed, moving, key, month, m)


def take_income(fixed: Fixed, moving: Moving, key: Key, month: int, m: int) -> None:
    """Let a patron take the month's income, burden and pressure, with last month's losses fed back."""
    constants, own, patron = fixed.constants[0], fixed.patrons[m], moving.patron[m]
    if month < own.income_drawn_from:
        patron.income = fixed.income_known[m, month]
    else:
        shock = normal(key.seed, key.run, key.first_month + month, own.key, INCOME)
        patron.income = next_income(patron.income, own.income_persistence, own.income_noise, shock)
    patron.budget = budget(patron.income, patron.lost_assets, constants.budget_feedback, patron.succession_loss)
    patron.burden = burden(fixed.war_burden[m, month], patron.lost_assets, constants.burden_feedback)
    patron.pressure = patron.burden
    if fixed.sanctions[m, month] >= 0.0:
        patron.pressure = fixed.sanctions[m, month]
