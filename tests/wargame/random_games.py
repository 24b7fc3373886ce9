"""Games at random: steps of all kinds, most of them possible, each of which can be taken again as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, get_args

from papertiger.scenarios.errors import ScenarioError
from papertiger.wargame.engine.replay import Replay
from papertiger.wargame.log import records
from papertiger.wargame.log.branch import Receipt
from papertiger.wargame.log.state import GameError
from papertiger.wargame.rules.conditions import PostureReached, ShareReached
from papertiger.wargame.rules.objections import OrderError
from papertiger.wargame.rules.pledges import DEEDS, Pledge
from papertiger.wargame.rules.seats import CLIENT, RIVAL, Seat, parse
from papertiger.wargame.session import Session
from papertiger.wargame.talking import Reply
from papertiger.wargame.views.client_desk import ClientDesk
from tests.wargame.games import CLIENTS, FACILITATOR, FOE, OPEN, PATRON, TEAMS, sheet

LUCKS: tuple[Literal["same", "other"], ...] = ("same", "other")


REFUSALS = (GameError, OrderError, ScenarioError)


@dataclass(frozen=True)
class Step:
    """Something that somebody does, with a key where a form has one."""

    name: str
    act: Callable[[Session], Any]

    def take(self, session: Session) -> str:
        """Do it, and return what came back: an answer, or why it was refused."""
        try:
            came = self.act(session)
        except REFUSALS as error:
            return f"refused: {error}"
        if isinstance(came, Receipt):  # asked once more, orders stand in their own place
            return f"{came.seat} {came.turn} {came.at}"
        return came.digest if isinstance(came, Replay) else str(came)


class Author:
    """Writes a game as it goes on: what comes next hangs on where the game stands."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.random = session, Random(seed)
        self.steps: list[Step] = []
        self.said: list[str] = []

    def write(self, length: int) -> None:
        """Take so many steps."""
        kinds = {
            self.order: 8,
            self.resolve: 6,
            self.draft: 2,
            self.withdraw: 1,
            self.ready: 2,
            self.message: 2,
            self.propose: 2,
            self.reply: 2,
            self.read: 1,
            self.publish: 1,
            self.inject: 3,
            self.recall: 1,
            self.undo: 2,
            self.branch: 2,
            self.activate: 1,
            self.close: 1,
            self.reopen: 1,
            self.timer: 1,
            self.claim: 2,
            self.release: 1,
            self.answer: 1,
            self.reveal: 1,
            self.end: 0.3,
            self.again: 2,
        }
        for _ in range(length):
            (kind,) = self.random.choices(list(kinds), list(kinds.values()))
            step = kind()
            self.steps.append(step)
            self.said.append(step.take(self.session))

    # What there is

    @property
    def key(self) -> str:
        return f"form {len(self.steps)}"

    @property
    def turn(self) -> int:
        """The open turn, or rarely another one."""
        turn = self.session.game.branch.turn
        return turn if self.random.random() < 0.9 else max(1, turn + self.random.choice((-1, 1)))

    @property
    def seat(self) -> Seat:
        return self.random.choice(TEAMS)

    # What can be done

    def order(self) -> Step:
        seat, turn, key = self.seat, self.turn, self.key
        given = sheet(seat, turn, *self._orders(seat), expects=self._expects(turn))
        by = FACILITATOR if self.random.random() < 0.1 else None
        return Step(f"order {seat}", lambda session: session.submit(given, by=by, key=key))

    def _orders(self, seat: Seat) -> list[dict[str, Any]]:
        pick, client = self.random.choice, self.random.choice(CLIENTS)
        why = {"why": f"because of {self.random.random()}"}
        if seat.kind == CLIENT:
            desk = self.session.view(seat).desk
            assert isinstance(desk, ClientDesk)
            postures = [*desk.reachable, "realigned"]
            said: list[dict[str, Any]] = [{"do": "posture", "posture": pick(postures)}, {"do": "ask", "ask": True}]
            if desk.posture == "hedging":
                said.append({"do": "hedge", "towards": pick(("West", "East", None))})
                said[0]["posture"] = "hedging"
        elif seat == PATRON:
            said = [
                {"do": "attention", "shares": {client: 3, "Open": 1}},
                {"do": "respond", "client": client, "answer": pick(("help", "words", "nothing"))},
                {"do": pick(("claim", "court", "criticise", "coerce")), "client": client},
            ]
        elif seat.kind == RIVAL:
            said = [{"do": "offer", "client": client, "if_refused": pick(("keep", "withdraw", None))}]
            if self.random.random() < 0.3:
                said = [{"do": "withdraw", "client": client}]
        else:
            said = [{"do": "press", "client": pick(CLIENTS[:3]), "intensity": pick((0, 1, 2, 3))}]
        return [one | why for one in self.random.sample(said, self.random.randint(0, len(said)))]

    def _expects(self, turn: int) -> list[dict[str, Any]]:
        if self.random.random() < 0.7:
            return []
        client, chance = self.random.choice(CLIENTS), round(self.random.random(), 2)
        return [{"ask": "crisis", "client": client, "turn": turn, "probability": chance}]

    def withdraw(self) -> Step:
        seat, turn, key = self.seat, self.turn, self.key
        return Step(f"withdraw {seat}", lambda session: session.withdraw(seat, turn, key=key))

    def draft(self) -> Step:
        seat, turn, key, text = self.seat, self.turn, self.key, f"draft {self.random.random()}"
        return Step(f"draft {seat}", lambda session: session.draft(seat, turn, text, key=key))

    def ready(self) -> Step:
        seat, turn, key, ready = self.seat, self.turn, self.key, self.random.random() < 0.8
        return Step(f"ready {seat}", lambda session: session.ready(seat, turn, ready, key=key))

    def message(self) -> Step:
        seat, to, key = self.seat, (self.seat, FACILITATOR)[: self.random.randint(1, 2)], self.key
        return Step(f"message {seat}", lambda session: session.message(seat, to, f"dear {to[0]}", key=key))

    def propose(self) -> Step:
        seat, to, turn, key = self.seat, self.seat, self.turn, self.key
        gives = Pledge(do=self.random.choice(DEEDS[seat.kind]), client=OPEN, until=turn)
        if seat.kind == CLIENT:
            gives = Pledge(do="calm", until=turn)
        return Step(f"propose {seat}", lambda session: session.propose(seat, to, turn, gives=gives, key=key))

    def reply(self) -> Step:
        made = self.session.game.branch.proposals
        proposal, turn, key = (made[-1].seq if made else 1), self.turn, self.key
        seat = parse(self.random.choice(made[-1].parties)) if made else self.seat
        said = self.random.choice(get_args(Reply.__value__))
        return Step(f"reply {said} to {proposal}", lambda session: session.reply(seat, proposal, turn, said, key=key))

    def read(self) -> Step:
        seat, until, key = self.seat, self.session.game.seq, self.key
        return Step(f"read {seat}", lambda session: session.mark_read(seat, "facilitator", until, key=key))

    def publish(self) -> Step:
        seat, turn, key = self.seat, self.turn, self.key
        if self.random.random() < 0.2:
            return Step(f"take off {seat}", lambda session: session.take_off(seat, turn, key=key))
        return Step(f"publish {seat}", lambda session: session.publish(seat, turn, f"line {key}", key=key))

    def inject(self) -> Step:
        key, name, client = self.key, f"inject {self.random.randint(0, 9)}", self.random.choice(CLIENTS[:3])
        event = self.random.choice(
            (
                {"kind": "attack", "adversary": "Foe", "intensity": self.random.randint(1, 3)},
                {"kind": "offer", "rival": "East"},
                {"kind": "claim", "news": "bad"},
                {"kind": "regime_loss", "successor": {"continuity": 0.5}},
                {"kind": "new_situation", "situation": {"treaty": "defence_pact", "threat": 0.9}},
            )
        )
        fields = {**event, "client": client, "what": "It happens."}
        when = self.random.choice(
            (
                "now",
                "now",
                self.session.game.month(self.session.game.schedule.last - self.random.randint(0, 4)),
                ShareReached(share=self.random.choice((0.0, 0.5))),
                PostureReached(client=client, posture="distancing"),
            )
        )
        return Step(
            f"inject {name}", lambda session: session.inject(name, fields, when=when, news="Read this.", key=key)
        )

    def recall(self) -> Step:
        key, name = self.key, self.random.choice([*self.session.game.branch.injects, "nothing"])
        return Step(f"recall {name}", lambda session: session.recall(name, key=key))

    def resolve(self) -> Step:
        turn = self.turn
        return Step(f"resolve {turn}", lambda session: session.resolve(turn))

    def undo(self) -> Step:
        turn, key = max(1, self.turn - 1), self.key
        return Step(f"undo {turn}", lambda session: session.undo(turn, key=key))

    def branch(self) -> Step:
        turn, luck, key = (
            self.random.randint(1, self.session.game.branch.turn),
            self.random.choice(LUCKS),
            self.key,
        )
        until = self.session.game.branch.resolved if self.random.random() < 0.5 else 0

        def act(session: Session) -> int:
            number = session.branch_off(f"since {turn}", turn, luck=luck, key=key)
            session.play_out(number, until)
            return number

        return Step(f"branch {turn}", act)

    def activate(self) -> Step:
        branch, key = self.random.randrange(len(self.session.game.branches)), self.key
        return Step(f"activate {branch}", lambda session: session.activate(branch, key=key))

    def close(self) -> Step:
        turn, key = self.turn, self.key
        return Step(f"close {turn}", lambda session: session.close_turn(turn, key=key))

    def reopen(self) -> Step:
        turn, key = self.turn, self.key
        return Step(f"reopen {turn}", lambda session: session.reopen_turn(turn, key=key))

    def timer(self) -> Step:
        left, key = self.random.randint(0, 600), self.key
        return Step("timer", lambda session: session.time(left=left, until="2027-01-15T08:00:00+00:00", key=key))

    def claim(self) -> Step:
        seat, key = self.random.choice((self.seat, FOE)), self.key
        return Step(f"claim {seat}", lambda session: session.claim(seat, f"holder {key}", key=key))

    def release(self) -> Step:
        seat, key = self.seat, self.key
        return Step(f"release {seat}", lambda session: session.release(seat, key=key))

    def answer(self) -> Step:
        seat, key = self.seat, self.key
        return Step(f"answer {seat}", lambda session: session.answer(seat, 0, f"answer {key}", key=key))

    def reveal(self) -> Step:
        turn, key, step = max(1, self.turn - 1), self.key, self.random.choice(records.STEPS)
        return Step(f"reveal {step}", lambda session: session.reveal(step, turn, key=key))

    def end(self) -> Step:
        key = self.key
        return Step("end", lambda session: session.end(key=key))

    def again(self) -> Step:
        """Send something once more that was sent before, such as a form whose answer was lost."""
        sent = [step for step in self.steps if not step.name.startswith("resolve")]
        return self.random.choice(sent) if sent else self.end()
