"""Make the cases that a pooled calibration asks for from the field's data sets, into a folder of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.case.material import gather
from papertiger.scenarios.datasets.case.rules import load_judgements
from papertiger.scenarios.datasets.case.write import write_case
from papertiger.scenarios.datasets.panel.rules import load_rules
from papertiger.scenarios.files import write_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from papertiger.experiments.history.pooled.plan import PooledPlan


def cases_of(plan: PooledPlan, folder: Path | None) -> dict[str, tuple[Path, Path]]:
    """Return where the scenario and the observations of each patron that is a case lie, by its name.

    Parameters
    ----------
    plan
        A pooled calibration.
    folder
        Where the cases lie; with none there are no places.
    """
    named = [name for name, patron in plan.patrons.items() if patron.from_data is not None]
    if folder is None:
        return {}
    return {
        name: (folder.resolve() / f"case_{number}.yaml", folder.resolve() / f"case_{number}_postures.yaml")
        for number, name in enumerate(named, start=1)
    }


def make_cases(
    plan: PooledPlan,
    data: Path,
    folder: Path,
    *,
    fresh: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the cases that are not there yet.

    Parameters
    ----------
    plan
        A pooled calibration.
    data
        Folder of the data sets.
    folder
        Where the cases go.
    fresh
        Write all of them anew.
    tell
        Is told which patron is next.

    Raises
    ------
    ScenarioError
        When data sets are missing or wrong, or a patron is nobody.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (scenario, observed) in cases_of(plan, folder).items():
        asked = plan.patrons[name].from_data
        if asked is None or (not fresh and scenario.is_file() and observed.is_file()):
            continue
        tell(name)
        material = gather(asked.patron, asked.first, asked.last, data, load_rules(), load_judgements(), asked.rule)
        files = write_case(material, scenario.stem)
        # The observations go last: with both there, the case is whole.
        write_file(scenario, files.scenario.encode("utf-8"))
        write_file(observed, files.postures.encode("utf-8"))
