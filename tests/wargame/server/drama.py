"""A drama: a game through its pages, with everything in it that somebody must not learn, from lobby to review."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from papertiger.scenarios import Scenario
from papertiger.scenarios.schema.game import Game, GameSeats, SeatBrief
from papertiger.scenarios.schema.values import Words
from papertiger.wargame.log.records import STEPS
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.setup import game_of
from papertiger.wargame.server.pages.forms import clients_of
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.debrief import steps_of
from tests.wargame.server.stage import Stage
from tests.wargame.server.visitors import Visitor

UNDONE, BRANCHED, LAST = 2, 2, 4
"""The turn that is taken back, the one that a branch begins with, and the last one."""

type Reveals = tuple[tuple[str, int], ...]
TO_THE_LAST: Reveals = tuple((step, LAST) for step in STEPS)
BIT_BY_BIT: Reveals = (*((step, 1) for step in STEPS), *TO_THE_LAST)


class Drama:
    """Plays a game to its review and says at each moment what has just happened.

    Parameters
    ----------
    stage
        Where.
    teams
        Names of the seats at which somebody sits; the rules play the others.
    reveals
        What is revealed in the review, step by step, each up to a turn.
    """

    debriefs = False
    """Whether the facilitator leads the class through the debrief."""

    def __init__(self, stage: Stage, teams: tuple[str, ...], reveals: Reveals = TO_THE_LAST) -> None:
        self.stage, self.teams, self.reveals = stage, teams, reveals
        self.cast: dict[str, Visitor] = {}
        self.staff: Visitor

    def word(self, who: str, what: str, turn: int = 0) -> str:
        """Return the text of something that is somebody's own."""
        return f"{who} {what} {turn}"

    @property
    def others(self) -> dict[str, Visitor]:
        """Everybody but the facilitator."""
        return {name: visitor for name, visitor in self.cast.items() if visitor is not self.staff}

    def moments(self) -> Iterator[str]:
        """Play, and yield after everything that may have shown somebody something."""
        yield self._join()
        for turn in range(1, UNDONE + 1):
            yield from self._turn(turn)
        self.give_all(UNDONE + 1)
        yield "what will be undone is given"
        self.staff_sends("/room/undo", turn=str(UNDONE))
        self.undone(UNDONE)
        yield "undone"
        for turn in range(UNDONE, LAST):
            yield from self._turn(turn)
        name = self.word("facilitator", "branch")
        self.staff_sends("/room/branch", turn=str(BRANCHED), name=name, luck="other", play="yes")
        yield "branched"
        self.staff_sends("/room/activate", branch=str(len(self.stage.session.game.branches) - 1))
        self.branched(BRANCHED)
        yield "in the branch"
        self.hand_over(self.teams[0])
        yield "handed over"
        yield from self._turn(LAST)
        self.staff_sends("/room/end")
        yield "over"
        for seat in self.teams:
            self.answer(seat)
        yield "answered"
        if self.debriefs:
            for number in range(1, len(steps_of(self.stage.session)) + 1):
                self.staff_sends("/room/debrief", step=str(number))
                yield f"debrief {number}"
        for step, until in self.reveals:
            self.staff_sends("/room/reveal", step=step, turn=str(until))
            yield f"revealed {step} until {until}"

    def undone(self, turn: int) -> None:
        """Take note that a turn was taken back."""

    def branched(self, turn: int) -> None:
        """Take note that everybody is in a branch that began with a turn."""

    # Scenes

    def answer(self, seat: str) -> None:
        self.send(seat, "/desk/answer", question="0", text=self.word(seat, "answer"))

    def _join(self) -> str:
        stage = self.stage
        self.staff = self.cast["facilitator"] = stage.facilitator("facilitator")
        for seat in self.teams:
            self.cast[seat] = stage.team(seat, self.word(seat, "holder"))
        self.cast |= {
            "observer": stage.observer("observer"),
            "guest": stage.guest(who="guest"),
            "stranger": stage.stranger("stranger"),
        }
        self.cast["stranger"].get("/")
        stage.listen()
        self.inject()
        self.staff_sends("/room/timer", do="start", minutes="90")
        return "joined"

    def inject(self) -> None:
        """Let things be planned that do not come in this game."""
        game = self.stage.session.game
        client, rival = next(iter(game.scenario.clients)), next(iter(game.scenario.rivals))
        said = {"kind": "offer", "client": client, "rival": rival, "intensity": "1"}
        seen = {"when": "beyond", "posture": "realigned", "news": self.word("facilitator", "condition")}
        later = {"when": "month", "month": game.month(game.schedule.last), "news": self.word("facilitator", "later")}
        for when in (seen, later):
            self.staff_sends("/room/inject", **said, **when)

    def hand_over(self, seat: str) -> None:
        """Let somebody else take a seat over with a pass; whoever sat there is out."""
        self.staff_sends("/room/pass", seat=seat)
        heir = self.stage.stranger(f"heir of {seat}")
        code, name = self.stage.auth.pass_for(seat), self.word(seat, "holder")
        answer = heir.send("/join", code=code, name=name, language="en")
        assert answer.headers["location"] == "/desk", answer.text
        self.cast["former"], self.cast[seat] = self.cast[seat], heir
        self.stage.listen()

    def _turn(self, turn: int) -> Iterator[str]:
        self.give_all(turn)
        for seat in self.teams:
            self.keep(seat)
        self.staff_sends("/room/message", to=self.teams[0], text=self.word("facilitator", "message", turn))
        yield f"given {turn}"
        for seat in self.teams:
            self.send(seat, "/desk/ready", turn=str(turn), ready="yes")
        self.staff_sends("/room/resolve", turn=str(turn))
        yield f"resolved {turn}"

    def give_all(self, turn: int) -> None:
        """Let every team keep drafts, give its orders and write letters."""
        for number, seat in enumerate(self.teams):
            self.give(seat, turn, self.teams[number - 1])

    def give(self, seat: str, turn: int, friend: str) -> None:
        """Let one team do so."""
        self.order(seat, turn, "draft", "thought")
        self.order(seat, turn, "orders", "why")
        self.order(seat, turn, "draft", "draft")
        self.write(seat, turn, friend)

    def keep(self, seat: str) -> None:
        """Let a team have a pass made for its seat, for tomorrow."""
        self.send(seat, "/desk/pass")

    def write(self, seat: str, turn: int, friend: str) -> None:
        self.send(seat, "/desk/message", to=friend, text=self.word(seat, "letter", turn))
        self.send(seat, "/desk/message", to="facilitator", text=self.word(seat, "request", turn))
        self.propose(seat, turn, friend)

    def propose(self, seat: str, turn: int, friend: str) -> None:
        """Let a team propose two things to another one, and withdraw the first."""
        for what in ("first word", "proposal"):
            answer = self.send(seat, "/desk/propose", turn=str(turn), to=friend, text=self.word(seat, what, turn))
            assert "done=" in answer.headers.get("location", ""), answer.text
        names = [
            entry.name
            for thread in self.stage.session.view(seats.parse(seat)).threads
            if thread.other == friend
            for entry in thread.entries
            if entry.name and entry.sender == seat
        ]
        self.send(seat, "/desk/reply", turn=str(turn), deal=f"withdrawn {names[-2]} {friend}")

    def order(self, seat: str, turn: int, how: str, what: str) -> None:
        fields = {"as": how, "turn": str(turn)} | self.fields(seat, turn, what)
        answer = self.send(seat, "/desk/orders", **fields)
        assert "done=" in answer.headers.get("location", ""), answer.text

    def fields(self, seat: str, turn: int, what: str) -> dict[str, str]:
        """Return orders that any seat of the kind can give, with reasons, and what the team expects."""
        view, why = self.stage.session.view(seats.parse(seat)), self.word(seat, what, turn)
        names = clients_of(view)
        told = {"ask1": "crisis", "client1": view.public.clients[0].client, "chance1": "37", "until1": str(turn)}
        match view.kind:
            case seats.CLIENT:
                assert isinstance(view.desk, ClientDesk)
                told |= {"posture": view.desk.posture, "posture.why": why, "ask": "yes", "ask.why": why}
                if view.desk.posture == "hedging":
                    rival = next(iter(self.stage.session.game.scenario.rivals))
                    told |= {"hedge": f"covert:{rival}", "hedge.why": self.word(seat, f"{what}/covert", turn)}
            case seats.PATRON:
                told |= {f"points/{names[0]}": "3", "attention.why": why, f"criticise/{names[-1]}": "yes"}
                told |= {f"why/{names[-1]}": why}
            case seats.RIVAL:
                told |= {f"offer/{names[0]}": "no", f"refused/{names[0]}": "keep", f"why/{names[0]}": why}
            case seats.ADVERSARY if names:
                told |= {f"press/{names[0]}": "1", f"why/{names[0]}": why}
        return told

    def send(self, who: str, path: str, **fields: str) -> Any:
        answer = self.cast[who].send(path, **fields)
        assert answer.status_code in (303, 422, 409), answer.text
        self.stage.later()
        return answer

    def staff_sends(self, path: str, **fields: str) -> None:
        answer = self.send("facilitator", path, **fields)
        assert answer.status_code == 303, answer.text


def marked(scenario: Scenario, mark: Any) -> Scenario:
    """Return a scenario in which every text that is not for everybody carries a mark of its own."""
    game, numbers = game_of(scenario), count()

    def words(said: Words, who: str, what: str) -> Words:
        made = mark(who, what)
        return Words(en=f"{said.en} {made}", de=f"{said.text('de')} {made}")

    def brief(seat: str, said: SeatBrief | None) -> SeatBrief | None:
        if said is None:
            return None
        goals = {
            name: goal.model_copy(update={"text": words(goal.text, seat, "goal"), "why": mark(seat, "goal/why")})
            for name, goal in said.objectives.items()
        }
        return SeatBrief(briefing=words(said.briefing, seat, "briefing"), objectives=goals)

    def named(kind: str, briefs: dict[str, SeatBrief]) -> dict[str, Any]:
        return {name: brief(f"{kind}:{name}", said) for name, said in briefs.items()}

    offered = game.seats
    script = {
        name: inject.model_copy(update={"why": mark("facilitator", f"script {next(numbers)}")})
        for name, inject in game.injects.items()
    }
    update = {
        "seats": GameSeats(
            patron=brief("patron", offered.patron),
            clients=named("client", offered.clients),
            rivals=named("rival", offered.rivals),
            adversaries=named("adversary", offered.adversaries),
        ),
        "injects": script,
        "why": mark("facilitator", "game"),
    }
    made: Game = game.model_copy(update=update)
    events = {
        name: event.model_copy(update={"what": mark("facilitator", f"event {next(numbers)}")})
        for name, event in scenario.events.items()
    }
    return scenario.model_copy(update={"game": made, "events": events})
