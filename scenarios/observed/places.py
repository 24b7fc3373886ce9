"""Find files of observations: the shipped ones by name, anyone's by path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from papertiger.scenarios.reading.sources import ENDINGS, Source, find_among, shipped_in

_SHIPPED_FOLDER = "scenarios/observed"


@cache
def _shipped() -> dict[str, Source]:
    return shipped_in("scenarios", "observed")


def names() -> list[str]:
    """Return the names of the shipped files of observations, sorted."""
    return sorted(_shipped())


def find(name_or_path: str | Path) -> Source:
    """Return the file that a name or a path means; a bare word is first a shipped file.

    Raises
    ------
    ScenarioError
        When it is neither a shipped name nor an existing path.
    """
    return find_among(_shipped(), name_or_path, "observations")


def find_parent(wanted: str, child: Source) -> Source | None:
    """Return the file that `child` means by ``extends``: one beside it, else a shipped one; or None.

    A file may extend the shipped file of its own name.
    """
    if "\0" not in wanted and isinstance(child.handle, Path):
        endings = [""] if wanted.lower().endswith(ENDINGS) else list(ENDINGS)
        for ending in endings:
            beside = child.handle.parent / f"{wanted}{ending}"
            found = Source(str(Path(child.label).parent / f"{wanted}{ending}"), beside, child.shipped)
            if _is_file(beside) and (found.identity != child.identity or wanted not in _shipped()):
                return found
    return _shipped().get(wanted)


def parents_of(child: Source) -> list[str]:
    """Return the names that a file could mean by ``extends``."""
    beside: list[str] = []
    if isinstance(child.handle, Path):
        try:
            beside = [path.stem for path in child.handle.parent.iterdir() if path.suffix.lower() in ENDINGS]
        except OSError:
            beside = []
    return [*beside, *names()]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
