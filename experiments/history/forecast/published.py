"""Keep the folder of published forecasts: append-only, with a list of hashes that ``sha256sum -c SHA256SUMS`` reads.

A file is never changed and never taken out. Each one holds the hash of the list as it was before it, so that a change
of an earlier file and its line together shows in every later one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.experiments.errors import FolderError
from papertiger.experiments.files import write_files
from papertiger.experiments.history.forecast.archive import check_free, read_forecast, write_forecast
from papertiger.scenarios.files import reason_of

if TYPE_CHECKING:
    from papertiger.experiments.history.forecast.archive import Forecast

LIST = "SHA256SUMS"
BESIDE = frozenset({LIST, "README.md", ".gitattributes"})
"""Files of the folder that are no forecasts."""
_LINE = re.compile(r"(?P<hash>[0-9a-f]{64})  (?P<name>[A-Za-z0-9][A-Za-z0-9._-]*\.json)")


def published(folder: Path) -> dict[str, str]:
    """Return the hash of each published forecast by the name of its file, in the order of publication.

    Raises
    ------
    FolderError
        If the list cannot be read, or a line of it is none of ``sha256sum``.
    """
    listed: dict[str, str] = {}
    for number, line in enumerate(_list(folder).splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise FolderError(f"{folder / LIST}:{number}: expected a hash, two spaces and the name of a JSON file")
        if match["name"] in listed:
            raise FolderError(f"{folder / LIST}:{number}: {match['name']} is listed twice")
        listed[match["name"]] = match["hash"]
    return listed


def faults(folder: Path, unlisted: str = "") -> list[str]:
    """Return what is wrong with the folder: files that were changed, removed or never listed, and lines that were.

    Parameters
    ----------
    folder
        Of published forecasts.
    unlisted
        Name of a file that may lie there without being listed: it is about to be.
    """
    wrong = []
    listed = published(folder)
    before = ""
    for name, written in listed.items():
        file = folder / name
        if not file.is_file():
            wrong.append(f"{file}: was published, and is missing")
        elif _hash_of(file) != written:
            wrong.append(f"{file}: has been changed since it was published")
        else:
            statement = read_forecast(file).statement
            if statement is None:
                wrong.append(f"{file}: declares nothing, so that it cannot have been published")
            elif statement.follows != _digest(before):
                wrong.append(f"{file}: the list of forecasts before it is not what it was")
        before += f"{written}  {name}\n"
    others = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
    more = sorted(others - set(listed) - BESIDE - {unlisted})
    return wrong + [f"{folder / name}: lies among published forecasts, and is not listed in {LIST}" for name in more]


def name_of(day: str, calibration: str) -> str:
    """Return the name of a published forecast's file: its day, and the calibration that it comes from."""
    return f"{day}_{calibration}.json"


def check_declared(declared: str | None, day: str, calibration: str) -> None:
    """Refuse to publish what declares nothing, or declared it after it was made.

    Parameters
    ----------
    declared
        When the weights of the war's paths were written down; blank if they were not.
    day
        Date of the forecast.
    calibration
        Its name.

    Raises
    ------
    FolderError
        Saying which.
    """
    if declared is None:
        raise FolderError(
            f"{calibration}: declares no weights of the war's paths and nobody who decides (its part 'forecast'), so "
            "that its forecasts cannot be published"
        )
    if declared > day:
        raise FolderError(
            f"{calibration}: the weights of the war's paths were declared on {declared}, after the forecast's date, "
            f"{day}; a forecast is published with what was declared before it"
        )


def check_publishable(folder: Path, name: str) -> None:
    """Refuse a folder that is not what was published, or has this forecast already, before the runs are spent.

    Raises
    ------
    FolderError
        With all that is wrong.
    """
    if name in published(folder):
        raise FolderError(f"{folder / name}: is published already; published forecasts are never made anew")
    if wrong := faults(folder, name):
        raise FolderError("\n".join(wrong))
    check_free(folder / name)


def publish(forecast: Forecast, folder: Path) -> Forecast:
    """Write a forecast into the folder of published ones, append its hash to the list, and return it as published.

    Parameters
    ----------
    forecast
        With all that its calibration declares.
    folder
        Of published forecasts; it is made if it is missing.

    Raises
    ------
    FolderError
        If it declares nothing, its weights were declared after it was made, something else lies there, or the folder
        is not what was published.
    """
    statement, calibration = forecast.statement, forecast.provenance["calibration"]
    check_declared(None if statement is None else statement.weights.declared, forecast.made, calibration)
    assert statement is not None
    name = name_of(forecast.made, calibration)
    check_publishable(folder, name)
    before = _list(folder)
    final = replace(forecast, statement=statement.model_copy(update={"follows": _digest(before)}))
    write_forecast(final, folder / name)
    line = f"{_hash_of(folder / name)}  {name}\n"
    try:
        write_files(folder, {LIST: (before + line).encode("ascii")})
    except OSError as error:
        raise FolderError(f"{folder / LIST}: cannot write there: {reason_of(error)}") from None
    return final


def _list(folder: Path) -> str:
    try:
        if not (folder / LIST).exists():
            return ""
        return (folder / LIST).read_bytes().decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        said = reason_of(error) if isinstance(error, OSError) else "expected ASCII text"
        raise FolderError(f"{folder / LIST}: cannot be read: {said}") from None


def _hash_of(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise FolderError(f"{file}: cannot be read: {reason_of(error)}") from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
