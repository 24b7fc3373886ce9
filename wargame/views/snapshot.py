"""Hold one branch of a game at one moment, with what its replay shows; every view is made from such a snapshot."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from papertiger.model.setting import Setting
from papertiger.model.template import build_setting
from papertiger.wargame.engine.months import MonthState
from papertiger.wargame.engine.replay import falling_in, fingerprint, outlooks_of
from papertiger.wargame.rules.orders import Hedge
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.views import news
from papertiger.wargame.views.knowledge import Estimate, PublicMonth, heard, offers_in_news, seen_by_all
from papertiger.wargame.views.news import Newsroom
from papertiger.wargame.views.options import Fresh

if TYPE_CHECKING:
    from papertiger.model.setting import Outlook
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.log.branch import Branch
    from papertiger.wargame.log.state import GameState
    from papertiger.wargame.views.news import NewsItem, Told


class Snapshot:
    """Hold one branch at one moment.

    Parameters
    ----------
    game
        The history up to that moment.
    line
        The branch.
    replay
        Of that branch, up to the turns that are resolved in it.
    """

    def __init__(self, game: GameState, line: Branch, replay: Replay) -> None:
        self.game, self.line, self.replay = game, line, replay
        self.turn = line.turn
        self.over = game.ended or line.turn > game.schedule.turns

    def adopt(self, earlier: Snapshot) -> None:
        """Take over what an earlier snapshot worked out from the same replay: most records change none."""
        if earlier.replay is self.replay:
            for name in ("setting", "outlooks", "seen"):
                if name in earlier.__dict__:
                    self.__dict__[name] = earlier.__dict__[name]

    @cached_property
    def known(self) -> str:
        """A name for all that the replay hangs on."""
        return fingerprint(self.game.request(self.line.number))

    @cached_property
    def setting(self) -> Setting:
        """The replayed scenario in numbers."""
        return build_setting(self.replay.scenario, self.game.created.seed, self.line.runs[0][1])

    @cached_property
    def outlooks(self) -> tuple[Outlook, ...]:
        """The outlook of each client's regime."""
        known = outlooks_of(self.setting)
        return tuple(known[client.outlook] for client in self.replay.now.clients)

    @cached_property
    def fresh(self) -> dict[int, Fresh]:
        """Successors that take over in the open turn's first month, as everyone reads, by client."""
        if self.over:
            return {}
        month = self.game.schedule.months(self.turn)[0]
        fresh_by_turn = {}
        for i, event in falling_in(month, self.setting).items():
            assert event.outlook is not None
            raised, withdrawn = offers_in_news(i, month, self.setting)
            offers = tuple(max(0.0, up - down) for up, down in zip(raised, withdrawn, strict=True))
            fresh_by_turn[i] = Fresh(event.outlook, offers)
        return fresh_by_turn

    @cached_property
    def seen(self) -> tuple[tuple[PublicMonth, ...], ...]:
        """What everyone can work out, from the beginning of play on."""
        return seen_by_all(self.replay, self.setting)

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """The news of the months that were played, with the causes of the ledger that each item tells of."""
        turns = (self.game.schedule.months(turn) for turn in range(1, self.line.resolved + 1))
        return self._newsroom.of_play(self.replay, self.seen, turns)

    @cached_property
    def news(self) -> tuple[NewsItem, ...]:
        """The news of the months that were played."""
        return tuple(one.item for one in self.told)

    @cached_property
    def story_by_cause(self) -> dict[str, NewsItem]:
        """The news that tells of a cause of the ledger, by the cause."""
        return {cause: one.item for one in self.told for cause in one.causes}

    @cached_property
    def coming(self) -> tuple[NewsItem, ...]:
        """What everyone reads as the open turn begins.

        A crisis that the rules would draw is left out where somebody sits who decides on it: then it may never come.
        """
        if self.over:
            return ()
        decided = {
            own.name
            for own in self.setting.clients
            if own.adversary and str(Seat("adversary", own.adversary)) in self.game.holders
        }
        crises = [
            crisis
            for crisis in self.replay.coming
            if crisis.event or self.setting.clients[crisis.client].name not in decided
        ]
        return self._newsroom.coming(crises, self.game.schedule.months(self.turn)[0])

    @property
    def now(self) -> MonthState:
        """The present."""
        return self.replay.now

    @property
    def month_names(self) -> tuple[str, ...]:
        """The months that were played."""
        return tuple(self.setting.months[month.index] for month in self.replay.months)

    def heard_by(self, seat: Seat) -> tuple[Estimate, ...]:
        """Return what a seat hears about others' beliefs this turn."""
        noise = self.game.game.intelligence_noise.value or 0.0
        return heard(seat, self.turn, self.replay, self.setting, self.game.created.seed, noise)

    def turn_months(self, turn: int) -> tuple[MonthState, ...]:
        """Return the months of a turn that was played."""
        first = self.game.schedule.first
        return tuple(self.replay.months[month - first] for month in self.game.schedule.months(turn))

    def before(self, turn: int) -> MonthState:
        """Return the end of the month before a turn."""
        place = self.game.schedule.months(turn)[0] - self.game.schedule.first
        return self.replay.months[place - 1] if place else self.replay.start

    @property
    def last_seen(self) -> tuple[tuple[PublicMonth, ...], ...]:
        """What was seen in the months of the last turn, by client."""
        if not self.line.resolved:
            return ()
        return self.seen[-len(self.game.schedule.months(self.line.resolved)) :]

    @property
    def _newsroom(self) -> Newsroom:
        return Newsroom(self.replay.scenario, self.setting, self._said, self._open_towards)

    @cached_property
    def _said(self) -> dict[str, tuple[tuple[str, str], ...]]:
        said = {name: script.body.news for name, script in self.line.injects.items()}
        return news.written(self.game.game, said)

    @cached_property
    def _open_towards(self) -> dict[tuple[int, str], str]:
        directions = {}
        for (turn, seat), given in self.line.sheets.items():
            if turn > self.line.resolved:
                continue
            for order in given.sheet.orders:
                if isinstance(order, Hedge) and not order.covert and order.towards is not None:
                    directions[self.game.schedule.months(turn)[0], seat.partition(":")[2]] = order.towards
        return directions
