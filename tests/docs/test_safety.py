"""The page of promises names tests that exist."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, text_of

PAGE = "docs/teaching/safety.md"
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def test_every_promise_names_tests_that_exist() -> None:
    rows = [line for line in text_of(PAGE).splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(row.split("|")[1]) for row in rows] == list(range(1, 20))
    files = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "wargame").rglob("test_*.py")}
    for row in rows:
        named = NAMED.findall(row)
        assert named, row
        for file, test in named:
            assert f"def {test}(" in files[file], f"{file}::{test}"
