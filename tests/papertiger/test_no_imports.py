"""Commands that take no code of one's own say why, and which command does."""

from __future__ import annotations

import pytest

from papertiger.cli.options import NOT_HERE
from tests.papertiger.conftest import Command

ARGUMENTS = {"calibrate": ("plan",), "score": ("plan",), "forecast": ("partners_2026",), "play": ("cuba",)}


@pytest.mark.parametrize("command", NOT_HERE)
def test_a_command_says_why_it_takes_none(papertiger: Command, command: str) -> None:
    answer = papertiger(command, *ARGUMENTS.get(command, ()), "--import", "mine.py")
    assert answer.code == 2
    assert answer.error.startswith("papertiger: --import mine.py: ") or "--import mine.py: " in answer.error
    assert "shipped rules" in answer.error
