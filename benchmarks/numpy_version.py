"""The straightforward alternative: the month in replay, written with NumPy over all runs at once.

It has the model's equations and its own draws, so its shares agree with the ensemble's only as two samples do. Each
array has the runs first (R x N clients x K rivals). It knows nothing of generative months, orders or checkpoints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from papertiger.model.ensemble.tables import ABANDONED, WAR_HOLDS, Tables
from papertiger.model.rules.choice import HEDGING, REALIGNED, SUSPENDED, last_posture
from papertiger.model.setting import (
    ATTACK,
    INVASION,
    LEADER_HEALTH,
    NEW_SITUATION,
    NOBODY,
    OFFER,
    OFFER_WITHDRAWN,
    REGIME_LOSS,
    SIGNAL,
)

type Array = Any
COMMITMENT = np.array([1.0, 0.75, 0.5, 0.25, 0.0])


@dataclass
class Posted:
    """A signal on a client's board, the same in every run."""

    intensity: float
    loading: float


class Replay:
    """Many runs of a replay, month by month.

    Parameters
    ----------
    tables
        What to run; every month must be replay.
    runs, seed
        How many runs, and the seed of NumPy's generator.
    """

    def __init__(self, tables: Tables, runs: int, seed: int) -> None:
        assert not tables.generative.any(), "this version knows replay only"
        self.tables, self.runs = tables, runs
        self.constants: Any = tables.constants.view(np.recarray)[0]
        self.own: Any = tables.clients.view(np.recarray)
        self.outlooks: Any = tables.outlooks.view(np.recarray)
        self.luck = np.random.default_rng(seed)
        c, clients, rivals = self.constants, len(tables.clients), tables.offer_keys.shape[1]
        self.outlook = np.arange(clients)
        self.posture = np.tile([client.posture for client in tables.setting.clients], (runs, 1))
        look: Any = self.outlooks[self.outlook]
        shape = (runs, clients)
        self.capability_good = np.broadcast_to(c.prior_strength * look.prior_capability, shape).copy()
        self.capability_bad = np.broadcast_to(c.prior_strength * (1 - look.prior_capability), shape).copy()
        self.resolve_good = np.broadcast_to(c.prior_strength * look.prior_resolve, shape).copy()
        self.resolve_bad = np.broadcast_to(c.prior_strength * (1 - look.prior_resolve), shape).copy()
        self.attack, self.health = np.zeros(clients), np.zeros(clients)
        self.waiting = np.zeros(clients)
        self.claim, self.contested = np.zeros(shape), np.zeros(shape)
        self.trust_good = np.full(shape, float(c.trust_prior_good))
        self.trust_bad = np.full(shape, float(c.trust_prior_bad))
        self.offers = np.zeros((runs, clients, rivals))
        self.covert = np.full(shape, NOBODY)
        self.income, self.lost = np.zeros(runs), np.zeros(runs)
        self.burden = self.pressure = np.zeros(runs)
        self.ties = np.tile(tables.base_ties[self.outlook], (runs, 1, 1, 1))
        self.anchor = self._anchor()
        self.first_attraction = self._attraction()
        self.counts = np.zeros((len(tables.generative), clients, 5), dtype="i8")

    def run(self) -> Array:
        """Run every month and return how many runs stood on each rung, T x N x 5."""
        for month in range(len(self.tables.generative)):
            self.step(month)
        return self.counts

    def step(self, month: int) -> None:
        """Run one month."""
        self.present = self.own.enters <= month
        self._begin(month)
        board = self._let_events_happen(month)
        self._settle(board)
        self._weigh(board)
        self._succeed()
        self._turn_ties()
        self._choose()
        self._take_stock(month)
        for rung in range(5):
            self.counts[month, self.present, rung] = (self.posture[:, self.present] == rung).sum(axis=0)

    def _begin(self, month: int) -> None:
        c, setting = self.constants, self.tables.setting
        self.attack *= c.attack_memory
        self.claim *= c.patron_threat_memory
        self.offers *= c.offer_memory
        if month < setting.patrons[0].income_drawn_from:
            self.income[:] = self.tables.income_known[0, month]
        else:
            shock = self.luck.standard_normal(self.runs)
            patron = setting.patrons[0]
            self.income = patron.income_persistence * self.income + patron.income_noise * shock
        loss = np.where((self.contested > 0).any(axis=1), c.succession_cost, 0.0)
        self.budget = np.exp(self.income) * (1 - c.budget_feedback * self.lost) * (1 - loss)
        self.burden = np.minimum(1.0, self.tables.war_burden[0, month] + c.burden_feedback * self.lost)
        known = self.tables.sanctions[0, month]
        self.pressure = np.full(self.runs, known) if known >= 0 else self.burden
        self.contested = np.maximum(0.0, self.contested - 1)
        self.triggered = np.zeros(self.posture.shape, dtype=bool)
        self.fallen = np.zeros(self.posture.shape, dtype=bool)
        self.continuity = np.zeros(len(self.own))
        self.new_attack, self.health = np.zeros(len(self.own)), np.zeros(len(self.own))
        self.successor = self.outlook.copy()
        self.situations: dict[int, int] = {}

    def _let_events_happen(self, month: int) -> list[dict[int, Posted]]:
        c, board = self.constants, [dict[int, Posted]() for _ in self.own]
        first, last = self.tables.event_starts[month : month + 2]
        happening: Any = self.tables.events[first:last].view(np.recarray)
        for event in happening:
            if event.kind == REGIME_LOSS and self.present[event.client]:
                self._fall(event.client, slice(None), event.outlook, event.continuity)
            elif event.kind == NEW_SITUATION and self.present[event.client]:
                self.situations[event.client] = event.outlook
        exposure = self.outlooks[self.outlook].exposure
        for event in happening:
            i = event.client
            if event.kind == INVASION:
                touched = self.present & (exposure > 0)
                self.claim += np.where(touched, c.invasion_threat * exposure, 0.0)
                self.triggered |= touched
            elif i == NOBODY or not self.present[i]:
                continue
            elif event.kind == ATTACK:
                self.attack[i] += c.attack_threat * event.intensity / 3
                self.triggered[:, i] = True
                self.new_attack[i] = max(self.new_attack[i], event.intensity)
            elif event.kind == OFFER:
                self.offers[:, i, event.rival] += c.offer_size * event.intensity / 3
                self.triggered[:, i] = True
            elif event.kind == OFFER_WITHDRAWN:
                left = self.offers[:, i, event.rival] - c.offer_size * event.intensity / 3
                self.offers[:, i, event.rival] = np.maximum(0.0, left)
            elif event.kind == LEADER_HEALTH:
                self.health[i] = max(self.health[i], event.intensity)
                self.triggered[:, i] = True
            elif event.kind == SIGNAL:
                known = board[i].get(event.signal)
                if known is None or event.intensity > known.intensity:
                    board[i][event.signal] = Posted(event.intensity, event.loading)
        self._face_successions()
        return board

    def _fall(self, i: int, runs: Any, successor: int, continuity: float) -> None:
        self.fallen[runs, i] = True
        self.successor[i], self.continuity[i] = successor, continuity
        self.claim[runs, i] = 0.0
        self.offers[runs, i] = 0.0

    def _face_successions(self) -> None:
        c = self.constants
        for i in np.flatnonzero(self.own.sub_state & self.present).tolist():
            hazard = min(1.0, c.succession_base + c.succession_health * self.health[i])
            due = self.luck.random(self.runs) < hazard
            self._fall(i, due, self.outlook[i], 0.0)
            contested = due & (self.luck.random(self.runs) < c.succession_contested)
            self.contested[contested, i] = c.succession_months

    def _settle(self, board: list[dict[int, Posted]]) -> None:
        response = self.tables.signals["response"]
        for i in np.flatnonzero(self.present).tolist():
            answered = any(response[signal] for signal in board[i])
            if self.waiting[i] > 0 and not answered:
                role = int(self.tables.roles[ABANDONED])
                known = board[i].get(role)
                if known is None or self.waiting[i] > known.intensity:
                    board[i][role] = Posted(self.waiting[i], np.nan)
            self.waiting[i] = 0.0 if answered else self.new_attack[i]

    def _weigh(self, board: list[dict[int, Posted]]) -> None:
        c, signals = self.constants, self.tables.signals.view(np.recarray)
        said: list[tuple[int, Array, bool, bool, Array, Array]] = []
        for i in np.flatnonzero(self.present).tolist():
            rows = []
            for index in sorted(board[i]):
                posted, signal = board[i][index], signals[index]
                size = np.full(self.runs, c.evidence_scale * signal.weight * posted.intensity / 2)
                loading = signal.loading if np.isnan(posted.loading) else posted.loading
                load = np.full(self.runs, loading)
                if signal.excusable:
                    size = size * (1.0 - c.hard_times_excuse * self.burden)
                    load = np.clip(load + c.blame_shift * self.burden, 0.0, 1.0)
                rows.append((int(signal.system), size, bool(signal.good), bool(signal.witnessed), load))
                if signal.patron_threat:
                    self.claim[:, i] += c.claim_threat * posted.intensity / 3
                if not signal.good:
                    self.triggered[:, i] = True
            within = {
                system: _within(sum(row[1] for row in rows if row[0] == system), c.system_cap * c.evidence_scale)
                for system in {row[0] for row in rows}
            }
            rows = [(system, size * within[system], *rest) for system, size, *rest in rows]
            factor = _within(sum(row[1] for row in rows), c.evidence_cap * c.evidence_scale)
            said += [
                (i, s * factor, good, seen, s * factor * p, s * factor * (1 - p)) for _, s, good, seen, p in rows
            ]
        here, look, forgetting, strength = self.present, self.outlooks[self.outlook], c.forgetting, c.prior_strength
        for counts, prior in (
            (self.capability_good, strength * look.prior_capability),
            (self.capability_bad, strength * (1 - look.prior_capability)),
            (self.resolve_good, strength * look.prior_resolve),
            (self.resolve_bad, strength * (1 - look.prior_resolve)),
        ):
            counts[:, here] = prior[here] + forgetting * (counts[:, here] - prior[here])
        for k, _, good, _, on_capability, on_resolve in said:
            self._learn(k, good, on_capability, on_resolve)
        war = signals[self.tables.roles[WAR_HOLDS]]
        size = (c.evidence_scale * war.weight * self.burden)[:, None]
        self.capability_bad[:, here] += c.bad_news_weight * size * war.loading
        self.resolve_bad[:, here] += c.bad_news_weight * size * (1 - war.loading)
        for i in np.flatnonzero(self.present).tolist():
            seen = [(c.witness_weight * self.tables.similarity[i, row[0]], row) for row in said if row[3]]
            factor = _within(sum(abs(share) * row[1] for share, row in seen), c.evidence_cap * c.evidence_scale)
            for share, (_, _, good, _, on_capability, on_resolve) in seen:
                if share != 0:
                    taken = abs(share) * factor
                    self._learn(i, good == (share > 0), taken * on_capability, taken * on_resolve)

    def _learn(self, i: int, good: bool, on_capability: Array, on_resolve: Array) -> None:
        weight = 1.0 if good else self.constants.bad_news_weight
        (self.capability_good if good else self.capability_bad)[:, i] += weight * on_capability
        (self.resolve_good if good else self.resolve_bad)[:, i] += weight * on_resolve

    def _succeed(self) -> None:
        for i, outlook in self.situations.items():
            self._take_over(i, slice(None), outlook, 1.0)
            if self.successor[i] == self.outlook[i]:
                self.successor[i] = outlook
            self.outlook[i] = outlook
        for i in np.flatnonzero(self.fallen.any(axis=0)).tolist():
            due = self.fallen[:, i]
            self._take_over(i, due, self.successor[i], self.continuity[i])
            self.anchor[due, i] = 0.0
            self.covert[due, i] = NOBODY
        self.outlook = self.successor

    def _take_over(self, i: int, runs: Any, outlook: int, continuity: float) -> None:
        strength = self.constants.prior_strength
        old, new = self.outlooks[self.outlook[i]], self.outlooks[outlook]
        for counts, before, after in (
            (self.capability_good, old.prior_capability, new.prior_capability),
            (self.capability_bad, 1 - old.prior_capability, 1 - new.prior_capability),
            (self.resolve_good, old.prior_resolve, new.prior_resolve),
            (self.resolve_bad, 1 - old.prior_resolve, 1 - new.prior_resolve),
        ):
            counts[runs, i] = strength * after + continuity * (counts[runs, i] - strength * before)

    def _attraction(self) -> Array:
        """Return what draws each client to its patron and to each rival, R x N x (1 + K), whatever its posture is."""
        c, look = self.constants, self.outlooks[self.outlook]
        protects = np.minimum(1.0, self.tables.base_protection[self.outlook] + self.offers / 2)
        pays = np.minimum(1.0, self.tables.base_economy[self.outlook] + self.offers)
        threat = np.minimum(1.0, look.threat + self.attack)
        value = threat[:, None] * protects + c.economy_weight * pays
        best = value.argmax(axis=2)[:, :, None]
        economy = np.where(np.take_along_axis(value, best, 2) > 0, np.take_along_axis(pays, best, 2), 0.0)[:, :, 0]
        own = threat * self._protection() - c.patron_threat_weight * np.minimum(1.0, self.claim)
        own = own - c.standing_cost * self.pressure[:, None] * economy
        return np.concatenate([own[:, :, None], value], axis=2)

    def _turn_ties(self) -> None:
        c, change = self.constants, self._attraction() - self.first_attraction
        shortfall = c.supply_burden * self.burden[:, None]
        for kind, rate in ((0, c.arms_tie_rate), (1, c.economy_tie_rate)):
            base = self.tables.base_ties[self.outlook][:, kind]
            moved = change.copy()
            if kind == 0:
                moved[:, :, 0] -= shortfall
            pull = np.concatenate([np.exp(moved / c.tie_noise), np.ones((*moved.shape[:2], 1))], axis=2) * base
            target = pull / pull.sum(axis=2, keepdims=True)
            step = rate * (target - self.ties[:, :, kind])
            self.ties[:, :, kind] += np.where(self.present[:, None], step, 0.0)

    def _dependence(self) -> Array:
        c = self.constants
        return c.arms_weight * self.ties[:, :, 0, 0] + (1 - c.arms_weight) * self.ties[:, :, 1, 0]

    def _bearings(self, burden: Array) -> tuple[Array, Array, Array, Array]:
        """Return the best option, its rival and its economy, and the fear of retaliation."""
        c, look = self.constants, self.outlooks[self.outlook]
        away = (1.0 + c.lock_in * (1.0 - COMMITMENT[self.posture]))[:, :, None]
        protects = np.minimum(
            1.0, (self.tables.base_protection[self.outlook] + c.offer_protection * self.offers) * away
        )
        pays = np.minimum(1.0, (self.tables.base_economy[self.outlook] + self.offers) * away)
        threat = np.minimum(1.0, look.threat + self.attack)
        value = threat[:, None] * protects + c.economy_weight * pays
        best = value.argmax(axis=2)
        option = np.take_along_axis(value, best[:, :, None], 2)[:, :, 0]
        economy = np.where(option > 0, np.take_along_axis(pays, best[:, :, None], 2)[:, :, 0], 0.0)
        capability = self.capability_good / (self.capability_good + self.capability_bad)
        fear = c.retaliation_fear * look.exposure * capability * (1 - c.fear_distraction * burden[:, None])
        return option, np.where(option > 0, best, NOBODY), economy, fear

    def _protection(self) -> Array:
        capability = self.capability_good / (self.capability_good + self.capability_bad)
        return capability * (self.resolve_good / (self.resolve_good + self.resolve_bad))

    def _anchor(self) -> Array:
        c, look, first = self.constants, self.outlooks[self.outlook], COMMITMENT[self.posture]
        option, _, _, fear = self._bearings(np.zeros(self.runs))
        inner = look.threat * self._protection() + c.economy_weight * self._dependence() - option
        value = 2 * c.autonomy_price * first - 2 * fear * (1 - first) - c.anchoring * inner
        value = np.where(first >= 1, np.maximum(0.0, value), value)
        return np.where(first <= 0, np.minimum(0.0, value), value)

    def _choose(self) -> None:
        c, look = self.constants, self.outlooks[self.outlook]
        option, best, economy, fear = self._bearings(self.burden)
        shape = self.posture.shape
        reviewed = self.triggered | self.fallen | (self.luck.random(shape) < c.review_rate)
        reviewed &= self.present
        threat = np.minimum(1.0, look.threat + self.attack)
        held, peers, dependence = self._protection(), self._peers(), self._dependence()
        away = 1.0 - COMMITMENT
        utility = np.empty((*shape, 5))
        for rung in range(5):
            value = COMMITMENT[rung] * (threat * held + c.economy_weight * dependence + self.anchor)
            value += away[rung] * option - c.autonomy_price * COMMITMENT[rung] ** 2
            value += c.patron_threat_weight * np.minimum(1.0, self.claim) * away[rung] - away[rung] ** 2 * fear
            value -= c.standing_cost * self.pressure[:, None] * economy * COMMITMENT[rung]
            value += c.contagion * peers * away[rung]
            cost = np.where(self.posture == rung, 0.0, c.switching_cost)
            if rung == REALIGNED:
                cost += np.where(self.posture == SUSPENDED, c.realignment_cost, 0.0)
            utility[:, :, rung] = value - np.where(self.fallen, 0.0, cost)
        utility[~self._within_reach()] = -np.inf
        noise = np.where(self.fallen, c.choice_noise * c.successor_noise, c.choice_noise)[:, :, None]
        weights = np.exp((utility - utility.max(axis=2, keepdims=True)) / noise)
        reached = weights.cumsum(axis=2)
        target = (self.luck.random(shape)[:, :, None] * reached[:, :, -1:] < reached).argmax(axis=2)
        before = self.posture
        self.posture = np.where(reviewed, target, before)
        stepped = (self.posture != before) & ~self.fallen
        self.trust_bad_now = np.where(stepped & (self.posture > before), c.step_trust_cost, 0.0)
        self.trust_good_now = np.where(stepped & (self.posture < before), c.step_trust_cost, 0.0)
        self._hedge_covertly(reviewed, best)

    def _within_reach(self) -> Array:
        rungs = np.arange(5)
        last = np.empty(self.posture.shape, dtype=int)
        for i, own in enumerate(self.own):
            by_posture = np.array([last_posture(posture, bool(own.sub_state)) for posture in range(5)])
            end = HEDGING if own.sub_state else REALIGNED
            last[:, i] = np.where(self.fallen[:, i], end, np.minimum(by_posture[self.posture[:, i]], 4))
        near = np.abs(rungs - self.posture[:, :, None]) <= 1
        return (near | self.fallen[:, :, None]) & (rungs <= last[:, :, None])

    def _peers(self) -> Array:
        if self.constants.contagion == 0:
            return np.zeros(self.posture.shape)
        near = self.tables.similarity[:, self.present]
        total = near.sum(axis=1)
        defected = (self.posture[:, self.present] >= SUSPENDED) @ near.T
        return np.where(total > 0, defected / np.where(total > 0, total, 1.0), 0.0)

    def _hedge_covertly(self, reviewed: Array, best: Array) -> None:
        c = self.constants
        talks = (self.posture == HEDGING) | ((self.posture < HEDGING) & (self.own.sub_state != 0))
        hedging = talks & self.present
        chance = np.minimum(1.0, c.covert_start * (1 + c.covert_health * self.health))
        self.covert[~hedging] = NOBODY
        already = hedging & (self.covert != NOBODY)
        starts = hedging & ~already & reviewed & (best != NOBODY) & (self.luck.random(hedging.shape) < chance)
        run, client = np.nonzero(already)
        self.offers[run, client, self.covert[run, client]] += c.covert_growth
        discovered = already & (self.luck.random(hedging.shape) < c.covert_discovery)
        self.covert[discovered] = NOBODY
        self.claim += np.where(discovered, c.claim_threat, 0.0)
        self.trust_bad_now += np.where(discovered, c.covert_trust_cost, 0.0)
        self.covert = np.where(starts, best, self.covert)

    def _take_stock(self, month: int) -> None:
        c, tables = self.constants, self.tables
        for counts, prior, news in (
            (self.trust_good, c.trust_prior_good, self.trust_good_now),
            (self.trust_bad, c.trust_prior_bad, self.trust_bad_now),
        ):
            counts[...] = prior + c.trust_forgetting * (counts - prior) + news
        lost = ((self.posture >= SUSPENDED) | (self.contested > 0)) & self.present
        worth = tables.assets @ tables.asset_values[:, month]
        total = tables.asset_totals[0, month]
        self.lost = np.minimum(1.0, lost @ worth / total) if total > 0 else np.zeros(self.runs)


def _within(total: Array, cap: float) -> Array:
    """Return by what evidence is scaled so that its sum stays within a cap."""
    return np.where(total <= cap, 1.0, cap / np.where(total > 0, total, 1.0))


def run_replay(tables: Tables, runs: int, seed: int, chunk: int = 4096) -> Array:
    """Run a replay in pieces that fit the processor's cache, and return the counts of postures."""
    counts = np.zeros((len(tables.generative), len(tables.clients), 5), dtype="i8")
    for number, first in enumerate(range(0, runs, chunk)):
        counts += Replay(tables, min(chunk, runs - first), seed + number).run()
    return counts
