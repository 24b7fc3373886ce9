"""Say what is wrong with an experiment, to the person who wrote or started it."""

from __future__ import annotations

from papertiger.scenarios.errors import ScenarioError


class ExperimentError(ScenarioError):
    """Report all the mistakes found in an experiment file; the text has one line for each."""


class FolderError(Exception):
    """Refuse a folder of results that cannot be used; the text says why and how to go on."""


class BackendError(Exception):
    """Report that chunks cannot be carried out; the text says why."""
