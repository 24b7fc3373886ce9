"""Find the rule, the client and the month of a run in which a rule returned what it may not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING

from papertiger.model.agents.client import Client
from papertiger.model.agents.messages import Crisis
from papertiger.model.rules.ranges import RuleRangeError

if TYPE_CHECKING:
    from papertiger.model.agents.world import World


@contextmanager
def naming_place(world: World) -> Iterator[None]:
    """Add the client, the month and the run to a rule's error."""
    try:
        yield
    except RuleRangeError as error:
        client = _client_in(error.__traceback__)
        who = "" if client is None else f"for {client} "
        raise type(error)(error.rule, error.said, f"{who}in {world.month_name}", world.setting.run) from None


def watched[W: World](step: Callable[[W], None]) -> Callable[[W], None]:
    """Return a world's step that stops where a rule returns what it may not, or leaves a state that is not finite."""

    @wraps(step)
    def watched_step(world: W) -> None:
        with naming_place(world):
            step(world)
        check_state(world)

    return watched_step


def check_state(world: World) -> None:
    """Refuse a state that is not finite.

    Raises
    ------
    RuleRangeError
        Naming the first client, and no rule.
    """
    for client in world.clients:
        levels = (
            client.capability_good + client.capability_bad + client.resolve_good + client.resolve_bad,
            client.attack_level + client.claim_level + client.missing_support,
            *client.stocks,
            *client.offers,
        )
        if not math.isfinite(sum(levels)):
            raise RuleRangeError("", "", f"for {client.name} in {world.month_name}", world.setting.run)


def _client_in(trace: TracebackType | None) -> str | None:
    """Return the name of the client that was innermost at work: it acts, or something is done to it."""
    name: str | None = None
    while trace is not None:
        frame, trace = trace.tb_frame, trace.tb_next
        # A loop that is over leaves its client behind in a local name; only arguments say who is meant.
        for argument in frame.f_code.co_varnames[: frame.f_code.co_argcount]:
            one = frame.f_locals.get(argument)
            one = one.client if isinstance(one, Crisis) else one
            if isinstance(one, Client):
                name = one.name
    return name
