"""Run a scenario month by month as a Mesa model: the reference, which the compiled ensemble repeats.

One step is one month; `papertiger.model.month` names what happens in it, in its order.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from papertiger import scenarios
from papertiger.model import randomness
from papertiger.model.agents.adversary import Adversary
from papertiger.model.agents.client import Client
from papertiger.model.agents.faults import naming_place, watched
from papertiger.model.agents.messages import Crisis
from papertiger.model.agents.patron import Patron
from papertiger.model.agents.record import Record
from papertiger.model.agents.rival import Rival
from papertiger.model.constants import rung_commitments
from papertiger.model.decisions import Decisions, check_decisions, check_decisions_given
from papertiger.model.ledger import Ledger
from papertiger.model.randomness import check_run, check_seed
from papertiger.model.rules.own import bound
from papertiger.model.rules.ranges import guarded
from papertiger.model.rules.rules import Rules, check_rules_given
from papertiger.model.rules.ties import ARMS, ECONOMY
from papertiger.model.setting import (
    ATTACK,
    DISENGAGEMENT,
    INVASION,
    LEADER_CHANGE,
    LEADER_HEALTH,
    NEW_SITUATION,
    NOBODY,
    OFFER,
    OFFER_WITHDRAWN,
    REGIME_LOSS,
    RIVAL_PLEDGE,
    SIGNAL,
    DatedEvent,
    Setting,
)
from papertiger.model.template import build_setting
from papertiger.scenarios import Scenario
from papertiger.scenarios.arguments import check_truth


class Arrival:
    """A dated event waiting in Mesa's event list; the world keeps it alive, Mesa only refers to it weakly."""

    def __init__(self, world: World, event: DatedEvent) -> None:
        self.world, self.event = world, event

    def happen(self) -> None:
        """Put the event in front of the coming month."""
        self.world.inbox.append(self.event)


class World(mesa.Model):  # type: ignore[misc]
    """A network of clients around a patron.

    Parameters
    ----------
    scenario
        A scenario, its shipped name, or the path of its file.
    rng
        Seed of the run's keyed draws, 0 to 2**63 - 1. A generator gives one seed, ``None`` a fresh one.
    run
        Number of the run; each is another draw of luck under the same seed.
    rules
        The rules of the month; replace one to test another theory.
    decisions
        Decisions that are given instead of drawn.
    collect
        Whether to fill Mesa's data collector each month, as Mesa's own tools expect.
    **overrides
        Changes of the scenario by name, such as ``forgetting=0.97``. A dotted path is written with two
        underscores: ``clients__NAME__threat=0.5``.

    Raises
    ------
    scenarios.ScenarioError
        If the scenario or an override does not hold.
    TypeError
        If ``rules``, ``decisions`` or ``collect`` are of another kind.
    ValueError
        If the seed or the run is out of range, or a decision is not one that the scenario knows.
    papertiger.model.rules.own.RuleError
        If a rule takes a parameter that the scenario does not declare.
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "partners_2020",
        *,
        rng: int | np.integer[Any] | np.random.Generator | None = None,
        run: int = 0,
        rules: Rules | None = None,
        decisions: Decisions | None = None,
        collect: bool = True,
        **overrides: Any,
    ) -> None:
        # Mesa knows only Python's own integers, and sweeps hand over NumPy's.
        rng = rng if rng is None or isinstance(rng, np.random.Generator) else check_seed(rng, "rng")
        run = check_run(run)
        check_truth("collect", collect)
        check_rules_given(rules)
        check_decisions_given(decisions)
        super().__init__(rng=rng)
        seed = rng if isinstance(rng, int) else int(self.rng.integers(2**62))
        changes = {name.replace("__", "."): value for name, value in overrides.items()}
        self.scenario = resolve(scenario, changes, door="World")
        self.setting = self._build_setting(seed, run)
        self.constants = self.setting.constants
        self.rungs = rung_commitments(self.constants)
        # The shipped rules keep their ranges; watching a modeler's own costs little beside what they do.
        if rules is None or rules == Rules():
            self.rules = Rules()
        else:
            self.rules = guarded(bound(rules, self.setting.own_parameters))
        self.decisions = Decisions() if decisions is None else decisions
        check_decisions(self.decisions, self.setting)
        self.ledger = Ledger()
        self.month = 0
        self.inbox: list[DatedEvent] = []
        self.crises: list[Crisis] = []
        self.patrons = [Patron(self, index, patron) for index, patron in enumerate(self.setting.patrons)]
        self.patron = self.patrons[0]
        with naming_place(self):
            self.clients = [Client(self, index, client) for index, client in enumerate(self.setting.clients)]
            # What one patron gives is an option against the others, so that all must be there first.
            for client in self.clients:
                client.take_stand()
            for client in self.clients:
                client.first_attraction = client.attract(None)
        self.rivals = [Rival(self, index, name) for index, name in enumerate(self.setting.rivals)]
        self.adversaries = {name: Adversary(self, name) for name in ("", *self.setting.adversaries)}
        self.arrivals = [Arrival(self, event) for event in self.setting.events]
        for arrival in self.arrivals:
            # Month 0 is Mesa's step at time 1.0, so an event of month t arrives half a month before t + 1.
            self.schedule_event(arrival.happen, at=arrival.event.month + 0.5)
        self.record = Record(self)
        self.datacollector = _collector() if collect else None
        self.running = True

    @property
    def scenario(self) -> Scenario:
        """The resolved scenario."""
        return self._resolved

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        # Mesa's own setter writes the model into what it is given, and ours is frozen.
        self._resolved = scenario

    def _build_setting(self, seed: int, run: int) -> Setting:
        """Return the numbers of the run."""
        return build_setting(self.scenario, seed, run)

    @property
    def month_name(self) -> str:
        """The present month, written YYYY-MM."""
        return self.setting.months[self.month]

    @property
    def generative(self) -> bool:
        """Whether crises are drawn this month and everybody answers by rule."""
        return self.setting.generative[self.month]

    @property
    def present(self) -> list[Client]:
        """The clients that have entered the network, each as often as it has patrons, in the scenario's order."""
        return [client for client in self.clients if client.in_network]

    @property
    def defected_share(self) -> float:
        """Share of the first patron's clients in the network at suspended or beyond."""
        return self.patron.defected_share

    @property
    def credibility(self) -> float:
        """Value-weighted mean of the protection that clients believe in."""
        return float(self.patron.credibility)

    def draw(self, key: int, purpose: int) -> float:
        """Draw a uniform number for an actor and a purpose in this month."""
        setting = self.setting
        return randomness.uniform(setting.seed, setting.run, setting.first_month + self.month, key, purpose, 0)

    def _wrapped_step(self) -> None:
        # Mesa drops a model's step once it has failed, and would let time pass without a word.
        self._refuse_after_the_end(round(self.time))
        super()._wrapped_step()

    def _refuse_after_the_end(self, month: int) -> None:
        months = self.setting.months
        if month >= len(months):
            raise ValueError(f"no month is left to run: the span ends with {months[-1]}, after {len(months)} months")

    @watched
    def step(self) -> None:
        """Run one month, in the steps of `papertiger.model.month`.

        Raises
        ------
        ValueError
            If every month of the scenario's span has been run.
        """
        month = round(self.time) - 1
        self._refuse_after_the_end(month)
        self.month = month
        self.begin_month()
        self.let_events_happen()
        self.spread_attention()
        self.face_crises()
        self.weigh_own()
        self.weigh_witnessed()
        self.succeed()
        self.turn_ties()
        self.review()
        self.face_breaks()
        self.move()
        self.take_stock()
        self.keep_month()

    def run(self) -> None:
        """Run every month of the scenario that is left."""
        while self.running:
            self.step()

    def begin_month(self) -> None:
        """Let impulses fade, clear what belongs to one month, and take the month's income and burden."""
        self.crises.clear()
        for client in self.clients:
            client.begin_month()
        for patron in self.patrons:
            patron.take_income()

    def let_events_happen(self) -> None:
        """Let what is dated happen; in generative months only what is marked as always."""
        happening = [event for event in self.inbox if self._happens(event)]
        self.inbox.clear()
        reached = [event for event in happening if self._reaches(event)]
        # A regime falls before anything else of its month, so that the month's offers are the successor's.
        for event in reached:
            if event.kind == REGIME_LOSS:
                assert event.outlook is not None
                self.clients[event.client].lose_regime(event.outlook, event.continuity)
                self.clients[event.client].get_ruler(event.intensity)
            elif event.kind == LEADER_HEALTH:
                self.clients[event.client].hear_of_health(event.intensity)
            elif event.kind == NEW_SITUATION:
                self.clients[event.client].new_situation = event.outlook
        for client in self.present:
            if client.setting.sub_state and client.new_regime is None:
                client.face_succession()
        for event in happening:
            if event.kind == INVASION:
                for client in self.present:
                    if client.patron is self.patrons[event.patron]:
                        client.feel_invasion()
        for event in reached:
            self._reach(self.clients[event.client], event)

    def _happens(self, event: DatedEvent) -> bool:
        """Tell whether a dated event of this month happens."""
        return event.always or not self.generative

    def _reaches(self, event: DatedEvent) -> bool:
        """Tell whether a dated event that happens does so to a client in the network."""
        return event.client != NOBODY and self.clients[event.client].in_network

    def _reach(self, client: Client, event: DatedEvent) -> None:
        """Let a dated event reach the client it is addressed to."""
        if event.kind == ATTACK:
            client.suffer_attack(event.intensity)
            if self.generative:
                self.add_crisis(client, event.intensity, event.name, event.clash, event.from_air)
            elif event.answer_known:
                client.note_unanswered(event)
        elif event.kind == OFFER:
            client.hear_offer(event.rival, event.intensity)
        elif event.kind == OFFER_WITHDRAWN:
            client.lose_offer(event.rival, event.intensity)
        elif event.kind == LEADER_CHANGE:
            client.get_ruler(event.intensity)
        elif event.kind == DISENGAGEMENT:
            client.see_disengagement(event.intensity)
        elif event.kind == RIVAL_PLEDGE:
            client.get_pledge(event.intensity)
        elif event.kind == SIGNAL:
            client.post(event.signal, event.intensity, event.name, event.loading)

    def add_crisis(self, client: Client, intensity: float, cause: str, clash: float, air_share: float) -> None:
        """Note a crisis that waits for the patron's answer, and whether it comes from the air."""
        self.crises.append(Crisis(client, intensity, cause, clash, self.comes_from_air(client, air_share)))

    def comes_from_air(self, client: Client, share: float) -> bool:
        """Tell whether an attack comes from the air, so that it tests the air defence."""
        # One attack is one for all of a client's patrons.
        key = self.clients[client.setting.lead].key
        return share >= 1.0 or self.draw(key, randomness.CRISIS_MEANS) < share

    def spread_attention(self) -> None:
        """Share each patron's attention among its war, the track with its main rival and its clients."""
        for patron in self.patrons:
            patron.share_attention()

    def face_crises(self) -> None:
        """Let threats come due and everybody answer by rule, in generative months; settle what history left open."""
        present = self.present
        if self.generative:
            for client in present:
                if client.is_lead:
                    self.adversaries[client.setting.adversary].press(client)
            for crisis in self.crises:
                crisis.client.patron.answer(crisis)
            for client in present:
                client.patron.deal_with(client)
            for client in present:
                for rival in self.rivals:
                    rival.court(client)
        for client in present:
            client.settle_unanswered()

    def weigh_own(self) -> None:
        """Let every client forget once and add the evidence of the signals addressed to it."""
        for client in self.present:
            client.weigh_own()

    def weigh_witnessed(self) -> None:
        """Let every client take a share of the evidence that similar clients got this month."""
        for client in self.present:
            client.weigh_witnessed()

    def succeed(self) -> None:
        """Let new situations begin, and install the successors of fallen regimes."""
        present = self.present
        for client in present:
            client.succeed()
        for client in present:
            if client.is_lead:
                client.put_ties(ARMS)
                client.put_ties(ECONOMY)
        for client in present:
            client.share_ties()

    def turn_ties(self) -> None:
        """Let every client's ties move a month towards what draws it."""
        present = self.present
        for client in present:
            if client.is_lead:
                client.turn_ties()
        # What a client depends on counts in what draws it, so that no dependence moves before all have been drawn.
        for client in present:
            client.share_ties()
            client.depend()

    def review(self) -> None:
        """Let every client that has a reason review its posture; others still stand where they stood."""
        for client in self.present:
            client.review()

    def face_breaks(self) -> None:
        """Let every client break away or come back, if it is so drawn, in the place of its choice."""
        constants = self.constants
        if constants.break_away > 0.0 or constants.break_toward > 0.0:
            for client in self.present:
                client.face_break()

    def move(self) -> None:
        """Let every client take the posture it chose, and rivals answer those that turned them down."""
        for client in self.present:
            client.move()

    def take_stock(self) -> None:
        """Update trust, the share of assets lost and credibility."""
        for patron in self.patrons:
            patron.take_stock()

    def keep_month(self) -> None:
        """Write the month down, and end the run after its last one."""
        self.record.write()
        if self.datacollector is not None:
            self.datacollector.collect(self)
        if self.month + 1 >= len(self.setting.months):
            self.running = False


def resolve(
    scenario: str | Path | Scenario, overrides: Mapping[str, object] | None, *, door: str | None = None
) -> Scenario:
    """Return a scenario with overrides, whichever way it is named."""
    if isinstance(scenario, Scenario):
        if overrides is None or (isinstance(overrides, Mapping) and not overrides):
            return scenario
        return scenarios.change(scenario, overrides, door=door)
    return scenarios.load(scenario, overrides, door=door)


def _collector() -> DataCollector:
    """Return a collector of what Mesa's own tools show: the network month by month, and each client."""
    return DataCollector(
        model_reporters={
            "month": "month_name",
            "defected_share": "defected_share",
            "credibility": "credibility",
        },
        agenttype_reporters={
            Client: {
                "name": "name",
                "posture": "posture",
                "capability": "capability",
                "resolve": "resolve",
                "protection": "protection",
            }
        },
    )
