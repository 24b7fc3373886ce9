"""Tell a turning point: what teams planned, what they knew at the time, what came, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.rules.orders import Hedge, Posture
from papertiger.wargame.views.causes import why_moved
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.debrief_facts import Scene, Sentence, sentence
from papertiger.wargame.views.news import texts, weight_of
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.review import view_then
from papertiger.wargame.views.score import came, is_played

if TYPE_CHECKING:
    from papertiger.wargame.rules.orders import Order
    from papertiger.wargame.rules.questions import Question
    from papertiger.wargame.views.causes import Cause
    from papertiger.wargame.views.seats import SeatView

MAX_NEWS, MAX_ORDERS, MAX_CAUSES, MAX_EXPECTED = 2, 3, 3, 2
MAX_QUOTE = 160
LEAST = 0.005
"""What a term of the choice must weigh for a sentence to name it."""


def plan(scene: Scene) -> list[Sentence]:
    """Say what the client's team was to reach, and what each seat ordered about the client, with its reason."""
    said = [*_goal(scene)]
    idle: list[str] = []
    by_rule: list[str] = []
    for seat in scene.involved:
        given, orders = scene.given(seat), _open_orders(scene, seat)
        if given is not None and orders:
            why = _quote(next((order.why for order in orders if order.why), ""))
            name = "plan_staff" if given.by != str(seat) else "plan_because" if why else "plan_ordered"
            said.append(sentence(name, seat=str(seat), orders=tuple(plain(order) for order in orders), quote=why))
        elif scene.orders(seat):
            continue  # of contacts under cover alone, whose step comes later
        elif is_played(scene.snapshot, seat):
            idle.append(str(seat))
        else:
            by_rule.append(str(seat))
    if idle:
        said.append(sentence("plan_open", seats=tuple(idle), client=scene.point.client))
    if by_rule:
        said.append(sentence("plan_rules", seats=tuple(by_rule)))
    return said or [sentence("plan_nobody", client=scene.point.client)]


def _open_orders(scene: Scene, seat: seats.Seat) -> tuple[Order, ...]:
    """Return a seat's orders about the client, without contacts under cover: these are told among the secrets."""
    orders = [one for one in scene.orders(seat) if not (isinstance(one, Hedge) and one.covert)]
    return tuple(orders[:MAX_ORDERS])


def _goal(scene: Scene) -> list[Sentence]:
    seat = scene.own_seat
    brief = seats.brief_of(scene.snapshot.game.game, seat) if seat is not None else None
    if brief is None or not brief.objectives:
        return []
    goal = max(brief.objectives.values(), key=lambda one: one.weight)
    return [sentence("plan_goal", seat=str(seat), goal=texts(goal.text))]


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1].rstrip() + "…"


def view(scene: Scene) -> list[Sentence]:
    """Say what was known and expected as the turn was closed: nothing of what came."""
    turn, client = scene.point.turn, scene.point.client
    said = []
    own = scene.own_seat
    if own is not None:
        desk = view_then(scene.session, own, turn).desk
        assert isinstance(desk, ClientDesk)
        said.append(
            sentence(
                "view_trust",
                client=client,
                capability=desk.capability,
                resolve=desk.resolve,
                protection=desk.protection,
            )
        )
    if seats.THE_PATRON in scene.snapshot.game.seats:
        said += _heard(view_then(scene.session, seats.THE_PATRON, turn), client)
    everybody = view_then(scene.session, seats.THE_OBSERVER, turn)
    about = [item for item in everybody.public.coming if client in item.clients]
    said += [sentence("view_coming", news=item) for item in about[:MAX_NEWS]]
    # In a branch that was played out after the end nobody read anything.
    if not about and everybody.phase != "over":
        said.append(sentence("view_quiet", client=client))
    asked = _asked(scene)
    said += [
        sentence("view_expected", seat=seat, chance=one.probability, question=plain(one), turn=one.turn)
        for seat, one in asked
    ]
    return said if asked else [*said, sentence("view_unexpected", client=client, turn=turn)]


def _heard(patron: SeatView, client: str) -> list[Sentence]:
    """Say what the patron had heard of the client's belief, which is never quite what the client believed."""
    return [
        sentence("view_heard", client=client, heard=one.capability * one.resolve)
        for one in patron.intelligence
        if one.client == client
    ]


def _asked(scene: Scene) -> list[tuple[str, Question]]:
    """Return what teams expected of the client in the turn's sheets."""
    asked = []
    for (turn, name), given in sorted(scene.snapshot.line.sheets.items()):
        if turn == scene.point.turn:
            about = [one for one in given.sheet.questions if getattr(one, "client", "") == scene.point.client]
            asked += [(name, one) for one in about]
    return asked[:MAX_EXPECTED]


def outcome(scene: Scene) -> list[Sentence]:
    """Say where the client went, what was in the news about it, and what became of what had been expected."""
    point, snapshot = scene.point, scene.snapshot
    name = "moved" if point.rungs else "stayed"
    said = [sentence(name, turn=point.turn, client=point.client, before=point.before, after=point.after)]
    months = {snapshot.setting.months[month] for month in snapshot.game.schedule.months(point.turn)}
    about = [item for item in snapshot.news if item.month in months and point.client in item.clients]
    about = [item for item in about if item.kind != "posture"]
    weighty = sorted(about, key=lambda item: -weight_of(item))[:MAX_NEWS]
    said += [sentence("news", month=item.month, news=item) for item in about if item in weighty]
    said.append(
        sentence(
            "turn_trust",
            turn=point.turn,
            was=snapshot.before(point.turn).credibility,
            now=snapshot.turn_months(point.turn)[-1].credibility,
        )
    )
    for seat, one in _asked(scene):
        truth = came(one, snapshot)
        name = "outcome_open" if truth is None else "outcome_came" if truth else "outcome_not"
        said.append(sentence(name, seat=seat, chance=one.probability, question=plain(one), turn=one.turn))
    return said


def why(scene: Scene) -> list[Sentence]:
    """Say what moved the client's belief most, and who or what moved the client."""
    turn, was, now = scene.point.turn, scene.before, scene.after
    said = [sentence("why_total", client=scene.point.client, turn=turn, was=was.protection, now=now.protection)]
    rows = [row for row in why_moved(scene.snapshot, scene.place, turn) if _points(row)]
    rows.sort(key=lambda row: -abs(row.protection))
    said += [
        sentence("why_up" if row.protection > 0 else "why_down", cause=row, count=_points(row))
        for row in rows[:MAX_CAUSES]
    ]
    if not rows:
        said.append(sentence("why_nothing", client=scene.point.client))
    # What is left of the change as printed, so that a class that adds up what stands there comes out right.
    printed = sum(_points(row) * (1 if row.protection > 0 else -1) for row in rows[:MAX_CAUSES])
    rest = round(100 * now.protection) - round(100 * was.protection) - printed
    if rest:
        said.append(sentence("why_rest_up" if rest > 0 else "why_rest_down", count=abs(rest)))
    return [*said, _mover(scene)]


def _points(row: Cause) -> int:
    """Return by how many points of a hundred a cause moved the belief in protection."""
    return round(100 * abs(row.protection))


def _mover(scene: Scene) -> Sentence:
    """Say what decided the posture: the team's order, a new regime, or the rule, with the term that weighed most."""
    client = scene.point.client
    ordered = posture_ordered(scene)
    if ordered:
        return sentence("why_ordered", client=client, posture=ordered)
    if scene.before.regime != scene.after.regime:
        return sentence("why_successor", client=client)
    term = _term(scene)
    if term is None:
        return sentence("why_rule", client=client)
    return sentence("why_term", client=client, after=scene.point.after, before=scene.point.before, term=term)


def posture_ordered(scene: Scene) -> str:
    """Return the posture that the client's team ordered in the turn; blank if it left it to the rules."""
    own = scene.own_seat
    given = scene.given(own) if own is not None else None
    for order in given.sheet.orders if given is not None else ():
        if isinstance(order, Posture):
            return order.posture
        if isinstance(order, Hedge) and not order.covert:
            return "hedging"
    return ""


def _term(scene: Scene) -> str | None:
    """Return what spoke most for the new posture and against the old one as the turn began, by the rule of choice."""
    own = scene.own_seat
    if own is None or not scene.point.rungs:
        return None
    desk = view_then(scene.session, own, scene.point.turn).desk
    assert isinstance(desk, ClientDesk)
    terms = {rung.posture: dict(rung.terms) for rung in desk.rungs}
    if scene.point.after not in terms or scene.point.before not in terms:
        return None
    new, old = terms[scene.point.after], terms[scene.point.before]
    name = max(new, key=lambda one: new[one] - old[one])
    return name if new[name] - old[name] > LEAST else None
