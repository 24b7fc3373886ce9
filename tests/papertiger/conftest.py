"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from papertiger.cli import app, progress


class Answer:
    """What a command answered."""

    def __init__(self, code: int, out: str, error: str) -> None:
        self.code, self.out, self.error = code, out, error


Command = Callable[..., Answer]


@pytest.fixture
def papertiger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Call the command line as a person would, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(progress, "FIRST", 3600.0)  # on a busy machine lines of progress would come at any time
    monkeypatch.delenv("COLUMNS", raising=False)  # a test worker may set it, and tables would be cut to its width

    def call(*arguments: str) -> Answer:
        result = CliRunner().invoke(app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return call
