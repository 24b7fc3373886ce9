"""What the pages say about the base network is what it does."""

from tests.docs.pages import script, text_of


def test_measured_numbers_are_fresh() -> None:
    measure = script("measure")
    said = measure.BLOCK.search(text_of("ARCHITECTURE.md"))
    assert said is not None
    assert measure.table() in said[0], "run uv run python docs/measure.py"
