"""The command that learns ties, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.experiments.history.test_ties_study import write
from tests.papertiger.conftest import Command

pytestmark = pytest.mark.xdist_group("ties")  # one process loads the compiled month


def test_the_command_writes_its_page_and_speaks_json(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path)
    told = papertiger("ties", "trial.yaml", "--write", "out/page.md")
    assert told.code == 0, told.error
    assert "Plan and shares up to 2021: " in told.out
    text = (tmp_path / "out" / "page.md").read_text(encoding="utf-8")
    assert "(figures/ties_shares.png)" in text
    assert "made by `papertiger ties trial.yaml --write out/page.md`" in text
    assert (tmp_path / "out" / "figures" / "ties_shares.png").exists()
    content = json.loads(papertiger("ties", "trial.yaml", "--json").out)
    assert content["answer"][0].startswith("Trust ")
    assert content["study_sha256"] in told.out
    assert [case["year"] for case in content["shares"]] == [2022, 2022]
    persistence = next(
        row for row in content["scores"] if (row["kind"], row["forecaster"]) == ("both", "persistence")
    )
    assert persistence["absolute error"] == pytest.approx(0.1, abs=1e-6)


def test_the_same_again_gives_the_same_page(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path)
    pages = []
    for name in ("one.md", "two.md"):
        assert papertiger("ties", "trial.yaml", "--write", name).code == 0
        pages.append((tmp_path / name).read_text(encoding="utf-8").replace(name, ""))
    assert pages[0] == pages[1]


def test_bad_input_leaves_with_two(papertiger: Command, tmp_path: Path) -> None:
    assert papertiger("ties", "none.yaml").code == 2
    told = papertiger("ties", "partners_2020", "--write", "page.txt")
    assert told.code == 2
    assert "expected a file that ends in .md" in told.error
    (tmp_path / "folder.md").mkdir()
    assert "is not an ordinary file" in papertiger("ties", "--write", "folder.md").error
