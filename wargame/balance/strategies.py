"""Name strategies of each kind of seat: plain rules of thumb that a team could follow, from what everyone can see.

Each strategy decides in every turn by the same thought and orders only what a seat may. What it does not order is
left to the rules. None of them reads a belief or another's secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from papertiger.model.rules.choice import DISTANCING, HEDGING, LOYAL, REALIGNED
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.objections import reachable
from papertiger.wargame.rules.orders import Act, Ask, Complain, Offers, Order, Posture, Press, Respond
from papertiger.wargame.rules.prices import points_of, prices_of
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL, brief_of
from papertiger.wargame.views.measures import answered, offered

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.game import Game
    from papertiger.wargame.engine.months import MonthState
    from papertiger.wargame.rules.orders import Standing
    from papertiger.wargame.rules.seats import Seat

type Answer = Literal["nothing", "words", "mediation", "help"]


@dataclass(frozen=True)
class Situation:
    """What a team has before it when it decides.

    Attributes
    ----------
    game, setting, seat
        What is played, and by whom.
    turn, turns
        The turn that is open, and how many there are.
    standing, now
        Where everybody stands.
    past
        The months of the last turn; none in the first.
    """

    game: Game
    setting: Setting
    seat: Seat
    turn: int
    turns: int
    standing: Standing
    now: MonthState
    past: tuple[MonthState, ...]

    def place(self, client: str) -> int:
        """Return the index of a client."""
        return [own.name for own in self.setting.clients].index(client)

    def posture(self, client: str) -> int:
        """Return where a client stands."""
        return self.standing.postures[self.place(client)]

    def helped(self, client: str) -> bool | None:
        """Tell whether the patron tried to help a client in the last turn; ``None`` if it had no crisis."""
        crises = answered(self.past, self.place(client))
        return any(tried for *_, tried in crises) if crises else None

    @property
    def points(self) -> int:
        """What the seat can spend."""
        return points_of(self.seat, self.game, self.standing)

    def affordable(self, price: str, wanted: Iterable[str]) -> list[str]:
        """Return as many of the clients wanted as the points are enough for, in their order."""
        each = prices_of(self.game).get(price, 0)
        names = list(wanted)
        return names if not each else names[: self.points // each]

    @property
    def targets(self) -> tuple[str, ...]:
        """Clients in the network that the seat's orders are about, as `targets_of` has them."""
        named = targets_of(self.game, self.setting, self.seat)
        return tuple(name for name in named if self.standing.present[self.place(name)])


def targets_of(game: Game, setting: Setting, seat: Seat) -> tuple[str, ...]:
    """Return the clients that a seat's orders are about: those of its objectives first, then others that are played.

    A client's are about itself, a rival's about those of its objectives, an adversary's about whom it threatens.
    """
    if seat.kind == CLIENT:
        return (seat.name,)
    brief = brief_of(game, seat)
    named = [one.client for one in brief.objectives.values() if one.client] if brief is not None else []
    played = list(game.seats.clients)
    if seat.kind == ADVERSARY:
        foes = {client.name: client.adversary for client in setting.clients}
        played = [name for name in played if foes[name] == seat.name]
    wanted = dict.fromkeys(name for name in (*named, *played) if name in played)
    return tuple(name for name in wanted if seat.kind != RIVAL or name in named)


@dataclass(frozen=True)
class Strategy:
    """A rule of thumb.

    Attributes
    ----------
    name
        In a word or two.
    does
        What it does, as a sentence says it.
    orders
        Returns the orders of a turn.
    """

    name: str
    does: str
    orders: Callable[[Situation], list[Order]]


# The patron


def _answers(given: Mapping[str, Answer]) -> list[Order]:
    return [Respond(client=name, answer=answer) for name, answer in given.items()]


def _help(now: Situation, wanted: Iterable[str], rest: Answer) -> list[Order]:
    helped = now.affordable("help", wanted)
    return _answers({name: "help" if name in helped else rest for name in now.targets})


def _help_all(now: Situation) -> list[Order]:
    return _help(now, now.targets, "words")


def _help_first(now: Situation) -> list[Order]:
    return _help(now, now.targets[:1], "nothing")


def _words(now: Situation) -> list[Order]:
    return _answers(dict.fromkeys(now.targets, "words"))


def _nothing(now: Situation) -> list[Order]:
    return _answers(dict.fromkeys(now.targets, "nothing"))


def _mediate(now: Situation) -> list[Order]:
    served = now.affordable("mediation", now.targets)
    return _answers({name: "mediation" if name in served else "words" for name in now.targets})


def _once(now: Situation) -> list[Order]:
    return _help_all(now) if now.turn == 1 else _words(now)


def _punish(now: Situation) -> list[Order]:
    strayed = now.affordable("coerce", [name for name in now.targets if now.posture(name) > LOYAL])
    return [*_words(now), *(Act(do="coerce", client=name) for name in strayed)]


# A client


def _towards(now: Situation, goal: int) -> Posture:
    """Return the reachable rung that is nearest to a goal."""
    i = now.place(now.seat.name)
    free = any(now.standing.falling[i : i + 1])
    rungs = reachable(i, now.standing.postures[i], now.setting, free=free)
    return Posture(posture=POSTURES[min(rungs, key=lambda rung: (abs(rung - goal), rung))])


def _calls(now: Situation, asks: bool, complains: bool = False) -> list[Order]:
    able = bool(now.affordable("ask", ["ask"]))
    left = now.points - (prices_of(now.game).get("ask", 0) if asks and able else 0)
    loud = complains and left >= prices_of(now.game).get("complain", 0)
    return [Ask(ask=asks and able), Complain(complain=loud)]


def _loyal(now: Situation) -> list[Order]:
    return [_towards(now, LOYAL), *_calls(now, asks=True)]


def _silent(now: Situation) -> list[Order]:
    return [_towards(now, LOYAL), *_calls(now, asks=False)]


def _hedge(now: Situation) -> list[Order]:
    return [_towards(now, HEDGING), *_calls(now, asks=True, complains=True)]


def _between(now: Situation) -> list[Order]:
    return [_towards(now, DISTANCING), *_calls(now, asks=False)]


def _leave(now: Situation) -> list[Order]:
    return [_towards(now, REALIGNED), *_calls(now, asks=False)]


def _repay(now: Situation) -> list[Order]:
    step = {True: -1, False: 1, None: 0}[now.helped(now.seat.name)]
    return [_towards(now, now.posture(now.seat.name) + step), *_calls(now, asks=True)]


def _bargain(now: Situation) -> list[Order]:
    i = now.place(now.seat.name)
    better = offered(now.setting, now.now, i) >= 0.5
    return [_towards(now, REALIGNED if better else HEDGING), *_calls(now, asks=not better)]


# A rival


def _offers(now: Situation, wanted: Iterable[str]) -> list[Order]:
    raised = now.affordable("raise", wanted)
    return [Offers(client=name, act=name in raised, if_refused="keep") for name in now.targets]


def _woo_first(now: Situation) -> list[Order]:
    return _offers(now, now.targets[:1])


def _woo_all(now: Situation) -> list[Order]:
    return _offers(now, now.targets)


def _woo_none(now: Situation) -> list[Order]:
    return _offers(now, ())


def _woo_movers(now: Situation) -> list[Order]:
    return _offers(now, [name for name in now.targets if now.posture(name) >= HEDGING])


def _woo_early(now: Situation) -> list[Order]:
    return _offers(now, now.targets if 2 * now.turn <= now.turns + 1 else ())


def _woo_left_alone(now: Situation) -> list[Order]:
    return _offers(now, [name for name in now.targets if now.helped(name) is False])


# An adversary


def _press(now: Situation, force: Mapping[str, int]) -> list[Order]:
    each, left = prices_of(now.game)["press"], now.points
    orders: list[Order] = []
    for name in now.targets:
        wanted = force.get(name, 0)
        given = min(wanted, left // each) if each else wanted
        left -= given * each
        orders.append(Press(client=name, intensity=given))
    return orders


def _hit(now: Situation) -> list[Order]:
    return _press(now, dict.fromkeys(now.targets[:1], 3))


def _spread(now: Situation) -> list[Order]:
    if len(now.targets) > 1:
        return _press(now, dict.fromkeys(now.targets, 1))
    return _press(now, dict.fromkeys(now.targets, 0 if now.turn % 2 else 3))


def _salami(now: Situation) -> list[Order]:
    return _press(now, dict.fromkeys(now.targets[:1], 1))


def _hold(now: Situation) -> list[Order]:
    return _press(now, {})


def _probe(now: Situation) -> list[Order]:
    """Press on while no help comes; an answer stops it for a turn."""
    return _press(now, {name: 0 if now.helped(name) else 3 if now.past else 1 for name in now.targets[:1]})


def _bully(now: Situation) -> list[Order]:
    """Press those who stand by the patron, and leave alone who leaves it."""
    return _press(now, {name: 2 for name in now.targets if now.posture(name) <= HEDGING})


STRATEGIES: dict[str, tuple[Strategy, ...]] = {
    PATRON: (
        Strategy("help all", "promises help to as many as it has points for, and words to the rest", _help_all),
        Strategy("help one", "promises help to the first, and nothing to the rest", _help_first),
        Strategy("words", "has words for everybody", _words),
        Strategy("nothing", "does nothing for anybody", _nothing),
        Strategy("mediate", "mediates for as many as it has points for", _mediate),
        Strategy("help once", "promises help in the first turn, and has words for everybody from then on", _once),
        Strategy("punish", "has words for all, and coerces who is no longer loyal", _punish),
    ),
    CLIENT: (
        Strategy("loyal, asks", "stays loyal, and calls the patron in a crisis", _loyal),
        Strategy("loyal, silent", "stays loyal, and never calls", _silent),
        Strategy("hedge", "hedges, calls, and complains when it is refused", _hedge),
        Strategy("between", "goes to distancing and stays there, and never calls", _between),
        Strategy("leave", "goes over to the other side, a rung a turn", _leave),
        Strategy("repay", "calls; comes a rung closer when it was helped, and goes one away when it was not", _repay),
        Strategy("bargain", "hedges and calls, and goes over when a rival has raised its offer twice", _bargain),
    ),
    RIVAL: (
        Strategy("woo one", "raises its offer to the first, every turn", _woo_first),
        Strategy("woo all", "raises its offer to as many as it has points for, every turn", _woo_all),
        Strategy("no offer", "never raises an offer", _woo_none),
        Strategy("woo movers", "raises its offer to those who stand at hedging or beyond", _woo_movers),
        Strategy("woo early", "raises its offers in the first half, and then waits", _woo_early),
        Strategy("woo the left", "raises its offer to those whom the patron has just left alone", _woo_left_alone),
    ),
    ADVERSARY: (
        Strategy("hit", "presses the first as hard as it can, every turn", _hit),
        Strategy("spread", "presses everybody lightly, or a single one hard in every second turn", _spread),
        Strategy("salami", "presses the first lightly, every turn", _salami),
        Strategy("hold back", "presses nobody", _hold),
        Strategy("probe", "presses harder while nobody helps, and stops for a turn when somebody does", _probe),
        Strategy("bully", "presses those who stand by the patron, and leaves alone who has moved away", _bully),
    ),
}
"""At least six strategies of each kind of seat."""
