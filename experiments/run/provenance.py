"""Tell where a result comes from: the version of the program and the fingerprint of the resolved scenario."""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.model.own_code import fingerprint, is_shipped
from papertiger.model.plugins import is_from_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.experiments.measures import Measure
    from papertiger.model.theories import Theory
    from papertiger.scenarios import Scenario

DISCLAIMER = "The model is an argument, not evidence."


def version() -> str:
    """Return the version of the installed program, or ``unknown`` where it was not installed."""
    try:
        return metadata.version("papertiger")
    except metadata.PackageNotFoundError:
        return "unknown"


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of a resolved scenario, independent of how its files spell or split it.

    How a class plays it is left out, since no run depends on that.
    """
    # What came later and is not used leaves the hash of a scenario as it was.
    left_out = {"game"} if scenario.own_parameters else {"game", "own_parameters"}
    content = json.dumps(
        scenario.model_dump(mode="json", exclude=left_out), sort_keys=True, ensure_ascii=True, allow_nan=False
    )
    return hashlib.sha256(content.encode("ascii")).hexdigest()


@cache
def model_hash() -> str:
    """Return the SHA-256 of the sources that decide what a run comes to: model, measures, and the ledger's reader."""
    from papertiger import experiments, model  # noqa: PLC0415 - only for where they lie

    digest = hashlib.sha256()
    for package, beneath in ((model, ""), (experiments, "ledger"), (experiments, "measures")):
        for folder in package.__path__:
            for path in sorted((Path(folder) / beneath).rglob("*.py")):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


RULES = "rules of "
"""What the entries of theories begin with, among those of measures."""


def own_code_of(measures: Mapping[str, Measure], theories: Mapping[str, Theory] | None = None) -> dict[str, str]:
    """Return the fingerprint of each measure and theory that does not ship with the project.

    Parameters
    ----------
    measures
        Of an experiment, by their names in it.
    theories
        Of its scenarios, by label.
    """
    own = {name: fingerprint(type(one)) for name, one in measures.items() if not is_shipped(type(one))}
    return own | {f"{RULES}{label}": one.sha256 for label, one in (theories or {}).items()}


def is_importable(cls: type) -> bool:
    """Return whether another process finds a class by its name: not that of a script, a notebook or a function."""
    named = getattr(sys.modules.get(cls.__module__), cls.__qualname__, None)
    return cls.__module__ != "__main__" and named is cls and not is_from_file(cls.__module__)


def is_importable_rules(theory: Theory) -> bool:
    """Return whether another process finds each rule of a theory by its name."""
    rules = (getattr(theory.rules, name) for name in theory.changed)
    return all(
        (module := getattr(rule, "__module__", "__main__")) != "__main__"
        and not is_from_file(module)
        and getattr(sys.modules.get(module), getattr(rule, "__qualname__", ""), None) is rule
        for rule in rules
    )
