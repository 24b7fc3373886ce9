"""Say on which condition something planned happens: what must be seen by everyone before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from papertiger.model.rules.choice import SUSPENDED
from papertiger.scenarios.schema.values import POSTURES, PostureName
from papertiger.wargame.rules.questions import Name


class _Seen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PostureReached(_Seen):
    """A client stands at a posture or beyond it."""

    when: Literal["posture_beyond"] = "posture_beyond"
    client: Name
    posture: PostureName


class PostureHeld(_Seen):
    """A client stands at a posture or closer to the patron."""

    when: Literal["posture_within"] = "posture_within"
    client: Name
    posture: PostureName


class ShareReached(_Seen):
    """At least this share of the clients is suspended or beyond."""

    when: Literal["defected_share"] = "defected_share"
    share: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


Condition = Annotated[PostureReached | PostureHeld | ShareReached, Field(discriminator="when")]


def holds(condition: Condition, postures: Mapping[str, int], present: Collection[str]) -> bool:
    """Tell whether a condition is seen.

    Parameters
    ----------
    condition
        On public state alone, so that an inject cannot tell anybody's secret.
    postures
        By client.
    present
        Clients in the network.
    """
    if isinstance(condition, ShareReached):
        return defected_share(postures, present) >= condition.share
    posture = postures.get(condition.client)
    if posture is None or condition.client not in present:
        return False
    rung = POSTURES.index(condition.posture)
    return posture >= rung if isinstance(condition, PostureReached) else posture <= rung


def defected_share(postures: Mapping[str, int], present: Collection[str]) -> float:
    """Return the share of the clients in the network at suspended or beyond."""
    defected = sum(1 for name in present if postures[name] >= SUSPENDED)
    return defected / len(present) if present else 0.0
