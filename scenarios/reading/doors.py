"""Numbers that are given by name: one set of names, bounds and refusals for every door that takes them.

A door is a way in: ``values`` of an ensemble or an exact chain, ``vary`` of an experiment, a posterior's columns.
`papertiger.scenarios.reading.overrides` is the way in for whole parts of a scenario; its names are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.numbers import as_plain_data, figure_number, figure_shape
from papertiger.scenarios.reading.overrides import path_of

if TYPE_CHECKING:
    from papertiger.scenarios.schema.figures import Figure
    from papertiger.scenarios.schema.scenario import Scenario


class FigureNames:
    """Every name by which the figures of a scenario can be given a number.

    Parameters
    ----------
    scenario
        A resolved scenario.
    figures
        The figures that its runs read, by the path that keys their draws.
    """

    def __init__(self, scenario: Scenario, figures: Mapping[str, Figure]) -> None:
        self._scenario = scenario
        self._paths = {path: path for path in figures}
        self._paths |= _names_of_renamed(scenario, figures)
        bare = {path.removeprefix("parameters."): path for path in figures if path.startswith("parameters.")}
        self._paths = {**bare, **self._paths}

    def path(self, name: str, door: str) -> str:
        """Return the path of the figure that a name means: a bare one is a parameter's.

        Parameters
        ----------
        name
            As somebody wrote it.
        door
            Where; what a refusal names in place of a file.

        Raises
        ------
        ScenarioError
            When no run reads such a figure, with the nearest name that would do.
        """
        path = self._paths.get(name) if isinstance(name, str) else None
        if path is None:
            raise ScenarioError([self._refusal(name, door)])
        return path

    def numbers(self, values: object, door: str) -> dict[str, float]:
        """Return numbers by the path of their figure, or refuse all that are wrong.

        Parameters
        ----------
        values
            Numbers by name.
        door
            Where they were given.

        Raises
        ------
        ScenarioError
            With every name that no figure has, and every value that its figure cannot take.
        """
        if not isinstance(values, Mapping):
            message = f"expected numbers by the name of a figure, got {shorten(as_plain_data(values, '', door))}"
            raise ScenarioError([Problem(door, message=message)])
        numbers: dict[str, float] = {}
        problems: list[Problem] = []
        for name, value in values.items():
            try:
                path = self.path(name, door)
                if path in numbers:
                    problems.append(Problem(door, None, str(name), f"the figure {path} is given twice"))
                numbers[path] = figure_number(path, value, door, str(name))
            except ScenarioError as error:
                problems += error.problems
        if problems:
            raise ScenarioError(problems)
        return numbers

    def _refusal(self, name: object, door: str) -> Problem:
        """Return why a name means no figure that a run reads."""
        if not isinstance(name, str) or not name:
            return Problem(door, None, "", f"expected the name of a figure, got {shorten(name)}")
        try:
            path = path_of(name, self._scenario.model_dump(exclude_none=True), None, door)
        except ScenarioError as error:
            return error.problems[0]
        shape = figure_shape(".".join(str(part) for part in path))
        if shape is None:
            return Problem(
                door, None, name, "is no single number; change it with overrides", nearest(name, self._paths)
            )
        return Problem(
            door, None, name, "no run of this scenario reads it, so that a number given here would have no effect"
        )


def _names_of_renamed(scenario: Scenario, figures: Mapping[str, Figure]) -> dict[str, str]:
    """Return the paths of figures of actors that kept an old name for their draws, by the path with the new one."""
    renamed = {
        section: {
            actor.draws_as: name for name, actor in getattr(scenario, section).items() if actor.draws_as is not None
        }
        for section in ("clients", "rivals")
    }
    if not any(renamed.values()):
        return {}
    names: dict[str, str] = {}
    for path in figures:
        written = path
        for section, prefix in (("clients", "clients."), ("rivals", "rivals.")):
            for old, new in renamed[section].items():
                if written.startswith(f"{prefix}{old}."):
                    written = f"{prefix}{new}.{written.removeprefix(f'{prefix}{old}.')}"
                    break
        for old, new in renamed["rivals"].items():
            written = written.replace(f".options.{old}.", f".options.{new}.")
            if written.endswith((f".arms_ties.{old}", f".economy_ties.{old}")):
                written = written.removesuffix(old) + new
        if written != path:
            names[written] = path
    return names
