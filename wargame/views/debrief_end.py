"""Tell what a class learns at the end: secrets, promises, forecasts, the fan, the objectives, what to take along."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.views.debrief_facts import Sentence, sentence
from papertiger.wargame.views.news import texts
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.promises import ACCEPTED, state_of, verdicts_of
from papertiger.wargame.views.review import placed, review_of
from papertiger.wargame.views.score import briers, is_played, score_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from papertiger.wargame.session import Session
    from papertiger.wargame.views.review import Scored
    from papertiger.wargame.views.snapshot import Snapshot

EVEN_GUESS = 0.25
"""Brier's score of whoever always says one half."""
LEAST = 0.005
"""By how much a score must differ from the even guess, since both are written with two digits."""
POINT = 0.01
"""Change of the patron's credibility up to which nothing is to be seen."""
FEW = 5
"""Forecasts below which how often such things came says nothing."""


def secrets(snapshot: Snapshot) -> list[Sentence]:
    """Say what was secret, in the order in which it came: contacts, what was found out, letters, beliefs."""
    dated = sorted(_contacts(snapshot), key=lambda one: one[0])
    said = [one for _, one in dated]
    if not said:
        said.append(sentence("secret_no_contacts"))
    teams = {str(seat) for seat in snapshot.game.seats}
    letters = [
        message
        for message in snapshot.line.messages
        if message.sender in teams and not {message.sender, *message.to} >= teams
        if message.turn <= snapshot.line.resolved
    ]
    if letters:
        said.append(sentence("secret_letters", count=len(letters)))
    beliefs = tuple(
        (own.name, client.protection)
        for own, client in zip(snapshot.setting.clients, snapshot.now.clients, strict=True)
        if client.present and seats.Seat(seats.CLIENT, own.name) in snapshot.game.seats
    )
    return [*said, sentence("secret_beliefs", beliefs=beliefs)] if beliefs else said


def has_contacts(snapshot: Snapshot) -> bool:
    """Tell whether anybody had secret contacts, or was found out."""
    return any(True for _ in _contacts(snapshot))


def _contacts(snapshot: Snapshot) -> Iterator[tuple[tuple[int, str, int], Sentence]]:
    months = (snapshot.replay.start, *snapshot.replay.months)
    for i, own in enumerate(snapshot.setting.clients):
        numbered = list(enumerate(months))
        for rival, span in groupby(numbered, key=lambda one: one[1].clients[i].covert_rival):
            within = [number for number, _ in span]
            if rival < 0:
                continue
            first, last = (snapshot.setting.months[months[number].index] for number in (within[0], within[-1]))
            name = "secret_contacts" if first != last else "secret_contact"
            said = sentence(
                name, client=own.name, rival=snapshot.setting.rivals[rival], from_month=first, to_month=last
            )
            yield (months[within[0]].index, own.name, 0), said
        for number, month in numbered:
            if snapshot.seen[number][i].found_out:
                when = snapshot.setting.months[month.index]
                yield (month.index, own.name, 1), sentence("secret_found", client=own.name, month=when)


def promises(snapshot: Snapshot) -> list[Sentence]:
    """Say of each promise that was agreed on whether it was kept, and how many came to nothing."""
    said = []
    open_ended: dict[str, int] = {}
    for one in snapshot.line.proposals:
        if one.turn > snapshot.line.resolved:
            continue
        state = state_of(one, snapshot)
        if state != ACCEPTED:
            open_ended[state] = open_ended.get(state, 0) + 1
            continue
        sides = zip(verdicts_of(one, snapshot), (one.body.gives, one.body.asks), one.parties, strict=True)
        for verdict, pledge, seat in sides:
            if verdict is not None and pledge is not None:
                other = next(party for party in one.parties if party != seat)
                said.append(
                    sentence(
                        f"promise_{verdict.state}",
                        seat=seat,
                        other=other,
                        pledge=plain(pledge),
                        turn=one.turn,
                        until=pledge.until,
                    )
                )
    if open_ended:
        counts = {state: open_ended.get(state, 0) for state in ("refused", "withdrawn", "lapsed")}
        said.append(sentence("promise_rest", **counts))
    return said


def count_forecasts(snapshot: Snapshot) -> int:
    """Return how many sentences there are about forecasts; none where nobody gave one that is settled."""
    teams = sum(bool(briers(snapshot, seat)) for seat in snapshot.game.seats)
    return teams + 3 if teams else 0


def forecasts(session: Session) -> list[Sentence]:
    """Say what each team's forecasts scored, beside an even guess, how often such things came, and the model."""
    settled = review_of(session, seats.THE_FACILITATOR, turns=()).forecasts
    said = [sentence("forecast_scale")]
    for name in dict.fromkeys(one.seat for one in settled):
        own = [one.brier for one in settled if one.seat == name]
        score = sum(own) / len(own)
        verdict = "even" if abs(score - EVEN_GUESS) < LEAST else "better" if score < EVEN_GUESS else "worse"
        said.append(sentence(f"forecast_{verdict}", seat=name, count=len(own), brier=score))
    said.append(_base_rates(settled))
    compared = [(one.brier, one.model_brier) for one in settled if one.model_brier is not None]
    if compared:
        teams, model = (sum(column) / len(compared) for column in zip(*compared, strict=True))
        said.append(sentence("forecast_model", count=len(compared), teams=teams, model=model))
    else:
        said.append(sentence("forecast_no_model"))
    return said


def _base_rates(settled: Sequence[Scored]) -> Sentence:
    """Say what whoever always says how often such things came would have scored; nobody could know that before."""
    if len(settled) < FEW:
        return sentence("forecast_few", count=len(settled))
    by_kind: dict[str, list[bool]] = {}
    for one in settled:
        by_kind.setdefault(str(dict(one.question)["ask"]), []).append(one.came)
    scores = [len(kind) * (sum(kind) / len(kind)) * (1 - sum(kind) / len(kind)) for kind in by_kind.values()]
    return sentence(
        "forecast_base",
        came=sum(one.came for one in settled),
        count=len(settled),
        brier=sum(scores) / len(settled),
    )


def placed_among(session: Session) -> list[Sentence]:
    """Say where the game lies among continuations by rule, and how to read the figure; or that nothing moved."""
    where = placed(session)
    quantiles = where.fan.credibility.quantiles
    replay = session.snapshot().replay
    if hardly_moved([month.credibility for month in (replay.start, *replay.months)], quantiles):
        return [sentence("fan_flat", runs=where.fan.runs, now=where.credibility)]
    within = [quantile[-1] for quantile in quantiles]
    name = "fan_outside"
    if within[1] <= where.credibility <= within[3]:
        name = "fan_middle"
    elif within[0] <= where.credibility <= within[4]:
        name = "fan_within"
    return [
        sentence("fan_placed", lower=where.lower, runs=where.fan.runs, now=where.credibility),
        sentence(name),
    ]


def hardly_moved(path: Sequence[float], quantiles: Sequence[Sequence[float]]) -> bool:
    """Tell whether the game and the middle half of all others stay within a point of a hundred of the beginning."""
    shown = [*path, *(value for quantile in quantiles[1:4] for value in quantile)]
    return all(abs(value - path[0]) <= POINT for value in shown)


def goals(snapshot: Snapshot) -> list[Sentence]:
    """Say how far each seat that somebody played reached what it was asked to."""
    said = []
    for seat in snapshot.game.seats:
        if not is_played(snapshot, seat):
            continue
        score = score_of(snapshot, seat)
        if not score.most:
            continue
        best = max(score.lines, key=lambda line: line.mean)
        worst = min(score.lines, key=lambda line: line.mean)
        share = score.points / score.most
        if best is worst:
            said.append(sentence("goal", seat=str(seat), share=share))
        else:
            said.append(sentence("goal_lines", seat=str(seat), share=share, best=best.text, worst=worst.text))
    return said


def along(snapshot: Snapshot) -> list[Sentence]:
    """Ask what to take along: the scenario's own questions."""
    return [sentence("along", goal=texts(question)) for question in snapshot.game.game.debrief[:4]] + [
        sentence("along_again"),
        sentence("along_model"),
    ]
