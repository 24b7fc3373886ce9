"""Split each cause's part of a change of protection between the two beliefs that it went by way of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model.ledger import SUCCESSION, Key

if TYPE_CHECKING:
    from papertiger.model.run import Run


@dataclass(frozen=True)
class Part:
    """Hold a cause's part of a change of protection; the two ways add up to the whole.

    Attributes
    ----------
    cause, channel
        As the ledger names them.
    by_capability, by_resolve
        What it did by way of either belief.
    before
        How much of the distance from the prior it made where the change begins; 0 where that is the prior itself.
    """

    cause: str
    channel: str
    by_capability: float
    by_resolve: float
    before: float = 0.0

    @property
    def key(self) -> Key:
        """Return the cause and its channel, as the ledger holds them."""
        return self.cause, self.channel

    @property
    def protection(self) -> float:
        """Return the whole part."""
        return self.by_capability + self.by_resolve

    @property
    def moves(self) -> bool:
        """Tell whether it did anything by way of either belief."""
        return self.by_capability != 0 or self.by_resolve != 0

    @property
    def after(self) -> float:
        """Return how much of the distance from the prior it makes where the change ends."""
        return self.before + self.protection


def _snapshot(run: Run, client: str, month: str) -> dict[Key, tuple[float, float]]:
    """Split each cause's distance from the prior at one month.

    The split is the ledger's own: a part of capability counts with the mean of resolve now and at the prior,
    and the other way round. A regime loss moved the prior, so its row is split between the two priors.
    """
    shares = run.shares(client, month)
    columns, rows = run.rows("clients")
    resolve = next(float(row[columns.index("resolve")]) for row in rows if row[:2] == (month, client))
    first_w = resolve - sum(share.resolve for share in shares.values())
    prior_w = first_w + sum(share.resolve for key, share in shares.items() if key == SUCCESSION)
    parts: dict[Key, tuple[float, float]] = {}
    for key, share in shares.items():
        other = (prior_w + first_w) / 2 if key == SUCCESSION else (resolve + prior_w) / 2
        by_capability = share.capability * other
        parts[key] = (by_capability, share.protection - by_capability)
    return parts


def parts(run: Run, client: str, start: str | None = None, end: str | None = None) -> list[Part]:
    """Return each cause's part of a change of protection, the largest first.

    Parameters
    ----------
    run
        A finished run.
    client
        The client's name.
    start
        The month, YYYY-MM, from whose end the change counts; blank means the prior.
    end
        The month to whose end it counts; blank means the last one.

    Returns
    -------
    list of Part
        Their `protection` sums to the change.
    """
    last = end or str(run.rows("clients")[1][-1][0])
    after = _snapshot(run, client, last)
    before = {} if start is None else _snapshot(run, client, start)
    changes = []
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key, (0.0, 0.0)), after.get(key, (0.0, 0.0))
        changes.append(Part(*key, now[0] - was[0], now[1] - was[1], was[0] + was[1]))
    return sorted(changes, key=lambda part: (-abs(part.protection), part.cause, part.channel))
