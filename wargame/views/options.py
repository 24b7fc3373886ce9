"""Work out what a seat's options come to as the rules see them, term by term.

The numbers are those of the present state; a month's fading and news of the next month move them a little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from papertiger.model.constants import help_weights, rung_commitments, unobserved_scale, utility_weights
from papertiger.model.rules.choice import Position
from papertiger.model.rules.patronage import Plea
from papertiger.model.rules.rules import Rules
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.objections import reachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papertiger.model.setting import Outlook, Setting
    from papertiger.wargame.engine.months import ClientMonth, MonthState

RULES = Rules()


@dataclass(frozen=True)
class Rung:
    """One posture that a client could take.

    Attributes
    ----------
    utility
        U(a) of the rule of choice.
    chance
        That the rule takes it, if it reviews.
    terms
        The parts that U is the sum of, by name.
    """

    posture: str
    utility: float
    chance: float
    terms: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Outside:
    """What one rival offers a client: protection q, economy O, and the value of turning to it."""

    rival: str
    protection: float
    economy: float
    value: float


def outside_of(
    client: ClientMonth, outlook: Outlook, offers: Sequence[float], setting: Setting
) -> tuple[Outside, ...]:
    """Return what each rival offers a client, from what is known of the offers, z by rival."""
    constants, bound = setting.constants, RULES.commitment(client.posture, rung_commitments(setting.constants))
    menace = RULES.adversary_threat(outlook.threat, client.attack_level)
    outsiders = []
    for k, rival in enumerate(setting.rivals):
        protects = RULES.offered_protection(
            outlook.base_protection[k], offers[k], constants.offer_protection, constants.lock_in, bound
        )
        pays = RULES.offered_economy(outlook.base_economy[k], offers[k], constants.lock_in, bound)
        value = RULES.option_value(menace, protects, constants.economy_weight, pays)
        outsiders.append(Outside(rival, protects, pays, value))
    return tuple(outsiders)


@dataclass(frozen=True)
class Fresh:
    """A successor that takes over this month: its outlook, and the offers that it is met with, z by rival."""

    outlook: Outlook
    offers: tuple[float, ...]


def rungs_of(
    i: int, month: MonthState, outlook: Outlook, setting: Setting, fresh: Fresh | None = None
) -> tuple[Rung, ...]:
    """Return the postures within a client's reach, each with its utility and what it consists of.

    Parameters
    ----------
    i
        The client.
    month
        The present.
    outlook
        Of its regime.
    setting
        The world in numbers.
    fresh
        The successor of a regime that falls this month: it chooses among all rungs, without an anchor and without
        the costs of moving.
    """
    constants, client = setting.constants, month.clients[i]
    if fresh is not None:
        outlook = fresh.outlook
        client = replace(client, anchor=0.0, claim_level=0.0, offers=fresh.offers)
    moving = 1.0 if fresh is None else 0.0
    menace = RULES.adversary_threat(outlook.threat, client.attack_level)
    squeeze = RULES.patron_threat(client.claim_level)
    option, pays = 0.0, 0.0
    for one in outside_of(client, outlook, client.offers, setting):
        if one.value > option:
            option, pays = one.value, one.economy
    fear = RULES.retaliation_fear(
        constants.retaliation_fear, outlook.exposure, client.capability, month.burden, constants.fear_distraction
    )
    peers = _defected_peers(i, month, setting) if constants.contagion != 0.0 else 0.0
    position = Position(
        threat=menace,
        protection=client.protection,
        dependence=client.dependence,
        anchor=client.anchor,
        option=option,
        option_economy=pays,
        patron_threat=squeeze,
        fear=fear,
        pressure=month.pressure,
        defected_peers=peers,
    )
    rungs: list[tuple[int, float, tuple[tuple[str, float], ...]]] = []
    for target in reachable(i, client.posture, setting, free=fresh is not None):
        c = RULES.commitment(target, rung_commitments(constants))
        away = 1.0 - c
        utility = RULES.utility(target, client.posture, c, position, utility_weights(constants, fresh is not None))
        terms = (
            ("protection", c * menace * client.protection),
            ("economy", c * constants.economy_weight * client.dependence),
            ("anchor", c * client.anchor),
            ("outside option", away * option),
            ("autonomy", -constants.autonomy_price * c * c),
            ("threat from the patron", constants.patron_threat_weight * squeeze * away),
            ("fear of retaliation", -away * away * fear),
            ("standing with a patron at war", -constants.standing_cost * month.pressure * pays * c),
            ("others who left", constants.contagion * peers * away),
            ("cost of moving", -moving * constants.switching_cost if target != client.posture else 0.0),
            (
                "cost of realigning",
                -moving * constants.realignment_cost if client.posture == 3 and target == 4 else 0.0,
            ),
        )
        rungs.append((target, utility, terms))
    best = max(utility for _, utility, _ in rungs)
    noise = unobserved_scale(constants, fresh is not None)
    weights = [RULES.logit_weight(utility, best, noise) for _, utility, _ in rungs]
    total = sum(weights)
    return tuple(
        Rung(POSTURES[target], utility, weight / total, terms)
        for (target, utility, terms), weight in zip(rungs, weights, strict=True)
    )


def _defected_peers(i: int, month: MonthState, setting: Setting) -> float:
    weight = defected = 0.0
    for k, other in enumerate(month.clients):
        if other.present:
            weight += setting.similarity[i][k]
            if other.posture >= POSTURES.index("suspended"):
                defected += setting.similarity[i][k]
    return defected / weight if weight > 0.0 else 0.0


@dataclass(frozen=True)
class Patronage:
    """What the patron can do for a client, and what the rule would do.

    Attributes
    ----------
    attention
        Share of all attention that the client has now.
    trust
        The patron's trust in it.
    helps
        Chance that the rule helps in a crisis.
    works
        Chance that help works.
    holds
        Chance that the supplied air defence holds, or ``None`` where there is none.
    coerces, claims, criticises, courts
        Chances that the rule does so in a month.
    """

    client: str
    attention: float
    trust: float
    helps: float
    works: float
    holds: float | None
    coerces: float
    claims: float
    criticises: float
    courts: float


def patronage_of(
    month: MonthState, outlooks: Sequence[Outlook], setting: Setting, next_month: int
) -> tuple[Patronage, ...]:
    """Return what the patron's options for each client come to.

    Parameters
    ----------
    month
        The present.
    outlooks
        Of each client's regime.
    setting
        The world in numbers.
    next_month
        Index of the month that orders are for.
    """
    constants = setting.constants
    rival_track = setting.patrons[0].rival_track
    track = rival_track[min(next_month, len(rival_track) - 1)]
    patrons = []
    attention, even = attention_of(month, setting, next_month)
    for own, client, outlook, share in zip(setting.clients, month.clients, outlooks, attention, strict=True):
        if not client.present:
            continue
        plea = Plea(
            attention=share,
            even_attention=even,
            budget=month.budget,
            clash=own.clash * track,
            trust=client.trust,
        )
        helps = RULES.help_probability(plea, help_weights(constants))
        holds = RULES.systems_hold_probability(constants.systems_hold, constants.support_loss, client.missing_support)
        patrons.append(
            Patronage(
                client=own.name,
                attention=share,
                trust=client.trust,
                helps=helps,
                works=RULES.help_works_probability(
                    constants.help_works, month.budget, month.burden, constants.help_distraction
                ),
                holds=holds if own.supplied_air_defence else None,
                coerces=RULES.coercion_hazard(
                    constants.coercion_rate, outlook.exposure, client.posture, constants.coercion_growth
                ),
                claims=RULES.claim_hazard(constants.claim_rate, own.border, month.burden),
                criticises=RULES.criticism_hazard(constants.criticism_rate, track, own.clash),
                courts=RULES.courting_hazard(constants.courting_rate, own.worth),
            )
        )
    return tuple(patrons)


def attention_of(month: MonthState, setting: Setting, next_month: int) -> tuple[tuple[float, ...], float]:
    """Return each client's share of the patron's attention by rule, and what an even share would be."""
    constants, rival_track = setting.constants, setting.patrons[0].rival_track
    focus = constants.attention_focus
    total = RULES.attention_weight(focus, RULES.war_value(constants.war_attention, month.burden))
    total += RULES.attention_weight(focus, rival_track[min(next_month, len(rival_track) - 1)])
    weights, count = [], 0
    for own, client in zip(setting.clients, month.clients, strict=True):
        count += int(client.present)
        there = client.present and client.posture != POSTURES.index("realigned")
        weights.append(RULES.attention_weight(focus, own.value) if there else 0.0)
        total += weights[-1]
    return tuple(weight / total for weight in weights), 1.0 / (count + 2)


def crisis_chance(client: ClientMonth, outlook: Outlook, setting: Setting, months: int) -> float:
    """Return the chance that the rule lets at least one crisis come in so many months.

    Until one comes the threat only fades, so the chance is exact: 1 minus the product of the months' chances of none.
    """
    constants, level, none = setting.constants, client.attack_level, 1.0
    for _ in range(months):
        level = RULES.fade(level, constants.attack_memory)
        menace = RULES.adversary_threat(outlook.threat, level)
        none *= 1.0 - min(1.0, RULES.crisis_hazard(constants.crisis_hazard, menace))
    return 1.0 - none
