"""The command audit: figures and signs on the screen, as JSON and as a page; mistakes end with 2."""

from __future__ import annotations

import json
from pathlib import Path

from tests.experiments.audits.test_audits import ROOT, SMALL
from tests.papertiger.conftest import Command


def test_it_says_what_holds_and_writes_a_page(papertiger: Command, tmp_path: Path) -> None:
    (tmp_path / "trial.yaml").write_text(SMALL, encoding="utf-8")
    file, out = str(tmp_path / "trial.yaml"), tmp_path / "audit.md"
    done = papertiger("audit", file, "--root", str(ROOT), "--out", str(out))
    assert done.code == 0
    assert "Of 2 signs that were asked for, 0 hold; row 1 does not; row 2 was not worked out." in done.out
    assert out.read_text(encoding="utf-8").startswith("# Trial\n\n**Of 2 signs")
    rows = json.loads(papertiger("audit", file, "--root", str(ROOT), "--json").out)["rows"]
    assert [row["holds"] for row in rows] == [False, None]


def test_mistakes_end_with_2(papertiger: Command, tmp_path: Path) -> None:
    (tmp_path / "trial.yaml").write_text(SMALL.replace("title: Trial", "titel: Trial"), encoding="utf-8")
    done = papertiger("audit", str(tmp_path / "trial.yaml"))
    assert done.code == 2
    assert "trial.yaml:1" in done.error
    assert papertiger("audit", "refere").code == 2
    assert papertiger("audit", "--out", "page.txt").code == 2
