"""Make an audit of a file, with every mistake named at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.audits.schema import Audit
from papertiger.experiments.design.plan_files import plan_of
from papertiger.experiments.design.sources import AUDITS, find_in
from papertiger.experiments.errors import ExperimentError
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, read_layer

if TYPE_CHECKING:
    from pathlib import Path


def load_audit(name_or_path: str | Path) -> Audit:
    """Return an audit.

    Parameters
    ----------
    name_or_path
        The name of a shipped audit, or the path of a file.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    source = find_in(AUDITS, name_or_path)
    try:
        layer = read_layer(source.read(MAX_BYTES), source.label, what="an audit")
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    return plan_of(Audit, layer, source.name, "audit")
