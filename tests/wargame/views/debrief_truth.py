"""Say what the log and the model say of a game, without the debrief's own code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.months import ClientMonth, MonthState
from papertiger.wargame.engine.replay import Replay
from papertiger.wargame.log.branch import SubmittedSheet
from papertiger.wargame.session import Session
from papertiger.wargame.views.debrief import Step
from papertiger.wargame.views.debrief_facts import Scene, TurningPoint
from papertiger.wargame.views.debrief_what_if import change_of, sheet_with
from papertiger.wargame.views.plain import plain
from tests.wargame.games import (
    FACILITATOR,
)


@dataclass
class Truth:
    """What the log and the model say, worked out without the debrief's own code."""

    session: Session
    step: Step

    @property
    def point(self) -> TurningPoint:
        assert self.step.point is not None
        return self.step.point

    @cached_property
    def names(self) -> list[str]:
        return list(self.session.game.scenario.clients)

    @cached_property
    def replay(self) -> Replay:
        return self.session.replay()

    @property
    def resolved(self) -> int:
        return self.session.game.branch.resolved

    def months(self, turn: int) -> list[MonthState]:
        schedule = self.session.game.schedule
        return [self.replay.months[month - schedule.first] for month in schedule.months(turn)]

    def labels(self, turn: int) -> list[str]:
        return [self.session.game.month(month) for month in self.session.game.schedule.months(turn)]

    def end(self, turn: int) -> MonthState:
        start: MonthState = self.replay.start
        return self.months(turn)[-1] if turn else start

    def client(self, turn: int, name: str) -> ClientMonth:
        return self.end(turn).clients[self.names.index(name)]

    def posture(self, turn: int, name: str) -> str:
        return POSTURES[self.client(turn, name).posture]

    def given(self, seat: str, turn: int | None = None) -> SubmittedSheet | None:
        return self.session.game.branch.sheets.get((self.point.turn if turn is None else turn, seat))

    def orders(self, seat: str) -> list[dict[str, Any]]:
        given = self.given(seat)
        return [plain(order) for order in given.sheet.orders] if given is not None else []

    @property
    def moves(self) -> list[tuple[int, str, str, str]]:
        found = []
        for turn in range(1, self.resolved + 1):
            for name in self.names:
                was, now = self.client(turn - 1, name), self.client(turn, name)
                if was.present and now.present and was.posture != now.posture:
                    found.append((turn, name, POSTURES[was.posture], POSTURES[now.posture]))
        return found

    def plays(self, seat: str) -> bool:
        gave = any(who == seat and turn <= self.resolved for turn, who in self.session.game.branch.sheets)
        return gave or seat in self.session.game.holders

    def is_about(self, order: dict[str, Any], seat: str) -> bool:
        if seat == f"client:{self.point.client}":
            return True
        return self.point.client in (order.get("client"), *(k for k, v in order.get("shares", {}).items() if v))

    def came(self, question: dict[str, Any]) -> bool | None:
        assert question["ask"] == "crisis"
        if question["turn"] > self.resolved:
            return None
        place = self.names.index(question["client"])
        return any(crisis.client == place for month in self.months(question["turn"]) for crisis in month.crises)

    @cached_property
    def settled(self) -> list[tuple[str, float]]:
        """Each forecast that is settled, with its seat and score."""
        found = []
        for (turn, seat), given in sorted(self.session.game.branch.sheets.items()):
            for one in given.sheet.questions if turn <= self.resolved else ():
                truth = self.came(plain(one))
                if truth is not None:
                    found.append((seat, (one.probability - truth) ** 2))
        return found

    @cached_property
    def other(self) -> Replay:
        """The game with the changed order, played once more in a branch of its own."""
        scene = Scene(self.session, self.session.snapshot(), self.point)
        changed = change_of(scene)
        assert changed is not None
        number = self.session.branch_off("what if", self.point.turn)
        while self.session.game.branches[number].turn < self.point.turn:
            self.session.resolve(self.session.game.branches[number].turn, branch=number)
        self.session.submit(sheet_with(scene, *changed), by=FACILITATOR, branch=number)
        return self.session.play_out(number, self.resolved)

    def other_end(self, turn: int) -> MonthState:
        schedule = self.session.game.schedule
        return self.other.months[schedule.months(turn)[-1] - schedule.first]

    @property
    def contacts(self) -> set[tuple[str, str, str]]:
        """Each client, power and month of contacts under cover."""
        rivals = list(self.session.game.scenario.rivals)
        return {
            (name, rivals[client.covert_rival], self.session.game.month(month.index))
            for month in (self.replay.start, *self.replay.months)
            for name, client in zip(self.names, month.clients, strict=True)
            if client.covert_rival >= 0
        }
