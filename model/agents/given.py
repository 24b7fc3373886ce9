"""Build a world from a run's setting that is already there, instead of drawing it anew from a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.model.agents.world import World

if TYPE_CHECKING:
    from papertiger.model.decisions import Decisions
    from papertiger.model.rules.rules import Rules
    from papertiger.model.setting import Setting
    from papertiger.scenarios import Scenario


class GivenWorld(World):
    """A world of a setting that is already there.

    Parameters
    ----------
    scenario, setting
        The scenario, and one run of it in numbers.
    rules, decisions
        As for `World`.
    """

    def __init__(
        self, scenario: Scenario, setting: Setting, rules: Rules | None, decisions: Decisions | None
    ) -> None:
        self._given = setting
        super().__init__(scenario, rng=setting.seed, run=setting.run, rules=rules, decisions=decisions, collect=False)

    def _build_setting(self, seed: int, run: int) -> Any:
        del seed, run
        return self._given
