"""A crisis of every strength and means finds a form, and forms are clauses; mistakes are told with their key."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger import scenarios
from tests.scenarios.minimal import SMALL, write

FORM = "      {name}: {{means: {means}, least: {least}, most: {most}, text: '{text}'}}\n"


def with_forms(*forms: tuple[str, int, int, str], air: float = 1.0) -> str:
    """Return a scenario in which one client's crises take some forms: means, intensities and words."""
    lines = [
        FORM.format(name=f"form{i}", means=means, least=least, most=most, text=text)
        for i, (means, least, most, text) in enumerate(forms)
    ]
    return SMALL.replace("  Bravo:\n", f"  Bravo:\n    air_attacks: {air}\n    crises:\n{''.join(lines)}", 1)


def test_forms_for_all_that_may_come_are_taken(tmp_path: Path) -> None:
    text = with_forms(("air", 1, 3, "Jets fly over Bravo"), ("sea", 1, 3, "Ships block Bravo"), air=0.5)
    assert len(scenarios.load(write(tmp_path, text)).clients["Bravo"].crises) == 2


@pytest.mark.parametrize(
    ("forms", "air", "said"),
    [
        (
            [("air", 1, 2, "Jets fly over Bravo")],
            1.0,
            "Bravo.crises: expected a form of 'air' for intensity 3",
        ),
        (
            [("air", 1, 3, "Jets fly over Bravo")],
            0.5,
            "clients.Bravo.crises: expected a form of other means than 'air' for intensity 1, 2, 3",
        ),
        ([("sea", 1, 3, "Ships block Bravo")], 1.0, "set 'air_attacks: 0' if none comes from the air"),
        ([("sea", 1, 3, "Ships block Bravo.")], 0.0, "expected a clause without a mark at its end"),
        ([("sea", 3, 1, "Ships block Bravo")], 0.0, "expected a 'most' of at least 3, the 'least', got 1"),
        ([("seas", 1, 3, "Ships block Bravo")], 0.0, "clients.Bravo.crises.form0.means"),
    ],
)
def test_what_no_form_fits_is_refused(
    tmp_path: Path, forms: list[tuple[str, int, int, str]], air: float, said: str
) -> None:
    with pytest.raises(scenarios.ScenarioError) as refused:
        scenarios.load(write(tmp_path, with_forms(*forms, air=air)))
    assert said in str(refused.value)
