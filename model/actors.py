"""Turn the clients of a scenario, their successors and their new situations into numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from papertiger.model.calendar import month_number
from papertiger.model.constants import exposure_weights, similarity_weights
from papertiger.model.course import at_entry
from papertiger.model.rules import beliefs, options, threat
from papertiger.model.rules.choice import dependence
from papertiger.model.rules.ties import base_ties
from papertiger.model.setting import NEVER, ClientSetting, Outlook
from papertiger.scenarios.checking.actor_keys import actor_key
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papertiger.model.constants import Constants
    from papertiger.model.sampling import FigureReader
    from papertiger.scenarios.schema.actors import Client, Option, Rival, Situation, Successor, Treaty
    from papertiger.scenarios.schema.figures import Figure
    from papertiger.scenarios.schema.scenario import Scenario


def _options(
    where: Callable[[str], str],
    offered: Mapping[str, Option],
    rivals: Mapping[str, Rival],
    constants: Constants,
    figure: FigureReader,
) -> dict[str, tuple[float, float, float]]:
    """Return base protection, base economy and openness by rival, for those that are named; `where` gives paths."""
    options_by_rival = {}
    for name, option in offered.items():
        # Draws are keyed by the name that a renamed actor keeps for them.
        key = rivals[name].draws_as or name
        path = where(f"options.{key}")
        gap = figure(f"rivals.{key}.gap", rivals[name].gap)
        size = figure(f"rivals.{key}.size", rivals[name].size)
        protects = figure(f"{path}.protection", option.protection)
        trades = figure(f"{path}.economy", option.economy)
        near = figure(f"{path}.proximity", option.proximity)
        options_by_rival[name] = (
            options.base_protection(constants.protection_reach, protects, constants.distance_reach, near, gap),
            options.base_economy(trades, near, size, gap),
            max(protects, trades),
        )
    return options_by_rival


def _columns(
    rows: Mapping[str, tuple[float, float, float]], rivals: tuple[str, ...]
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    ordered = [rows.get(rival, (0.0, 0.0, 0.0)) for rival in rivals]
    return tuple(r[0] for r in ordered), tuple(r[1] for r in ordered), tuple(r[2] for r in ordered)


class Structure(NamedTuple):
    """What new situations change of a client: its treaty, and what exposes it to the patron."""

    treaty: Treaty
    border: float
    bases: float
    diaspora: float


def structure(name: str, scenario: Scenario, figure: FigureReader) -> Structure:
    """Return the structure that a client begins with."""
    client = at_entry(name, scenario)
    where = f"clients.{client.draws_as or name}"
    return Structure(
        client.treaty,
        figure(f"{where}.border", client.border),
        figure(f"{where}.bases", client.bases),
        figure(f"{where}.diaspora", client.diaspora),
    )


def _prior_resolve(treaty: Treaty, sub_state: bool, constants: Constants) -> float:
    if treaty == "defence_pact":
        return float(constants.prior_resolve_pact)
    if treaty == "lesser_treaty" or sub_state:
        return float(constants.prior_resolve_treaty)
    return float(constants.prior_resolve_none)


def _outlook(name: str, client: Client, scenario: Scenario, constants: Constants, figure: FigureReader) -> Outlook:
    where = f"clients.{client.draws_as or name}"
    rows = _options(lambda field: f"{where}.{field}", client.options, scenario.rivals, constants, figure)
    base_protection, base_economy, openness = _columns(rows, tuple(scenario.rivals))
    arms, economy = figure(f"{where}.arms", client.arms), figure(f"{where}.economy", client.economy)
    return Outlook(
        prior_capability=(
            constants.prior_capability
            if client.prior_capability is None
            else figure(f"{where}.prior_capability", client.prior_capability)
        ),
        prior_resolve=(
            _prior_resolve(client.treaty, client.sub_state, constants)
            if client.prior_resolve is None
            else figure(f"{where}.prior_resolve", client.prior_resolve)
        ),
        threat=figure(f"{where}.threat", client.threat),
        exposure=threat.exposure(
            figure(f"{where}.border", client.border),
            figure(f"{where}.bases", client.bases),
            figure(f"{where}.diaspora", client.diaspora),
            client.sub_state,
            exposure_weights(constants),
        ),
        dependence=dependence(arms, economy, constants.arms_weight),
        base_protection=base_protection,
        base_economy=base_economy,
        openness=openness,
        arms_ties=_ties(where, "arms", arms, client.arms_ties, base_protection, scenario, constants, figure),
        economy_ties=_ties(where, "economy", economy, client.economy_ties, base_economy, scenario, constants, figure),
    )


def _ties(
    where: str,
    kind: str,
    own: float,
    named: Mapping[str, Figure],
    pulls: tuple[float, ...],
    scenario: Scenario,
    constants: Constants,
    figure: FigureReader,
) -> tuple[float, ...]:
    """Return the shares of one kind of tie at entry; those of named rivals are cut to what the patron leaves."""
    known = [
        figure(f"{where}.{kind}_ties.{rival.draws_as or name}", named[name]) if name in named else -1.0
        for name, rival in scenario.rivals.items()
    ]
    total, left = sum(share for share in known if share > 0.0), 1.0 - own
    if total > left:
        known = [share * left / total if share > 0.0 else share for share in known]
    return base_ties(own, tuple(known), pulls, constants.tie_others)


def client_setting(
    name: str, scenario: Scenario, constants: Constants, figure: FigureReader, first: int
) -> ClientSetting:
    """Return a client in numbers.

    Parameters
    ----------
    name
        Of the client.
    scenario, constants, figure
        What is read, and by whom.
    first
        Number of the first month.
    """
    client = at_entry(name, scenario)
    adversary = scenario.adversaries.get(client.adversary) if client.adversary else None
    own, foe = f"clients.{client.draws_as or name}", f"adversaries.{client.adversary}"
    return ClientSetting(
        name=name,
        key=actor_key(client.draws_as or name),
        posture=POSTURES.index(client.posture),
        enters=0 if client.enters is None else max(0, month_number(client.enters) - first),
        leaves=NEVER if client.leaves is None else month_number(client.leaves) - first,
        sub_state=client.sub_state,
        outlook=_outlook(name, client, scenario, constants, figure),
        border=figure(f"{own}.border", client.border),
        value=figure(f"{own}.value", client.value),
        supplied_air_defence=client.supplied_air_defence,
        air_attacks=figure(f"{own}.air_attacks", client.air_attacks),
        assets=tuple(
            figure(f"{own}.assets.{asset}", client.assets[asset]) if asset in client.assets else 0.0
            for asset in scenario.patron.assets
        ),
        adversary=client.adversary or "",
        clash=figure(f"{foe}.clash", adversary.clash) if adversary else 0.0,
        worth=figure(f"{foe}.worth", adversary.worth) if adversary else 0.0,
    )


def similarities(scenario: Scenario, constants: Constants) -> tuple[tuple[float, ...], ...]:
    """Return how alike clients are, N x N and zero on the diagonal; blank is never like blank."""
    weights = similarity_weights(constants)

    def same(left: str | None, right: str | None) -> bool:
        return left is not None and left == right

    return tuple(
        tuple(
            0.0
            if one is other
            else beliefs.similarity(
                same(one.pact, other.pact),
                same(one.region, other.region),
                same(one.adversary, other.adversary),
                weights,
            )
            for other in scenario.clients.values()
        )
        for one in scenario.clients.values()
    )


def dependences(scenario: Scenario, figure: FigureReader) -> dict[str, tuple[float, float]]:
    """Return dependence for arms and for the economy by client, before any regime loss."""
    return {
        name: (
            figure(f"clients.{client.draws_as or name}.arms", client.arms),
            figure(f"clients.{client.draws_as or name}.economy", client.economy),
        )
        for name, client in ((name, at_entry(name, scenario)) for name in scenario.clients)
    }


def successor_outlook(
    successor: Successor,
    name: str,
    old: Outlook,
    old_dependence: tuple[float, float],
    scenario: Scenario,
    constants: Constants,
    figure: FigureReader,
) -> tuple[Outlook, tuple[float, float]]:
    """Return a successor's outlook, and its dependence for arms and for the economy."""
    where = f"events.{name}.successor"
    rows = _options(lambda field: f"{where}.{field}", successor.options, scenario.rivals, constants, figure)
    for index, rival in enumerate(scenario.rivals):
        rows.setdefault(rival, (old.base_protection[index], old.base_economy[index], old.openness[index]))
    base_protection, base_economy, openness = _columns(rows, tuple(scenario.rivals))
    given = {
        field: figure(f"{where}.{field}", getattr(successor, field))
        for field in ("threat", "exposure", "prior_capability", "prior_resolve", "arms", "economy")
        if getattr(successor, field) is not None
    }
    arms, economy = given.get("arms", old_dependence[0]), given.get("economy", old_dependence[1])
    outlook = Outlook(
        prior_capability=given.get("prior_capability", old.prior_capability),
        prior_resolve=given.get("prior_resolve", old.prior_resolve),
        threat=given.get("threat", old.threat),
        exposure=given.get("exposure", old.exposure),
        dependence=dependence(arms, economy, constants.arms_weight),
        base_protection=base_protection,
        base_economy=base_economy,
        openness=openness,
        arms_ties=_inherited(old.arms_ties, arms),
        economy_ties=_inherited(old.economy_ties, economy),
    )
    return outlook, (arms, economy)


def situation_outlook(
    situation: Situation,
    client: Client,
    where: Callable[[str], str],
    old: Outlook,
    before: Structure,
    scenario: Scenario,
    constants: Constants,
    figure: FigureReader,
) -> tuple[Outlook, Structure]:
    """Return a client's outlook in a new situation, and its structure then; ties go on from where they are.

    A new treaty moves the prior of resolve by the distance between the priors of the two treaties. What `where`
    returns is the path of a field of the situation.
    """
    rows = _options(where, situation.options, scenario.rivals, constants, figure)
    for index, rival in enumerate(scenario.rivals):
        rows.setdefault(rival, (old.base_protection[index], old.base_economy[index], old.openness[index]))
    base_protection, base_economy, openness = _columns(rows, tuple(scenario.rivals))

    def given(field: str, otherwise: float) -> float:
        own = getattr(situation, field)
        return otherwise if own is None else figure(where(field), own)

    now = Structure(
        situation.treaty or before.treaty,
        given("border", before.border),
        given("bases", before.bases),
        given("diaspora", before.diaspora),
    )
    exposed, resolve = old.exposure, old.prior_resolve
    if now[1:] != before[1:]:
        exposed = threat.exposure(*now[1:], client.sub_state, exposure_weights(constants))
    if now.treaty != before.treaty:
        promised = _prior_resolve(now.treaty, client.sub_state, constants)
        resolve += promised - _prior_resolve(before.treaty, client.sub_state, constants)
    outlook = replace(
        old,
        prior_resolve=min(1.0, max(0.0, resolve)),
        threat=given("threat", old.threat),
        exposure=exposed,
        base_protection=base_protection,
        base_economy=base_economy,
        openness=openness,
        arms_now=given("arms", -1.0),
        economy_now=given("economy", -1.0),
    )
    return outlook, now


def _inherited(ties: tuple[float, ...], own: float) -> tuple[float, ...]:
    """Return ties with another share of the patron; all others share what is left as they did before."""
    rest = sum(ties[1:])
    if rest <= 0.0:
        return (own, *ties[1:-1], 1.0 - own)
    return (own, *((1.0 - own) * share / rest for share in ties[1:]))
