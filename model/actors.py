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
from papertiger.model.setting import NEVER, NOBODY, ClientSetting, Outlook
from papertiger.scenarios.bonds import bond_rows, bonds_of_client, patrons_of
from papertiger.scenarios.checking.actor_keys import actor_key
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papertiger.model.constants import Constants
    from papertiger.model.sampling import FigureReader
    from papertiger.scenarios.bonds import BondRow
    from papertiger.scenarios.schema.actors import Client, Option, Rival, Situation, Successor, Treaty
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


def holders(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of all that a client may turn to: the rivals and, where there are several, the patrons."""
    return (*scenario.rivals, *(patrons_of(scenario) if scenario.patrons else ()))


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


def structure(row: BondRow, scenario: Scenario, figure: FigureReader) -> Structure:
    """Return the structure that a bond begins with."""
    client = at_entry(row.own, scenario)
    return Structure(
        client.treaty,
        figure(row.path("border"), client.border),
        figure(row.path("bases"), client.bases),
        figure(row.path("diaspora"), client.diaspora),
    )


def _prior_resolve(treaty: Treaty, sub_state: bool, constants: Constants) -> float:
    if treaty == "defence_pact":
        return float(constants.prior_resolve_pact)
    if treaty == "lesser_treaty" or sub_state:
        return float(constants.prior_resolve_treaty)
    return float(constants.prior_resolve_none)


def _outlook(row: BondRow, client: Client, scenario: Scenario, constants: Constants, figure: FigureReader) -> Outlook:
    where = row.path
    rows = _options(where, client.options, scenario.rivals, constants, figure)
    base_protection, base_economy, openness = _columns(rows, holders(scenario))
    arms, economy = figure(where("arms"), client.arms), figure(where("economy"), client.economy)
    return Outlook(
        prior_capability=(
            constants.prior_capability
            if client.prior_capability is None
            else figure(where("prior_capability"), client.prior_capability)
        ),
        prior_resolve=(
            _prior_resolve(client.treaty, client.sub_state, constants)
            if client.prior_resolve is None
            else figure(where("prior_resolve"), client.prior_resolve)
        ),
        threat=figure(where("threat"), client.threat),
        exposure=threat.exposure(
            figure(where("border"), client.border),
            figure(where("bases"), client.bases),
            figure(where("diaspora"), client.diaspora),
            client.sub_state,
            exposure_weights(constants),
        ),
        dependence=dependence(arms, economy, constants.arms_weight),
        base_protection=base_protection,
        base_economy=base_economy,
        openness=openness,
        arms_ties=_ties(row, "arms", arms, base_protection, scenario, constants, figure),
        economy_ties=_ties(row, "economy", economy, base_economy, scenario, constants, figure),
    )


def _ties(
    row: BondRow,
    kind: str,
    own: float,
    pulls: tuple[float, ...],
    scenario: Scenario,
    constants: Constants,
    figure: FigureReader,
) -> tuple[float, ...]:
    """Return the shares of one kind of tie at entry; those of named rivals are cut to what the patrons leave."""
    named = getattr(row.own, f"{kind}_ties")
    known = [
        figure(row.path(f"{kind}_ties.{rival.draws_as or name}"), named[name]) if name in named else -1.0
        for name, rival in scenario.rivals.items()
    ]
    others = _shares_of_other_patrons(row, kind, own, scenario, figure)
    left = 1.0 - own
    for share in others:
        left -= share
    total, left = sum(share for share in known if share > 0.0), max(0.0, left)
    if total > left:
        known = [share * left / total if share > 0.0 else share for share in known]
    return base_ties(own, (*known, *others), pulls, constants.tie_others)


def _shares_of_other_patrons(
    row: BondRow, kind: str, own: float, scenario: Scenario, figure: FigureReader
) -> list[float]:
    """Return the shares at entry of the patrons behind the rivals: 0 in the place of the bond's own patron."""
    if not scenario.patrons:
        return []
    shares = dict.fromkeys(patrons_of(scenario), 0.0)
    for other in bonds_of_client(row.client, scenario):
        if other.patron != row.patron:
            client = at_entry(other.own, scenario)
            shares[other.patron] = figure(other.path(kind), getattr(client, kind))
    total = sum(shares.values())
    if total > 1.0 - own:  # only numbers that are drawn or given can be so; a file is refused
        shares = {name: share * (1.0 - own) / total for name, share in shares.items()}
    return list(shares.values())


def client_settings(
    scenario: Scenario, constants: Constants, figure: FigureReader, first: int
) -> tuple[ClientSetting, ...]:
    """Return every bond of a client with a patron in numbers.

    Parameters
    ----------
    scenario, constants, figure
        What is read, and by whom.
    first
        Number of the first month.
    """
    leads: dict[str, int] = {}
    settings = []
    for place, row in enumerate(bond_rows(scenario).values()):
        lead = leads.setdefault(row.client, place)
        settings.append(_client_setting(row, lead, scenario, constants, figure, first))
    return tuple(settings)


def _client_setting(
    row: BondRow, lead: int, scenario: Scenario, constants: Constants, figure: FigureReader, first: int
) -> ClientSetting:
    client = at_entry(row.own, scenario)
    adversary = scenario.adversaries.get(client.adversary) if client.adversary else None
    foe = f"adversaries.{client.adversary}"
    return ClientSetting(
        name=row.name,
        key=actor_key(row.draws_as),
        posture=POSTURES.index(client.posture),
        enters=0 if client.enters is None else max(0, month_number(client.enters) - first),
        leaves=NEVER if client.leaves is None else month_number(client.leaves) - first,
        sub_state=client.sub_state,
        outlook=_outlook(row, client, scenario, constants, figure),
        border=figure(row.path("border"), client.border),
        value=figure(row.path("value"), client.value),
        supplied_air_defence=client.supplied_air_defence,
        air_attacks=figure(row.path("air_attacks"), client.air_attacks),
        assets=tuple(
            figure(row.path(f"assets.{asset}"), client.assets[asset])
            if name == row.patron and asset in client.assets
            else 0.0
            for name, patron in patrons_of(scenario).items()
            for asset in patron.assets
        ),
        adversary=client.adversary or "",
        clash=figure(f"{foe}.clash", adversary.clash) if adversary else 0.0,
        worth=figure(f"{foe}.worth", adversary.worth) if adversary else 0.0,
        patron=row.place,
        lead=lead,
    )


def bonds_beside(scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    """Return the place of the client's bond with each patron that stands in a rival's place, by bond and rival."""
    if not scenario.patrons:
        return ()
    rows = list(bond_rows(scenario).values())
    places = {(row.client, row.patron): place for place, row in enumerate(rows)}
    rivals = [NOBODY] * len(scenario.rivals)
    return tuple(
        (
            *rivals,
            *(
                NOBODY if name == row.patron else places.get((row.client, name), NOBODY)
                for name in patrons_of(scenario)
            ),
        )
        for row in rows
    )


def similarities(scenario: Scenario, constants: Constants) -> tuple[tuple[float, ...], ...]:
    """Return how alike clients are, N x N and zero on the diagonal; blank is never like blank.

    Clients of two patrons are not alike in what they can learn: a signal tells of one patron.
    """
    rows = list(bond_rows(scenario).values())
    weights = similarity_weights(constants)

    def same(left: str | None, right: str | None) -> bool:
        return left is not None and left == right

    return tuple(
        tuple(
            0.0
            if one is other or one.place != other.place
            else beliefs.similarity(
                same(one.own.pact, other.own.pact),
                same(one.own.region, other.own.region),
                same(one.own.adversary, other.own.adversary),
                weights,
            )
            for other in rows
        )
        for one in rows
    )


def dependences(scenario: Scenario, figure: FigureReader) -> dict[str, tuple[float, float]]:
    """Return dependence for arms and for the economy by bond, before any regime loss."""
    return {
        row.name: (figure(row.path("arms"), client.arms), figure(row.path("economy"), client.economy))
        for row, client in ((row, at_entry(row.own, scenario)) for row in bond_rows(scenario).values())
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
    base_protection, base_economy, openness = _columns(rows, holders(scenario))
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
    base_protection, base_economy, openness = _columns(rows, holders(scenario))

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


def moved_ties(ties: tuple[float, ...], place: int, share: float) -> tuple[float, ...]:
    """Return ties with another share of one holder; all others share what is left as they did before."""
    rest = sum(ties) - ties[place]
    left = (1.0 - share) / rest if rest > 0.0 else 0.0
    moved = [share if holder == place else left * held for holder, held in enumerate(ties)]
    if rest <= 0.0:
        moved[-1] = 1.0 - share
    return tuple(moved)


def _inherited(ties: tuple[float, ...], own: float) -> tuple[float, ...]:
    """Return ties with another share of the patron; all others share what is left as they did before."""
    rest = sum(ties[1:])
    if rest <= 0.0:
        return (own, *ties[1:-1], 1.0 - own)
    return (own, *((1.0 - own) * share / rest for share in ties[1:]))
