"""Let the patron spread attention, answer crises, act against clients and take stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import mesa

from papertiger.model import randomness
from papertiger.model.constants import help_weights
from papertiger.model.decisions import DELIVER, FREE, HELP, LAPSE, MEDIATION, NOTHING, WORDS, Decision
from papertiger.model.rules.choice import REALIGNED
from papertiger.model.rules.patronage import Plea

if TYPE_CHECKING:
    from papertiger.model.agents.client import Client
    from papertiger.model.agents.messages import Crisis
    from papertiger.model.agents.world import World
    from papertiger.model.setting import PatronSetting


class Act(NamedTuple):
    """An unfriendly act: the signal it sends, the decision that may give it, and the purpose of its draw."""

    signal: str
    decision: Decision
    purpose: int


COERCING = Act("coercion", Decision.COERCE, randomness.COERCION)
CLAIMING = Act("claim", Decision.CLAIM, randomness.CLAIM)
CRITICISING = Act("criticism", Decision.CRITICISE, randomness.CRITICISM)
COURTING = Act("courts_adversary", Decision.COURT, randomness.COURTING)


class Patron(mesa.Agent):  # type: ignore[misc]
    """The protector: a budget, a war's burden, attention to spread, trust in clients, and answers to crises."""

    model: World

    def __init__(self, model: World, index: int, setting: PatronSetting) -> None:
        super().__init__(model)
        self.index, self.setting, self.name = index, setting, setting.name
        self.income = 0.0
        self.budget = 1.0
        self.burden = 0.0
        self.pressure = 0.0
        self.lost_assets = 0.0
        self.succession_loss = 0.0
        self.credibility = 0.0
        self.attention = [0.0] * len(model.setting.clients)
        self.attention_war = self.attention_rival_track = 0.0
        self.even_attention = 1.0
        constants = model.constants
        count = len(model.setting.clients)
        self.trust_good = [constants.trust_prior_good] * count
        self.trust_bad = [constants.trust_prior_bad] * count

    @property
    def clients(self) -> list[Client]:
        """Its clients, in the scenario's order."""
        return [client for client in self.model.clients if client.setting.patron == self.index]

    @property
    def defected_share(self) -> float:
        """Share of its clients in the network at suspended or beyond."""
        present = [client for client in self.clients if client.in_network]
        return sum(client.defected for client in present) / len(present) if present else 0.0

    def trust(self, client: Client) -> float:
        """Return the mean of the patron's Beta belief that a client is true to it, 0 to 1."""
        return self.model.rules.belief_mean(self.trust_good[client.index], self.trust_bad[client.index])

    def take_income(self) -> None:
        """Take this month's income, burden and pressure, with last month's losses fed back."""
        world, setting = self.model.setting, self.setting
        constants, rules, month = self.model.constants, self.model.rules, self.model.month
        if month < setting.income_drawn_from:
            self.income = setting.income_known[month]
        else:
            key = world.first_month + month, setting.key, randomness.INCOME
            shock = randomness.normal(world.seed, world.run, *key)
            self.income = rules.next_income(self.income, setting.income_persistence, setting.income_noise, shock)
        self.succession_loss = 0.0
        for client in self.clients:
            if client.contested_months > 0.0 and client.in_network:
                self.succession_loss = constants.succession_cost
                client.contested_months = max(0.0, client.contested_months - 1.0)
        self.budget = rules.budget(self.income, self.lost_assets, constants.budget_feedback, self.succession_loss)
        self.burden = rules.burden(setting.war_burden[month], self.lost_assets, constants.burden_feedback)
        self.pressure = setting.sanctions[month] if setting.sanctions[month] >= 0.0 else self.burden

    def share_attention(self) -> None:
        """Share attention among the war, the track with the main rival and each client that has not realigned."""
        constants, rules = self.model.constants, self.model.rules
        focus = constants.attention_focus
        war = rules.attention_weight(focus, rules.war_value(constants.war_attention, self.burden))
        track = rules.attention_weight(focus, self.setting.rival_track[self.model.month])
        weights, total, count = {}, war + track, 0
        for client in self.clients:
            present = client.in_network and client.posture != REALIGNED
            weight = rules.attention_weight(focus, self._claimed_value(client)) if present else 0.0
            weights[client.index] = weight
            total += weight
            count += int(client.in_network)
        for index, weight in weights.items():
            self.attention[index] = weight / total
        self.attention_war, self.attention_rival_track = war / total, track / total
        self.even_attention = 1.0 / (count + 2)

    def _claimed_value(self, client: Client) -> float:
        """Return what a client is worth as a claim on attention: its value, unless another is given."""
        return self.model.decisions.attention.get((self.model.month, client.index), client.setting.value)

    def answer(self, crisis: Crisis) -> None:
        """Answer a crisis by rule: help that works or fails, words, or nothing."""
        world, constants, rules, client = self.model, self.model.constants, self.model.rules, crisis.client
        signal = world.setting.signal_index
        self._test_air_defence(crisis)
        if not client.asks_for_help():
            return
        response = client.given(Decision.RESPONSE)
        if response == FREE:
            response = self._choose_response(crisis)
        if response == HELP:
            works = rules.help_works_probability(
                constants.help_works, self.budget, self.burden, constants.help_distraction
            )
            if world.draw(client.key, randomness.HELP_WORKS) < works:
                client.post(signal["intervened"], crisis.intensity, crisis.cause)
            else:
                client.post(signal["help_failed"], crisis.intensity, crisis.cause)
                client.post(signal["help_tried"], crisis.intensity, crisis.cause)
            return
        refusals = {NOTHING: "abandoned", WORDS: "words_only", MEDIATION: "weak_response"}
        client.post(signal[refusals[response]], crisis.intensity, crisis.cause)
        client.complain()

    def _choose_response(self, crisis: Crisis) -> int:
        """Decide by rule whether to help, to send words, or to do nothing."""
        world, constants, client = self.model, self.model.constants, crisis.client
        plea = Plea(
            attention=self.attention[client.index],
            even_attention=self.even_attention,
            budget=self.budget,
            clash=crisis.clash * self.setting.rival_track[world.month],
            trust=self.trust(client),
        )
        helps = world.rules.help_probability(plea, help_weights(constants))
        if world.draw(client.key, randomness.HELP) < helps:
            return HELP
        abandons = world.draw(client.key, randomness.REFUSAL) < constants.abandonment_share
        return NOTHING if abandons else WORDS

    def _test_air_defence(self, crisis: Crisis) -> None:
        """Let an attack from the air test the air defence that the patron supplied."""
        client, constants = crisis.client, self.model.constants
        if not (client.setting.supplied_air_defence and crisis.from_air):
            return
        holds = self.model.rules.systems_hold_probability(
            constants.systems_hold, constants.support_loss, client.missing_support
        )
        held = self.model.draw(client.key, randomness.AIR_DEFENCE) < holds
        name = "air_defence_held" if held else "air_defence_failed"
        client.post(self.model.setting.signal_index[name], crisis.intensity, crisis.cause)

    def deal_with(self, client: Client) -> None:
        """Decide whether to coerce, claim, criticise, court the adversary, or let support lapse or flow."""
        world, constants, rules = self.model, self.model.constants, self.model.rules
        setting, outlook = client.setting, client.outlook
        track = self.setting.rival_track[world.month]
        coercion = rules.coercion_hazard(
            constants.coercion_rate, outlook.exposure, client.posture, constants.coercion_growth
        )
        claim = rules.claim_hazard(constants.claim_rate, setting.border, self.burden)
        criticism = rules.criticism_hazard(constants.criticism_rate, track, setting.clash)
        courting = rules.courting_hazard(constants.courting_rate, setting.worth)
        self._act(client, COERCING, coercion)
        self._act(client, CLAIMING, claim)
        self._act(client, CRITICISING, criticism)
        self._act(client, COURTING, courting)
        if setting.supplied_air_defence:
            self._maintain(client)

    def _act(self, client: Client, act: Act, hazard: float) -> None:
        """Decide on one unfriendly act towards a client."""
        world = self.model
        does = client.given(act.decision)
        if does == FREE:
            does = int(hazard > 0.0 and world.draw(client.key, act.purpose) < hazard)
        if does:
            cause = f"{act.signal} {client.name} {world.month_name}"
            client.post(world.setting.signal_index[act.signal], world.constants.act_intensity, cause)

    def _maintain(self, client: Client) -> None:
        """Let technical support lapse, or deliver it."""
        world = self.model
        support = client.given(Decision.SUPPORT)
        if support == FREE:
            support = self._choose_support(client)
        if support == LAPSE:
            cause = f"support lapses {client.name} {world.month_name}"
            client.post(world.setting.signal_index["support_missing"], world.constants.support_intensity, cause)
        elif support == DELIVER:
            cause = f"support delivered {client.name} {world.month_name}"
            client.post(world.setting.signal_index["support_delivered"], world.constants.support_intensity, cause)

    def _choose_support(self, client: Client) -> int:
        """Decide by rule: the war lets support lapse, capacity to spare lets it flow."""
        world, constants, rules = self.model, self.model.constants, self.model.rules
        lapse = rules.support_lapse_hazard(constants.support_lapse, self.burden)
        if world.draw(client.key, randomness.SUPPORT_LAPSE) < lapse:
            return LAPSE
        delivery = rules.support_delivery_hazard(
            constants.support_delivery, self.budget, self.attention[client.index], self.even_attention
        )
        return DELIVER if world.draw(client.key, randomness.SUPPORT_DELIVERY) < delivery else NOTHING

    def take_stock(self) -> None:
        """Update trust in clients, the share of assets lost and the credibility that clients grant."""
        constants, rules = self.model.constants, self.model.rules
        value_sum = weighted = 0.0
        for client in self.clients:
            i = client.index
            self.trust_good[i] = (
                rules.forget(self.trust_good[i], constants.trust_prior_good, constants.trust_forgetting)
                + client.trust_good
            )
            self.trust_bad[i] = (
                rules.forget(self.trust_bad[i], constants.trust_prior_bad, constants.trust_forgetting)
                + client.trust_bad
            )
            if client.in_network and client.posture != REALIGNED:
                value_sum += client.setting.value
                weighted += client.setting.value * client.protection
        self.credibility = weighted / value_sum if value_sum > 0.0 else 0.0
        self.lost_assets = self._share_of_assets_lost()

    def _share_of_assets_lost(self) -> float:
        """Return the share of all assets that defected or contested clients hold."""
        total = lost = 0.0
        first = sum(len(patron.setting.asset_names) for patron in self.model.patrons[: self.index])
        for asset, path in enumerate(self.setting.asset_values, start=first):
            value = path[self.model.month]
            total += value
            for client in self.clients:
                if client.in_network and (client.defected or client.contested_months > 0.0):
                    lost += value * client.setting.assets[asset]
        return min(1.0, lost / total) if total > 0.0 else 0.0
