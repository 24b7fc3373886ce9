"""Photograph the wall of a real game in a real browser: ``uv run python docs/make_wall.py`` (needs chromium)."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the class that the tests let play

from tests.wargame.server.classroom import Browsers, browsers, visit  # noqa: E402 - after the path
from tests.wargame.server.served import Served  # noqa: E402

FOLDER = ROOT / "docs" / "figures"
LESSON = "venezuela_2026"
SEATS = ("patron", "client:Venezuela", "rival:US")
TURNS = 2
SCREEN = (1366, 768)
COLOURS = 256


def photograph() -> bytes:
    """Play turns of the lesson with some seats taken, and return the wall as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder), LESSON)
        try:
            with browsers(served) as room:
                return _wall(room, served)
        finally:
            served.kill()


def _wall(room: Browsers, served: Served) -> bytes:
    staff = room.open(SCREEN)
    visit(staff, served.link)
    for number, seat in enumerate(SEATS, 1):
        _sit(room.open(SCREEN), served, seat, f"Team {number}")
    for turn in range(1, TURNS + 1):
        visit(staff, f"{served.base}/room")
        staff.click("form[action='/room/resolve'] button")
        staff.wait_for_selector(f"form[action='/room/resolve'] button[value='{turn + 1}']")
    visit(staff, f"{served.base}/wall")
    picture: bytes = staff.screenshot()
    return picture


def _sit(page: Any, served: Served, seat: str, name: str) -> None:
    visit(page, f"{served.base}/?code={served.code}")
    page.fill("[name=name]", name)
    page.click("main button")
    page.wait_for_url("**/lobby")
    page.click(f'button[value="{seat}"]')
    page.wait_for_url("**/desk")


def main() -> None:
    """Write the picture with few colours, so that the repository stays small."""
    picture = Image.open(io.BytesIO(photograph())).convert("RGB")
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).save(FOLDER / "wall.png", optimize=True)


if __name__ == "__main__":
    main()
