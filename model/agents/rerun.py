"""Run a run of the ensemble again as agents, with every rule watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.agents.given import GivenWorld
from papertiger.model.rules.own import bound
from papertiger.model.rules.ranges import guarded
from papertiger.model.rules.rules import Rules

if TYPE_CHECKING:
    from papertiger.model.decisions import Decisions
    from papertiger.model.setting import Setting
    from papertiger.scenarios import Scenario


class Rerun(GivenWorld):
    """A world of a given setting, in which a rule that returns nan or leaves its range is stopped by name.

    Parameters
    ----------
    scenario, setting, rules, decisions
        As for `GivenWorld`.
    """

    def __init__(
        self, scenario: Scenario, setting: Setting, rules: Rules | None, decisions: Decisions | None
    ) -> None:
        watched = guarded(bound(rules or Rules(), setting.own_parameters))
        super().__init__(scenario, setting, watched, decisions)
