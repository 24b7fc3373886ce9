"""Check the arguments of statistics: columns of numbers, labels, names of factors, rows of results, levels.

A refusal names the argument, what was expected and what was given, as `papertiger.scenarios.arguments` has it.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Set
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.randomness import check_whole
from papertiger.scenarios.arguments import check_number
from papertiger.scenarios.errors import shorten

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

LARGEST = 1e100
"""Size beyond which the square of a number, or a sum of squares, has no float."""
MAX_RESAMPLES = 100_000
FEW_CHARACTERS = 80


class AnalysisError(ValueError):
    """Refuse an analysis that cannot be made of these results; the text says what is missing."""


def given(value: object) -> str:
    """Return how an argument is quoted in a refusal: an array and a table by their shape, all else shortened."""
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        sides = " x ".join(map(str, shape))
        return f"a table of {sides}" if hasattr(value, "columns") else f"an array of {sides}"
    if isinstance(value, list | tuple):
        text = shorten(repr(value), FEW_CHARACTERS)
        return f"a list, {text[1:-1]}"
    return shorten(value)


def check_level(level: object) -> float:
    """Return the coverage of an interval, or refuse what is none.

    Raises
    ------
    TypeError, ValueError
        If it is no number between 0 and 1.
    """
    return check_number("level", level, 0.0, 1.0)


def check_resamples(resamples: object) -> int:
    """Return a number of bootstrap samples, or refuse what is none."""
    return check_whole("resamples", resamples, 1, MAX_RESAMPLES)


def check_figure(name: str, value: object, low: float = -math.inf, *, missing: bool = False) -> float:
    """Return a number of at least some size, or refuse it.

    Parameters
    ----------
    name, value
        Of the argument.
    low
        The least that is allowed.
    missing
        Whether it may be infinite, or not a number.

    Raises
    ------
    TypeError, ValueError
        If it is no number, or out of bounds.
    """
    expected = "a number" if low == -math.inf else f"a number from {low:g} on"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected {expected}, got {given(value)}")
    number = _float(value)
    if number is None or not (missing or (math.isfinite(number) and number >= low)):
        raise ValueError(f"{name}: expected {expected}, got {given(value)}")
    return number


def check_numbers(
    name: str,
    values: object,
    expected: str,
    *,
    axes: int | None = 1,
    missing: bool = False,
    infinite: bool = False,
) -> NDArray[np.float64]:
    """Return an argument as an array of numbers, truth values included, or refuse it.

    Parameters
    ----------
    name
        Of the argument.
    values
        What was given: a list, an array, a column of a table. Text that could be read as numbers is none.
    expected
        The same in words.
    axes
        How many it has; None takes any.
    missing
        Whether some may be missing (None, or not a number).
    infinite
        Whether some may be infinite.

    Raises
    ------
    TypeError
        If it holds anything but numbers.
    ValueError
        If it has other axes, or values are missing, infinite or larger than can be reckoned with.
    """
    if isinstance(values, np.ndarray) and type(values) is np.ndarray and values.dtype == np.float64:
        plain: NDArray[np.float64] = values
        # What nearly every call brings: nothing that is missing, infinite or too large lies below the limit.
        if axes in (None, plain.ndim) and np.abs(plain).max(initial=0.0) <= LARGEST:
            return plain
    array = _array(name, values, expected)
    if array.dtype.kind not in "biuf":
        if array.dtype.kind != "O" or not array.ndim:
            raise TypeError(f"{name}: expected {expected}, got {given(values)}")
        flat = [_entry(name, value, expected) for value in array.ravel().tolist()]
        array = np.array(flat, dtype=np.float64).reshape(array.shape)
    if axes is not None and array.ndim != axes:
        raise AnalysisError(f"{name}: expected {expected}, got {_shape(values, array)}")
    numbers = array.astype(np.float64)
    if not missing and np.isnan(numbers).any():
        raise AnalysisError(f"{name}: expected {expected}, and {_count(np.isnan(numbers))} missing")
    if not infinite and np.isinf(numbers).any():
        raise AnalysisError(f"{name}: expected {expected}, and {_count(np.isinf(numbers))} infinite")
    large = np.isfinite(numbers) & (np.abs(numbers) > LARGEST)
    if large.any():
        raise AnalysisError(f"{name}: expected {expected}, and {_count(large)} larger than {LARGEST:g}")
    return numbers


def check_truths(name: str, values: ArrayLike, expected: str, *, missing: bool = False) -> NDArray[np.float64]:
    """Return an argument as an array of 0 and 1, or refuse it; those that are missing are not a number.

    Raises
    ------
    TypeError, ValueError
        If it is no list of truth values, or of 0 and 1.
    """
    truths = check_numbers(name, values, expected, missing=missing)
    if not np.isin(truths[~np.isnan(truths)], (0.0, 1.0)).all():
        raise AnalysisError(f"{name}: expected {expected}, as 0 or 1")
    return truths


def check_labels(name: str, values: object, expected: str, *, missing: bool = False) -> list[Any]:
    """Return labels, texts or numbers as a list, None for what is missing, or refuse them.

    Raises
    ------
    TypeError, ValueError
        If it is no list of such, or one is missing.
    """
    array = _array(name, values, expected)
    if array.ndim == 0:
        raise TypeError(f"{name}: expected {expected}, got {given(values)}")
    if array.ndim != 1:
        raise AnalysisError(f"{name}: expected {expected}, got {_shape(values, array)}")
    labels = [None if _is_missing(label) else label for label in array.tolist()]
    for label in labels:
        if label is not None and not isinstance(label, str | Real):
            raise TypeError(f"{name}: expected {expected}, texts or numbers, got {given(label)}")
    if not missing and None in labels:
        raise AnalysisError(f"{name}: expected {expected}, and label {labels.index(None)} is missing")
    if len({isinstance(label, str) for label in labels if label is not None}) > 1:
        raise TypeError(f"{name}: expected {expected}, all texts or all numbers, got both")
    return labels


def check_factors(factors: object) -> tuple[str, ...]:
    """Return the names of factors, or refuse what are none.

    Raises
    ------
    TypeError, ValueError
        If it is no list of texts, there is none, or one comes twice.
    """
    is_table = hasattr(factors, "columns")
    if is_table or isinstance(factors, str | bytes | Mapping | Set) or not isinstance(factors, Iterable):
        raise TypeError(f"factors: expected a list of names, got {given(factors)}")
    names = tuple(factors)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"factors: expected a list of names, got {given(name)}")
    if not names:
        raise AnalysisError("factors: expected at least one name, got none")
    for name in names:
        if names.count(name) > 1:
            raise AnalysisError(f"factors: {shorten(name)} is named twice")
    return names


def check_rows(
    name: str, frame: object, numbers: Iterable[object] = (), hashed: Iterable[object] = (), *, of: str = "results"
) -> pd.DataFrame:
    """Return rows as a table, or refuse what is none.

    Parameters
    ----------
    name, frame
        Of the argument.
    numbers
        Columns that it must have, of numbers that may be missing.
    hashed
        Columns that it must have, of texts or numbers.
    of
        What the rows hold, in words.

    Raises
    ------
    TypeError, ValueError
        If it is no table, a column is missing or comes twice, or one of numbers holds something else.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    numbers, hashed = list(numbers), list(hashed)
    if not isinstance(frame, pd.DataFrame):
        wanted = f" with a column '{[*hashed, *numbers][0]}'" if numbers or hashed else ""
        raise TypeError(f"{name}: expected rows of {of}{wanted}, got {given(frame)}")
    if not frame.columns.is_unique:
        raise AnalysisError(f"{name}: expected rows of {of}, and a column comes twice")
    for column in (*hashed, *numbers):
        if column not in frame.columns:
            raise AnalysisError(f"{name}: expected rows of {of} with a column {shorten(column)}")
    for column in hashed:
        if not all(isinstance(value, Hashable) for value in frame[column].tolist()):
            raise TypeError(f"{name}: expected texts or numbers in the column {shorten(column)}")
    for column in numbers:
        check_numbers(f"{name}: column {shorten(column)}", frame[column], "numbers", missing=True, infinite=True)
    return frame


def _array(name: str, values: object, expected: str) -> NDArray[Any]:
    if isinstance(values, str | bytes | Mapping | Set):
        raise TypeError(f"{name}: expected {expected}, got {given(values)}")
    try:
        if isinstance(values, np.ma.MaskedArray):
            data: NDArray[Any] = np.ma.getdata(values).astype(object)
            data[np.ma.getmaskarray(values)] = None
            return data
        mixed = isinstance(values, list | tuple) and any(value is None or isinstance(value, str) for value in values)
        return np.asarray(values, dtype=object) if mixed else np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name}: expected {expected}, got rows that are not of the same length") from None


def _entry(name: str, value: object, expected: str) -> float:
    if _is_missing(value):
        return math.nan
    if not isinstance(value, Real | np.bool_):
        raise TypeError(f"{name}: expected {expected}, got {given(value)} among them")
    number = _float(value)
    if number is None:
        raise AnalysisError(f"{name}: expected {expected}, and one is larger than {LARGEST:g}")
    return number


def _float(value: Any) -> float | None:
    """Return a number as a float, or None where it is too long for one."""
    try:
        return float(value)
    except OverflowError:
        return None


def _is_missing(value: object) -> bool:
    """Tell whether a value is None, not a number, or one of pandas' words for either."""
    return (
        value is None
        or type(value).__name__ in ("NAType", "NaTType")
        or (isinstance(value, float) and math.isnan(value))
    )


def _shape(values: object, array: NDArray[Any]) -> str:
    return given(values) if array.ndim == 0 else f"shape {array.shape}"


def _count(flags: NDArray[np.bool_]) -> str:
    number = int(flags.sum())
    return f"{number} of {flags.size} {'is' if number == 1 else 'are'}"
