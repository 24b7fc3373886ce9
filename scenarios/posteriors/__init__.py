"""Posterior draws: small tables of joint draws of parameters, which scenarios can draw their numbers from.

A file is a CSV with one column per figure, headed by its dotted path, and one row per equally likely draw. Lines that
begin with ``#`` say where it comes from. The shipped ones lie in this folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from dataclasses import dataclass
from pathlib import Path

from papertiger.scenarios.arguments import check_kind, check_text, is_text
from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.numbers import cell_number
from papertiger.scenarios.reading.sources import POSTERIORS

ENDING = ".csv"
MARK = "draws-sha256"
"""Begins the comment that holds the hash of the draws."""
DEFAULT = "partners_2020_m4"
"""What ``parameters: posterior`` means."""
MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Draws:
    """A table of joint draws.

    Attributes
    ----------
    name
        Of the file, without its ending.
    paths
        Dotted path of each column.
    values
        One tuple per draw.
    comments
        What the file says of itself, line by line.
    """

    name: str
    paths: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    comments: tuple[str, ...] = ()


def names() -> list[str]:
    """Return the names of the shipped tables, sorted."""
    return POSTERIORS.names(include_abstract=True)


def load(name_or_path: str, beside: Path | None = None) -> Draws:
    """Return a table of draws.

    Parameters
    ----------
    name_or_path
        The name of a shipped table, or the path of a CSV.
    beside
        The folder that a path is seen from.

    Raises
    ------
    ScenarioError
        When there is none, or it is no such table; each mistake with its line.
    """
    if not is_text(name_or_path):
        message = f"expected the name of shipped draws or the path of a CSV, got {shorten(name_or_path)}"
        raise ScenarioError([Problem("posterior", message=message)])
    if beside is not None:
        check_kind("beside", beside, Path, "the path of a folder")
    if name_or_path in POSTERIORS.shipped:
        shipped = POSTERIORS.shipped[name_or_path]
        return parse(shipped.handle.read_bytes(), shipped.label)
    file = Path(name_or_path) if beside is None else beside / name_or_path
    if not name_or_path.lower().endswith(ENDING) or "\0" in name_or_path:
        message = "no posterior of this name; expected a shipped one or the path of a CSV"
        raise ScenarioError([Problem(name_or_path, message=message, hint=nearest(name_or_path, names()))])
    try:
        if not file.is_file():
            raise ScenarioError([Problem(str(file), message="no such file")])
        if file.stat().st_size > MAX_BYTES:
            raise ScenarioError([Problem(str(file), message=f"larger than {MAX_BYTES // 1_000_000} MB")])
        return parse(file.read_bytes(), str(file))
    except OSError as error:
        raise ScenarioError([Problem(str(file), message=f"cannot read the file: {error.strerror}")]) from None


def parse(data: bytes, label: str) -> Draws:
    """Return the draws of a file's bytes.

    Parameters
    ----------
    data
        CSV in UTF-8.
    label
        What messages call the file.

    Raises
    ------
    ScenarioError
        With every line that is wrong, up to ten.
    """
    check_text("label", label)
    check_kind("data", data, bytes, "the bytes of a CSV")
    try:
        text = data.decode("utf-8-sig")
        rows = [
            (number, [cell.strip() for cell in next(csv.reader([line]))])
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip() and not line.startswith("#")
        ]
    except (UnicodeDecodeError, csv.Error):
        raise ScenarioError([Problem(label, message="not a CSV in UTF-8")]) from None
    if len(rows) < 2:
        message = "no draws: expected a heading of dotted paths and at least one row"
        raise ScenarioError([Problem(label, message=message)])
    problems: list[Problem] = []
    line, paths = rows[0]
    if len(set(paths)) != len(paths) or not all(paths):
        problems.append(Problem(label, line, "", "expected headings that differ, each a dotted path"))
    values: list[tuple[float, ...]] = []
    for line, cells in rows[1:]:
        try:
            numbers = tuple(map(cell_number, cells))
        except ValueError:
            wrong = next(cell for cell in cells if not _is_number(cell))
            problems.append(Problem(label, line, "", f"expected numbers, got {shorten(wrong)}"))
            continue
        if len(numbers) != len(paths):
            problems.append(Problem(label, line, "", f"expected {len(paths)} numbers, got {len(numbers)}"))
        elif not all(map(math.isfinite, numbers)):
            endless = next(number for number in numbers if not math.isfinite(number))
            problems.append(Problem(label, line, "", f"expected finite numbers, got {endless}"))
        values.append(numbers)
    if problems:
        raise ScenarioError(problems[:10])
    name = label.replace("\\", "/").rpartition("/")[2]
    marks = [line.removeprefix("#").split() for line in text.splitlines() if line.startswith("#")]
    if any(mark[:1] == [MARK] and mark[1:] != [hash_of_rows(text)] for mark in marks):
        message = (
            f"the draws are not those that were written ({MARK} differs); take the file anew from its calibration, "
            f"or drop the comment {MARK} from a table of your own"
        )
        raise ScenarioError([Problem(label, message=message)])
    said = tuple(line[1:].strip() for line in text.splitlines() if line.startswith("#"))
    return Draws(name.removesuffix(ENDING), tuple(paths), tuple(values), said)


def hash_of_rows(text: str) -> str:
    """Return the SHA-256 of all that a table of draws says in its heading and its rows.

    Parameters
    ----------
    text
        Of the file; comments, blank lines and the ends of lines do not count.
    """
    check_text("text", text)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _is_number(cell: str) -> bool:
    try:
        cell_number(cell)
    except ValueError:
        return False
    return True


def to_csv(draws: Draws) -> str:
    """Return a table of draws as the text of its file.

    Parameters
    ----------
    draws
        The table; numbers are written with six significant digits.

    Raises
    ------
    ScenarioError
        When `parse` would not take it: it is not to be written then.
    """
    check_kind("draws", draws, Draws, "a table of draws")
    stream = io.StringIO()
    for comment in draws.comments:
        stream.write(f"# {' '.join(comment.split())}\n")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(draws.paths)
    writer.writerows([f"{value:.6g}" for value in row] for row in draws.values)
    text = stream.getvalue()
    if len(text.encode()) > MAX_BYTES:
        message = f"the table of draws would be larger than {MAX_BYTES // 1_000_000} MB, which cannot be read again"
        raise ScenarioError([Problem(draws.name, message=message)])
    parse(text.encode(), draws.name)
    return text
