"""Keep forecasts in files: written once, read as they were written or not at all.

A file of format 2 says all that is needed to hold its maker to it: the weights of the war's paths and the mixture
that they make, what was known, each question in words with the day by which it is decided, and what its baselines
say. One of format 1, as version 0.1.0 wrote it, has paths of the war without weights; it is read, and written where
a calibration declares nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import ConfigDict, Field

from papertiger.experiments.errors import FolderError
from papertiger.experiments.files import write_files
from papertiger.experiments.history.forecast.declaration import PATHS
from papertiger.experiments.history.forecast.statement import Statement
from papertiger.experiments.history.observed.periods import period_number, periods_between
from papertiger.scenarios.errors import listing
from papertiger.scenarios.files import reason_of
from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, parse_json, read_json
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

BARE, DECLARED = 1, 2
FORMATS = (BARE, DECLARED)
NOTE = (
    "Forecast of an agent-based model, with feedback, covert hedging and drawn successions, which the calibration of "
    "its parameters had switched off. The model is an argument, not evidence."
)
DIGITS = 4
ROUNDED = 0.001
"""How far five probabilities of so many digits may be from a sum of 1; files of 0.1.0 rounded each by itself."""
MIXED = 2.0 * 10.0**-DIGITS
"""How far a written mixture may be from the weighted sum of the written paths: the last digit makes a sum of 1."""
LARGEST_FILE = 5_000_000

type Probabilities = Annotated[tuple[float, ...], Field(min_length=len(POSTURES), max_length=len(POSTURES))]
type ByClient = dict[str, dict[str, Probabilities]]


def rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities of `DIGITS` digits that add up to 1 exactly, by the largest remainders.

    Parameters
    ----------
    values
        Probabilities, ... x 5.

    Examples
    --------
    >>> rounded(np.array([1 / 3, 1 / 3, 1 / 3, 0.0, 0.0])).tolist()
    [0.3334, 0.3333, 0.3333, 0.0, 0.0]
    """
    units = 10**DIGITS
    exact = np.round(np.asarray(values, dtype=np.float64) * units, 6)
    whole = np.floor(exact)
    lacking = np.rint(units - whole.sum(axis=-1, keepdims=True))
    rank = np.argsort(np.argsort(whole - exact, axis=-1, kind="stable"), axis=-1, kind="stable")
    return np.asarray((whole + (rank < lacking)) / units)


def mixture_of(probabilities: Mapping[str, NDArray[np.float64]], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the mixture of the paths of the war, Q x N x 5: their weighted sum.

    Parameters
    ----------
    probabilities
        By path.
    weights
        By path; they add up to 1.
    """
    return np.asarray(sum(weights[path] * values for path, values in probabilities.items()))


@dataclass(frozen=True)
class Forecast:
    """Hold a published forecast.

    Attributes
    ----------
    made
        Date on which it was made, YYYY-MM-DD.
    origin
        The last half-year whose postures it knows.
    clients, periods
        Names, lengths N and Q.
    probabilities
        By path of the war, Q x N x 5.
    provenance
        What it was made with.
    statement
        What it declares: weights, questions, who decides; blank where the calibration declared nothing.
    mixture
        The paths with their weights, Q x N x 5, which is the forecast that is scored; blank without a statement.
    baselines
        What is to be beaten, by name, Q x N x 5, from the same origin.
    """

    made: str
    origin: str
    clients: tuple[str, ...]
    periods: tuple[str, ...]
    probabilities: dict[str, NDArray[np.float64]]
    provenance: dict[str, str]
    statement: Statement | None = None
    mixture: NDArray[np.float64] | None = None
    baselines: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text of the file, with the SHA-256 of all it says."""
        content = self._content()
        content["sha256"] = _digest(content)
        return json.dumps(content, ensure_ascii=True, allow_nan=False, indent=1) + "\n"

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "format": BARE if self.statement is None else DECLARED,
            "made": self.made,
            "origin": self.origin,
            "postures": list(POSTURES),
            "provenance": self.provenance,
            "note": NOTE,
        }
        if self.statement is not None and self.mixture is not None:
            content["statement"] = self.statement.model_dump(mode="json")
            content["mixture"] = self._said(self.mixture)
            content["baselines"] = {name: self._said(values) for name, values in self.baselines.items()}
        content["forecast"] = {path: self._said(values) for path, values in self.probabilities.items()}
        return content

    def _said(self, values: NDArray[np.float64]) -> dict[str, dict[str, list[float]]]:
        return {
            client: {
                period: [round(float(value), DIGITS) for value in values[row, column]]
                for row, period in enumerate(self.periods)
            }
            for column, client in enumerate(self.clients)
        }

    @property
    def sha256(self) -> str:
        """Return the hash that the file carries."""
        return _digest(self._content())


def _digest(content: dict[str, Any]) -> str:
    said = {key: value for key, value in content.items() if key != "sha256"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def write_forecast(result: Forecast, file: Path) -> None:
    """Write a forecast, whole or not at all.

    Raises
    ------
    FolderError
        If it cannot be written, or not be read again, or another forecast lies there: an archive is not overwritten.
    """
    text = result.to_json().encode("ascii")
    try:
        parse_json(text, _shape_of(result.statement), str(file), max_bytes=LARGEST_FILE)
    except JsonError as error:
        raise FolderError(f"{error}; the forecast could not be read again, so it is not written") from None
    try:
        check_free(file, text)
        write_files(file.parent, {file.name: text})
    except OSError as error:
        raise FolderError(f"{file}: cannot write there: {reason_of(error)}") from None


def check_free(file: Path, text: bytes | None = None) -> None:
    """Refuse a place where no forecast can be put, before the runs are spent on one.

    Parameters
    ----------
    file
        Where it is to be written.
    text
        What may lie there already; blank allows any file, which may be the same forecast made before.

    Raises
    ------
    FolderError
        If something else lies there, or a forecast that differs: an archive is not overwritten.
    """
    try:
        if file.is_dir():
            raise FolderError(f"{file}: this is a folder, expected a file")
        if file.exists() and not file.is_file():
            raise FolderError(f"{file}: is not an ordinary file")
        if text is not None and file.exists() and (file.stat().st_size != len(text) or file.read_bytes() != text):
            raise FolderError(f"{file}: another forecast lies there; forecasts are kept, take another name (--out)")
    except OSError as error:
        raise FolderError(f"{file}: cannot write there: {reason_of(error)}") from None


class _Form(JsonShape):
    """Read the format of a file, whatever else it says."""

    model_config = ConfigDict(extra="ignore")
    format: Any = BARE


class _Written(JsonShape):
    """Read the file of a forecast, key by key."""

    format: int
    made: str
    origin: str
    postures: tuple[str, ...]
    provenance: dict[str, str]
    note: str
    forecast: Annotated[dict[str, ByClient], Field(min_length=1)]
    sha256: str


class _Declared(_Written):
    """Read the file of a forecast with all that it declares."""

    statement: Statement
    mixture: ByClient
    baselines: dict[str, ByClient]


def _shape_of(statement: object) -> type[_Written]:
    return _Written if statement is None else _Declared


def read_forecast(file: Path) -> Forecast:
    """Return an archived forecast.

    Raises
    ------
    FolderError
        If it cannot be read, is no forecast, or is not what was written.
    """
    try:
        # Another version's file has another shape, so its format is read before the rest.
        form = read_json(file, _Form, max_bytes=LARGEST_FILE).format
        if form not in FORMATS or form is True:
            known = " and ".join(map(str, FORMATS))
            raise FolderError(f"{file}: written in format {json.dumps(form)}, this version reads {known}")
        written = read_json(file, _Written if form == BARE else _Declared, max_bytes=LARGEST_FILE)
    except JsonError as error:
        raise FolderError(f"{error}; this is not a forecast that can be read") from None
    if written.sha256 != _digest(written.model_dump(mode="json")):
        raise FolderError(f"{file}: its hash does not fit what it says, so it has been changed since it was made")
    if written.postures != POSTURES:
        raise FolderError(f"{file}: expected probabilities of {', '.join(POSTURES)}, in this order")
    try:
        return _Reader(file, written).forecast()
    except (LookupError, TypeError, ValueError, AttributeError, StopIteration, OverflowError):
        raise FolderError(f"{file}: this is not a forecast") from None


class _Reader:
    """Check what a file says against itself."""

    def __init__(self, file: Path, written: _Written) -> None:
        self.file, self.written = file, written
        paths = written.forecast
        self.clients = tuple(next(iter(paths.values())))
        self.periods = tuple(next(iter(next(iter(paths.values())).values())))

    def forecast(self) -> Forecast:
        """Return the forecast, or raise `FolderError`."""
        written, periods = self.written, self.periods
        follow = periods_between(periods[0], periods[-1]) == periods
        if not follow or period_number(written.origin) >= period_number(periods[0]):
            raise self._wrong("half-years that follow each other, after the origin")
        if not set(written.forecast) <= set(PATHS):
            raise self._wrong(f"paths of the war among {listing(PATHS)}")
        paths = {path: self._values(said) for path, said in written.forecast.items()}
        bare = Forecast(written.made, written.origin, self.clients, periods, paths, written.provenance)
        return self._with_declared(bare, written) if isinstance(written, _Declared) else bare

    def _with_declared(self, bare: Forecast, written: _Declared) -> Forecast:
        statement = written.statement
        weights = {path: one.weight for path, one in statement.weights.paths.items()}
        if set(weights) != set(bare.probabilities) or abs(sum(weights.values()) - 1.0) > ROUNDED:
            raise self._wrong("a weight for each path of the war, which add up to 1")
        mixture = self._values(written.mixture)
        if np.abs(mixture - mixture_of(bare.probabilities, weights)).max() > MIXED:
            raise self._wrong("a mixture that is the weighted sum of the paths")
        asked = sorted((one.client, one.period) for one in statement.questions)
        if asked != sorted((client, period) for client in self.clients for period in self.periods):
            raise self._wrong("one question for each client and half-year")
        baselines = {name: self._values(said) for name, said in written.baselines.items()}
        return replace(bare, statement=statement, mixture=mixture, baselines=baselines)

    def _values(self, said: ByClient) -> NDArray[np.float64]:
        rows = np.array([[said[client][period] for client in self.clients] for period in self.periods], dtype=float)
        total = rows.sum(axis=-1, keepdims=True)
        if not ((rows >= 0) & (rows <= 1) & (np.abs(total - 1.0) <= ROUNDED)).all():
            raise self._wrong("five probabilities for each client and half-year, which sum to 1")
        if len(said) != len(self.clients) or any(len(rows_of) != len(self.periods) for rows_of in said.values()):
            raise self._wrong("the same clients and half-years throughout")
        return np.asarray(rows / total)

    def _wrong(self, expected: str) -> FolderError:
        return FolderError(f"{self.file}: expected {expected}")
