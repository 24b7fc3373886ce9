"""The page on validation: its text as it was read and approved, and sentences that follow from the numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.experiments.history.calibrate.problem import Case
from papertiger.experiments.history.page.material import Material
from papertiger.experiments.history.page.page import page
from tests.experiments.history import page_material as made_up

APPROVED = Path(__file__).with_name("validation_page.md")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return made_up.page_case(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def material(case: Case) -> Material:
    return Material(
        made_up.examination(case),
        made_up.calibration(case),
        made_up.outcomes(),
        made_up.replayed(case),
        made_up.ranks(case),
    )


def test_the_page_reads_as_approved(material: Material) -> None:
    assert page(material, "papertiger validate trial.yaml") == APPROVED.read_text(encoding="utf-8")
