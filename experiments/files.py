"""Write a set of files into a folder, each whole or not at all, and clear away what a kill left half written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from papertiger.scenarios.files import remove_leftovers, write_file


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder and return where they are.

    Parameters
    ----------
    folder
        Where; it and its folders are made if they are missing.
    files
        Bytes by place in the folder, in the order in which they are written.

    Raises
    ------
    OSError
        If one cannot be written.
    """
    targets = [folder / name for name in files]
    for place in dict.fromkeys(target.parent for target in targets):
        place.mkdir(parents=True, exist_ok=True)
        remove_leftovers(place)
    for target, data in zip(targets, files.values(), strict=True):
        write_file(target, data)
    return targets
