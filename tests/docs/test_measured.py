"""What the pages say about the base network is what it does."""

from tests.docs.pages import script, text_of


def test_measured_numbers_are_fresh() -> None:
    page = text_of("ARCHITECTURE.md")
    assert script("measure").render(page) == page, "run uv run python docs/measure.py"
