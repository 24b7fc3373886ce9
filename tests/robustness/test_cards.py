"""A file that somebody wrote and spoilt is refused with its lines, or read; a spoilt index harms only itself."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from papertiger.experiments.audits.loader import load_audit
from papertiger.experiments.claims.loader import load_claims
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.errors import FolderError
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.ties.loader import load_ties_study
from papertiger.experiments.report.page import INDEX, read_index, write_into
from papertiger.scenarios.errors import ScenarioError
from tests.experiments.audits import test_audits as audits
from tests.experiments.history import small as history
from tests.experiments.history import test_ties_study as ties
from tests.experiments.run import small as runs
from tests.robustness.mutations import spoil

ANALYSES = """\
comparisons:
  - {baseline: world, against: calm, headline: true, measures: [gone, share]}
analyses:
  - {kind: survival, measure: leaves}
  - {kind: prim, measure: share, threshold: 0.1}
answer: It is {gone}.
"""
EXPERIMENT = runs.HEAD + runs.MEASURES + runs.SWEEP + ANALYSES


@dataclass(frozen=True)
class Card:
    """A kind of file that somebody writes: how a whole one is laid down, and who reads it."""

    write: Callable[[Path], Path]
    read: Callable[[Path], object]


CARDS = {
    "experiment": Card(
        lambda place: runs.write(place, runs.HEAD + runs.MEASURES + runs.SWEEP + ANALYSES), load_study
    ),
    "calibration": Card(lambda place: history.write(place, history.PLAN + "models: [M1, M4]\n"), load_problem),
    "ties": Card(ties.write, load_ties_study),
    "claims": Card(lambda place: claim(place / "trial.yaml"), load_claims),
    "audit": Card(lambda place: written(place / "trial.yaml", audits.SMALL), load_audit),
}


def written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def claim(file: Path) -> Path:
    """Write a file with one of the shipped claims."""
    shipped = Path(__file__).parents[2] / "experiments" / "claims" / "claims.yaml"
    text = shipped.read_text(encoding="utf-8")
    return written(file, text[: text.index('  "1":')] + text[text.index('  "13":') : text.index('  "14":')])


@pytest.mark.parametrize("times", [12, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", CARDS)
def test_a_spoilt_card_is_refused_with_its_lines_or_read(kind: str, times: int, tmp_path: Path) -> None:
    card = CARDS[kind]
    file = card.write(tmp_path)
    card.read(file)
    tree = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    whole = json.dumps(tree, default=str).encode()  # which is YAML as well
    file.write_bytes(whole)
    card.read(file)
    luck = random.Random(kind)
    refused = 0
    for _ in range(times):
        file.write_bytes(spoil("card.json", whole, luck))
        try:
            card.read(file)
        except ScenarioError as error:
            refused += 1
            said = str(error)
            assert said.isprintable() or "\n" in said
            assert all(line.isprintable() and line for line in said.splitlines())
            assert "trial.yaml" in said
    assert refused > times / 3


@pytest.fixture
def index(tmp_path: Path) -> bytes:
    write_into(tmp_path, {"report.html": b"one", "tables/earlier.csv": b"a"}, ["It is so."])
    (tmp_path / "mine.csv").write_text("mine")
    return (tmp_path / INDEX).read_bytes()


@pytest.mark.parametrize("times", [40, pytest.param(900, marks=pytest.mark.slow)])
def test_a_spoilt_index_is_refused_or_says_what_somebody_wrote(index: bytes, tmp_path: Path, times: int) -> None:
    luck = random.Random("index")
    refused = 0
    for _ in range(times):
        (tmp_path / INDEX).write_bytes(spoil(INDEX, index, luck))
        try:
            read = read_index(tmp_path)
        except FolderError as error:
            refused += 1
            assert str(error).isprintable()
            assert "write the report again" in str(error)
        else:
            assert all(isinstance(line, str) for line in read.answer)
            assert all(isinstance(part, str) for entry in read.files.items() for part in entry)
    assert refused > times / 3


@pytest.mark.parametrize("times", [15, pytest.param(400, marks=pytest.mark.slow)])
def test_a_report_beside_a_spoilt_index_is_whole_and_takes_nobody_elses_file(
    index: bytes, tmp_path: Path, times: int
) -> None:
    content: dict[str, Any] = {"report.html": b"two", "tables/now.csv": b"b"}
    luck = random.Random("report")
    for _ in range(times):
        (tmp_path / INDEX).write_bytes(
            spoil(INDEX, index.replace(b"earlier", luck.choice((b"../../mine", b"x"))), luck)
        )
        write_into(tmp_path, content, ["It is otherwise."])
        assert read_index(tmp_path).answer == ("It is otherwise.",)
        assert {name: (tmp_path / name).read_bytes() for name in content} == content
        assert (tmp_path / "mine.csv").read_text() == "mine"
        assert not list(tmp_path.rglob("*.partial"))
