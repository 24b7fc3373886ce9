"""What is wrong with an experiment, said to the person who wrote or started it."""

from __future__ import annotations

from papertiger.scenarios.errors import ScenarioError


class ExperimentError(ScenarioError):
    """All the mistakes found in an experiment file; its text has one line for each."""


class FolderError(Exception):
    """A folder of results cannot be used; the text says why and how to go on."""


class BackendError(Exception):
    """Chunks cannot be carried out; the text says why."""
