"""Lay out the map of the wall: who stands where, and who did what to whom, from what everyone knows.

The map is cut out so that the patron and the clients that teams play fill it. Whoever stands outside is drawn at its
edge. A world that no map shows is drawn as a circle around the patron. Units are those of the drawing: a text of 28
is what can be read from ten metres when the wall is 1920 wide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, hypot, pi, radians, sin
from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL, Seat
from papertiger.wargame.views.news import CRISES, weight_of
from papertiger.wargame.views.world import boxes, middle_of, outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from papertiger.scenarios import Scenario
    from papertiger.scenarios.schema.values import Named
    from papertiger.wargame.views.news import NewsItem
    from papertiger.wargame.views.seats import PublicView

WIDTH, HEIGHT = 1360.0, 740.0
TEXT = 28.0
EDGE, APART = 44.0, 62.0
"""How far a mark stays from the edge, and two marks from each other."""

LETTERS = (16.5, 19.0)
"""How wide a letter of a name is at most, plain and bold: a name that leaves the drawing is cut."""

MANY, CROWDED = 10, 92.0
"""From how many seats on the names need more room, and how far marks then stay from each other."""

ATTACK, HOSTILE, HELP, FAILED, OFFER = "attack", "hostile", "help", "failed", "offer"
"""Kinds of arrows."""

HOSTILE_ACTS = ("coercion", "claim", "sanctions", "criticism", "disengagement")
HELPFUL_ACTS = ("intervened", "support_delivered", "arms_or_aid", "treaty_signed")
MAX_STEPS = 14
TOLD = 5.0
"""Weight from which on a piece of news is a step of the film."""


@dataclass(frozen=True)
class Mark:
    """Somebody on the map; ``was`` is the posture before the last turn, ``step`` when the film shows the change."""

    seat: str
    name: str
    x: float
    y: float
    posture: str = ""
    was: str = ""
    seated: bool = False
    away: bool = False
    step: int = 0
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "middle"
    labelled: bool = False

    @property
    def kind(self) -> str:
        """Kind of its seat."""
        return self.seat.partition(":")[0]


@dataclass(frozen=True)
class Arrow:
    """Something that one did to another; ``step`` is its place in the film, 0 for what is to come."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float
    step: int


@dataclass(frozen=True)
class Land:
    """The country of the patron or of a client, with its posture."""

    path: str
    posture: str = ""
    patron: bool = False


@dataclass(frozen=True)
class WarMap:
    """All that the map shows.

    Attributes
    ----------
    land, transform
        Countries of the network in tenths of a degree, and what brings the world into the drawing; blank without
        a map.
    marks, ties
        Everybody, and the clients that are still bound to the patron.
    arrows, bursts
        What was done, and the clients that are in a crisis, with the step.
    spots
        Whom each step of the film is about.
    steps
        The news that the film goes through.
    """

    land: tuple[Land, ...]
    transform: str
    marks: tuple[Mark, ...]
    ties: tuple[tuple[Mark, Mark], ...]
    arrows: tuple[Arrow, ...]
    bursts: tuple[tuple[Mark, int], ...]
    spots: tuple[tuple[Mark, int], ...]
    steps: tuple[NewsItem, ...]


def war_map(
    public: PublicView,
    scenario: Scenario,
    taken: Iterable[str],
    last: Sequence[NewsItem],
    coming: Sequence[NewsItem],
    months: int,
    called: Callable[[str], str],
) -> WarMap:
    """Return the map of a moment.

    Parameters
    ----------
    public, scenario
        What everyone knows, and the names and places in it.
    taken
        Seats that the game offers: their states are in play, the others are the background.
    last, coming
        News of the last turn, and of the turn that is open.
    months
        How many months the last turn had; 0 before the first.
    called
        What people call a seat's state.
    """
    offered = tuple(taken)
    in_play = frozenset(seats.parse(seat).name for seat in offered)
    acting = {item.author for item in (*last, *coming)} | {str(Seat(RIVAL, item.rival)) for item in last}
    marks = _standing(public, scenario, offered, months, called)
    wanted = [mark for mark in marks if mark.kind in (PATRON, CLIENT) or mark.seat in offered or mark.seat in acting]
    standing, transform, window = _placed(wanted, scenario)
    steps = _steps(last, in_play, {seats.parse(mark.seat).name for mark in standing if mark.kind == CLIENT})
    told = {name for item in (*steps, *coming) for name in item.clients}
    changed = {item.client: step for step, item in enumerate(steps, start=1) if item.kind == "posture"}
    placed = tuple(
        replace(mark, step=changed.get(seats.parse(mark.seat).name, 0)) for mark in _labelled(_spread(standing), told)
    )
    by_seat = {mark.seat: mark for mark in placed}
    arrows: list[Arrow] = []
    bursts: list[tuple[Mark, int]] = []
    spots: list[tuple[Mark, int]] = []
    for step, item in [*enumerate(steps, start=1), *((0, item) for item in coming)]:
        arrows += _arrows(item, step, by_seat)
        about = [by_seat[seat] for name in item.clients if (seat := str(Seat(CLIENT, name))) in by_seat]
        spots += [(mark, step) for mark in about if step]
        bursts += [(mark, step) for mark in about if item.kind in CRISES]
    patron = by_seat[str(Seat(PATRON))]
    ties = tuple((patron, mark) for mark in placed if mark.kind == CLIENT and mark.posture in BOUND)
    land = _land(window, public, scenario) if window else ()
    return WarMap(land, transform, placed, ties, tuple(arrows), tuple(bursts), tuple(spots), steps)


BOUND = ("loyal", "hedging", "distancing")


def _steps(last: Sequence[NewsItem], in_play: frozenset[str], shown: set[str]) -> tuple[NewsItem, ...]:
    """Return the news that the film goes through: what the map can show, and of that what weighs something."""
    visible = [item for item in last if not item.clients or shown & set(item.clients)]
    weighty = [item for item in visible if weight_of(item, in_play) >= TOLD]
    return tuple(weighty or visible)[-MAX_STEPS:]


def _standing(
    public: PublicView,
    scenario: Scenario,
    offered: tuple[str, ...],
    months: int,
    called: Callable[[str], str],
) -> list[Mark]:
    patron = Seat(PATRON)
    marks = [Mark(str(patron), called(str(patron)), 0.0, 0.0, seated=True)]
    for client in public.clients:
        if client.in_network:
            seat = str(Seat(CLIENT, client.client))
            was = client.path[max(0, len(client.path) - 1 - months)]
            marks.append(
                Mark(
                    seat,
                    called(seat),
                    0.0,
                    0.0,
                    client.posture,
                    was if was != client.posture else "",
                    seat in offered,
                )
            )
    others = [Seat(RIVAL, name) for name in scenario.rivals] + [
        Seat(ADVERSARY, name) for name in scenario.adversaries
    ]
    return marks + [Mark(str(seat), called(str(seat)), 0.0, 0.0, seated=str(seat) in offered) for seat in others]


def _actor(seat: str, scenario: Scenario) -> tuple[str, Named | None]:
    parsed = seats.parse(seat)
    actors: Mapping[str, Mapping[str, Named]] = {
        CLIENT: scenario.clients,
        RIVAL: scenario.rivals,
        ADVERSARY: scenario.adversaries,
    }
    if parsed.kind == PATRON:
        return scenario.patron.name, scenario.patron
    return parsed.name, actors[parsed.kind].get(parsed.name)


def _place(seat: str, scenario: Scenario) -> tuple[float, float] | None:
    """Return latitude and longitude: the file's, or the middle of the country of that name."""
    name, actor = _actor(seat, scenario)
    if actor is not None and actor.place is not None:
        return actor.place.latitude, actor.place.longitude
    return middle_of(name) or (middle_of(actor.called(name)) if actor is not None else None)


type Window = tuple[float, float, float, float]


def _placed(marks: list[Mark], scenario: Scenario) -> tuple[list[Mark], str, Window | None]:
    """Return everybody in the drawing, and how the map comes into it; without a map, a circle."""
    places = {mark.seat: _place(mark.seat, scenario) for mark in marks}
    core = [places[mark.seat] for mark in marks if mark.kind == PATRON or (mark.kind == CLIENT and mark.seated)]
    if len(core) < 2 or any(place is None for place in core):
        return _circle(marks), "", None
    known = [place for place in core if place is not None]
    south, north = min(p[0] for p in known), max(p[0] for p in known)
    west, east = min(p[1] for p in known), max(p[1] for p in known)
    squeeze = cos(radians((south + north) / 2))
    room = max((east - west) * squeeze / (WIDTH - 6 * EDGE), (north - south) / (HEIGHT - 4 * EDGE), 0.012)
    scale = 1.0 / room  # of the drawing for a degree of latitude
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def drawn(place: tuple[float, float]) -> tuple[float, float]:
        return WIDTH / 2 + (place[1] - middle_x) * squeeze * scale, HEIGHT / 2 - (place[0] - middle_y) * scale

    out = []
    for mark in marks:
        place = places[mark.seat]
        if place is None:
            continue
        x, y = drawn(place)
        inside = (
            min(WIDTH - EDGE, max(EDGE, x)),
            min(HEIGHT - EDGE, max(EDGE, y)),
        )
        away = hypot(inside[0] - x, inside[1] - y) > 1.0
        if away and not mark.seated:
            continue  # the background beyond the edge
        name = mark.name
        if away:  # where it lies, beyond the edge
            name = f"{name} →" if x > WIDTH else f"← {name}" if x < 0 else name
        out.append(replace(mark, name=name, x=inside[0], y=inside[1], away=away))
    zero_x, zero_y = drawn((0.0, 0.0))
    transform = f"translate({zero_x:.1f} {zero_y:.1f}) scale({squeeze * scale / 10:.4f} {scale / 10:.4f})"
    half_x, half_y = WIDTH / 2 / scale / squeeze, HEIGHT / 2 / scale
    return out, transform, (middle_x - half_x, middle_x + half_x, middle_y - half_y, middle_y + half_y)


def _circle(marks: list[Mark]) -> list[Mark]:
    """Return everybody without a map: clients around the patron, other powers at the sides."""
    clients = [mark for mark in marks if mark.kind == CLIENT]
    sides = [mark for mark in marks if mark.kind in (RIVAL, ADVERSARY)]
    out = [replace(mark, x=WIDTH / 2, y=HEIGHT / 2) for mark in marks if mark.kind == PATRON]
    for i, mark in enumerate(clients):
        turn = 2 * pi * i / len(clients) - pi / 2
        out.append(replace(mark, x=WIDTH / 2 + 0.3 * WIDTH * cos(turn), y=HEIGHT / 2 + 0.37 * HEIGHT * sin(turn)))
    for i, mark in enumerate(sides):
        row, rows = i // 2, (len(sides) + 1) // 2
        out.append(replace(mark, x=EDGE + (WIDTH - 2 * EDGE) * (i % 2), y=HEIGHT * (row + 1) / (rows + 1), away=True))
    return out


def _land(window: Window, public: PublicView, scenario: Scenario) -> tuple[Land, ...]:
    """Return the patron's country and the clients' that the window shows; the picture beneath has all of them."""
    west, east, south, north = window
    postures: dict[str, str] = {}
    for client in public.clients:
        if client.in_network:
            called = scenario.clients[client.client].called(client.client)
            postures |= dict.fromkeys((client.client, called), client.posture)
    patron = {scenario.patron.name, scenario.patron.called(scenario.patron.name)}
    shown = []
    for name, path in outlines().items():
        left, right, low, high = boxes()[name]
        named = name in patron or name in postures
        if named and left < east and right > west and low < north and high > south:
            shown.append(Land(path, postures.get(name, ""), name in patron))
    return tuple(shown)


def _spread(marks: list[Mark]) -> list[Mark]:
    """Push marks apart that would cover each other; what is at the edge stays within the drawing."""
    at = [[mark.x, mark.y] for mark in marks]
    apart = APART if sum(mark.seated for mark in marks) <= MANY else CROWDED
    for _ in range(60):
        moved = False
        for i, one in enumerate(at):
            for j in range(i):
                other = at[j]
                dx, dy = one[0] - other[0], one[1] - other[1]
                gap = hypot(dx, dy)
                wanted = apart if marks[i].seated and marks[j].seated else APART * 0.6
                if gap < wanted:
                    dx, dy = (dx / gap, dy / gap) if gap > 0.01 else (cos(i), sin(i))
                    push = (wanted - gap) / 2 + 0.1
                    one[0], one[1] = one[0] + dx * push, one[1] + dy * push
                    other[0], other[1] = other[0] - dx * push, other[1] - dy * push
                    moved = True
        for place in at:
            place[0] = min(WIDTH - EDGE, max(EDGE, place[0]))
            place[1] = min(HEIGHT - EDGE, max(EDGE, place[1]))
        if not moved:
            break
    return [replace(mark, x=round(x, 1), y=round(y, 1)) for mark, (x, y) in zip(marks, at, strict=True)]


type Box = tuple[float, float, float, float]


def _labelled(marks: list[Mark], told: set[str]) -> tuple[Mark, ...]:
    """Return marks with their names where they cover least; the background has names only when it is in the news."""
    taken: list[Box] = [(mark.x - 20, mark.y - 20, mark.x + 20, mark.y + 20) for mark in marks]
    out: dict[str, Mark] = {}
    for mark in sorted(marks, key=lambda one: (one.kind != PATRON, not one.seated)):
        name = seats.parse(mark.seat).name
        if not (mark.seated or name in told or mark.kind in (RIVAL, ADVERSARY)):
            out[mark.seat] = mark
            continue
        wide = LETTERS[mark.kind == PATRON or mark.seated] * len(mark.name)
        reach = 46.0 if mark.kind == PATRON else 30.0
        choices = (
            (mark.x + reach, mark.y + 10, "start"),
            (mark.x - reach, mark.y + 10, "end"),
            (mark.x, mark.y - reach, "middle"),
            (mark.x, mark.y + reach + 20, "middle"),
            (mark.x + 20, mark.y - reach, "start"),
            (mark.x - 20, mark.y - reach, "end"),
            (mark.x + 20, mark.y + reach + 20, "start"),
            (mark.x - 20, mark.y + reach + 20, "end"),
            (mark.x, mark.y - reach - 26, "middle"),
            (mark.x, mark.y + reach + 46, "middle"),
        )
        x, y, anchor = min(choices, key=lambda choice: _cost(_box_of(choice, wide), taken))
        taken.append(_box_of((x, y, anchor), wide))
        out[mark.seat] = replace(mark, label_x=round(x, 1), label_y=round(y, 1), anchor=anchor, labelled=True)
    return tuple(out[mark.seat] for mark in marks)


def _box_of(choice: tuple[float, float, str], wide: float) -> Box:
    x, y, anchor = choice
    left = x - (0.0 if anchor == "start" else wide if anchor == "end" else wide / 2)
    return left, y - TEXT, left + wide, y + 6


def _cost(box: Box, taken: list[Box]) -> float:
    """Return how much of others a name would cover, and how far it would stand out of the drawing."""
    cost = 0.0
    for other in taken:
        over_x = min(box[2], other[2]) - max(box[0], other[0])
        over_y = min(box[3], other[3]) - max(box[1], other[1])
        if over_x > 0 and over_y > 0:
            cost += over_x * over_y
    outside = max(0.0, 4 - box[0]) + max(0.0, box[2] - WIDTH + 4) + max(0.0, 4 - box[1]) + max(0.0, box[3] - HEIGHT)
    return cost + 1000.0 * outside


def _arrows(item: NewsItem, step: int, by_seat: Mapping[str, Mark]) -> list[Arrow]:
    """Return what an item of news shows between two on the map."""
    patron, drawn = str(Seat(PATRON)), []
    for name in item.clients:
        client = str(Seat(CLIENT, name))
        pairs = []
        if item.kind in CRISES and item.author:
            pairs.append((ATTACK, item.author, client))
        if "intervened" in item.outcome or item.kind in HELPFUL_ACTS:
            pairs.append((HELP, patron, client))
        if "help_failed" in item.outcome or item.kind == "help_failed":
            pairs.append((FAILED, patron, client))
        if item.kind in HOSTILE_ACTS:
            pairs.append((HOSTILE, patron, client))
        if item.kind in ("offer", "rival_pledge"):
            pairs.append((OFFER, str(Seat(RIVAL, item.rival)), client))
        if item.kind in ("posture", "hedges_openly") and item.rival:
            pairs.append((OFFER, client, str(Seat(RIVAL, item.rival))))
        drawn += [
            _between(kind, by_seat[one], by_seat[other], step)
            for kind, one, other in pairs
            if one in by_seat and other in by_seat
        ]
    return drawn


def _between(kind: str, one: Mark, other: Mark, step: int) -> Arrow:
    """Return an arrow that begins and ends a little off the marks."""
    length = max(1.0, hypot(other.x - one.x, other.y - one.y))
    x, y = (other.x - one.x) / length, (other.y - one.y) / length
    start = min(24.0, length / 3)
    end = min(30.0, length / 3)
    return Arrow(
        kind,
        round(one.x + x * start, 1),
        round(one.y + y * start, 1),
        round(other.x - x * end, 1),
        round(other.y - y * end, 1),
        step,
    )
