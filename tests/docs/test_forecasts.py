"""The page about forecasts asks what the record asks, and its tables are fresh."""

from __future__ import annotations

from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.forecast.published import published
from tests.docs.pages import ROOT, script, text_of

PAGE = "docs/forecasts.md"


def test_tables_are_fresh() -> None:
    page = text_of(PAGE)
    assert script("make_forecasts").render(page) == page, "run uv run python docs/make_forecasts.py"


def test_every_client_half_year_and_published_file_is_on_the_page() -> None:
    page = text_of(PAGE)
    problem = load_problem("partners_2026")
    periods = ("2026H2", "2027H1", "2027H2", "2028H1", "2028H2")
    for name in (*problem.postures.clients, *periods):
        assert f"| {name} |" in page
    for name, written in published(ROOT / "forecasts").items():
        assert f"| {name} | {written} |" in page
    if not published(ROOT / "forecasts"):
        assert "Nothing has been published yet." in page
