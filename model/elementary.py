"""Compute the exponential and the logarithm from sums and products alone, so that every machine gives the same bits.

The functions of the system's library differ in the last place from one system to the next, and so did a patron's
budget after some years. These two use only what IEEE 754 rounds alike everywhere: sums, products and a quotient. They
are compiled as they stand, and both engines call them. Each is within one unit in the last place of the true value
over the whole range (`tests/model/test_elementary.py` holds it against mpmath).

The tables are worked out with 60 decimal digits when the module is imported, not copied from anywhere. In plain
Python they are tuples; `papertiger.model.ensemble.compile` puts arrays in their place.

References
----------
Tang 1989, "Table-driven implementation of the exponential function in IEEE floating-point arithmetic", ACM
Transactions on Mathematical Software 15(2).
Tang 1990, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic", the same 16(4).
"""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext

_PRECISE = Context(prec=60)

_EXP_STEPS = 256
_LOG_STEPS = 128


def _rounded(value: Decimal, bits: int) -> float:
    """Return a number rounded to a whole multiple of 2**-bits."""
    return float((value * 2**bits).to_integral_value()) / 2.0**bits


def _in_two_parts(value: Decimal, bits: int) -> tuple[float, float]:
    """Split a number into a multiple of 2**-bits and the rest."""
    head = _rounded(value, bits)
    return head, float(value - Decimal(head))


with localcontext(_PRECISE):
    _LN2 = Decimal(2).ln()
    # The quotient of exp reaches 2**19 and the exponent of log 2**11: products with the first part stay exact.
    EXP_STEP, EXP_STEP_REST = _in_two_parts(_LN2 / _EXP_STEPS, 41)
    STEPS_PER_UNIT = float(_EXP_STEPS / _LN2)
    # The series of exp ends with the fourth power. Most of the fifth can be laid on the third: with this part of it
    # the rest is least over the interval.
    CUBIC = float(Decimal(1) / 6 + Decimal("0.0072") * (_LN2 / (2 * _EXP_STEPS)) ** 2)
    _ROOTS = [_in_two_parts((_LN2 * j / _EXP_STEPS).exp(), 44) for j in range(_EXP_STEPS)]
    LN2, LN2_REST = _in_two_parts(_LN2, 42)
    _LOGS = [_in_two_parts((Decimal(1) / 2 + Decimal(j) / _LOG_STEPS).ln(), 42) for j in range(_LOG_STEPS + 1)]

ROOTS = tuple(head for head, _ in _ROOTS)
ROOT_RESTS = tuple(rest for _, rest in _ROOTS)
LOGS = tuple(head for head, _ in _LOGS)
LOG_RESTS = tuple(rest for _, rest in _LOGS)

LOWEST = 538
POWERS = tuple(2.0 ** (q - LOWEST) for q in range(LOWEST + 513)) + (0.0,) * (2048 - LOWEST - 513)
"""Powers of two, down to half of the lowest exponent of a result and up to half of the highest, and filled up to a
length at which a mask says that a place is within it."""

SHIFTS = tuple(512 >> k for k in range(10))
UP = tuple(2.0**shift for shift in SHIFTS)
DOWN = tuple(2.0**-shift for shift in SHIFTS)

LARGEST_EXPONENT = 709.782712893384
SMALLEST_EXPONENT = -745.1332191019412
INFINITY = math.inf
NOT_A_NUMBER = math.nan

ROUNDER = 6755399441055744.0
"""1.5 * 2**52: what is added to it and taken away again is a whole number, rounded to the nearest."""

QUOTIENT_ROUNDER = 1.5 * 2.0**15
"""The same for whole multiples of 2**-37."""

TINIEST_NORMAL = 2.0**-1022
LIFT = 2.0**64
LOWER = 2.0**-64


def exp(x: float) -> float:
    """Return e to the power of a number, within one unit in the last place.

    Parameters
    ----------
    x
        Any number. Beyond what a float can hold the result is infinite, and never an error; of a nan it is nan.
    """
    # Without a branch, so that compiled code works out several at a time: what is beyond is put right at the end.
    y = max(SMALLEST_EXPONENT, x)
    y = min(LARGEST_EXPONENT, y)
    steps = (y * STEPS_PER_UNIT + ROUNDER) - ROUNDER
    count = int(steps)
    head = y - steps * EXP_STEP
    rest = -steps * EXP_STEP_REST
    r = head + rest
    # exp(r) - 1 by its series: |r| is at most ln 2 / 512, so that what is left out is below a fortieth of the last
    # place. Its two halves are summed beside each other, which takes less time than one after the other.
    square = r * r
    change = head + (rest + square * ((0.5 + r * CUBIC) + square * (1.0 / 24.0)))
    root = ROOTS[count & 255]
    value = root + (ROOT_RESTS[count & 255] + root * change)
    # Two to the power may be beyond what a float holds where the result is not; half of it never is. Only the second
    # product can be a number with fewer digits than others, so that it is rounded once.
    power = count >> 8
    half = power >> 1
    value = value * POWERS[(half + LOWEST) & 2047] * POWERS[(power - half + LOWEST) & 2047]
    value = value if x >= SMALLEST_EXPONENT else 0.0
    value = value if x <= LARGEST_EXPONENT else INFINITY
    return value if x == x else x  # nan, which compiled code tells apart in this way  # noqa: PLR0124


def log(x: float) -> float:
    """Return the natural logarithm of a number, within one unit in the last place.

    Parameters
    ----------
    x
        Any number. The logarithm of 0 is minus infinity, that of a number below 0 nan.
    """
    if not x > 0.0:
        return -INFINITY if x == 0.0 else NOT_A_NUMBER
    if x == INFINITY:
        return x
    power = 0
    y = x
    if y < TINIEST_NORMAL:
        y = y * LIFT
        power = -64
    if y >= 2.0:
        for k in range(10):
            if y >= UP[k]:
                y = y * DOWN[k]
                power += SHIFTS[k]
    elif y < 1.0:
        for k in range(10):
            if y < 2.0 * DOWN[k]:
                y = y * UP[k]
                power -= SHIFTS[k]
        if y < 1.0:
            y = y * 2.0
            power -= 1
    if y > 1.4142135623730951:  # about 1, so that near 1 no two large terms cancel
        y = y * 0.5
        power += 1
    # The nearest 1/2 + j / 128 has its logarithm in the table.
    j = int((y - 0.5) * 128.0 + 0.5)
    near = 0.5 + j * 0.0078125
    # The quotient in two parts, the first of which has few digits: its sum with the head is exact.
    offset = y - near
    quotient = (offset / near + QUOTIENT_ROUNDER) - QUOTIENT_ROUNDER
    remainder = (offset - quotient * near) / near
    u = quotient + remainder
    # log(1 + u) - u by its series: |u| is at most 1/256.
    series = 1.0 / 5.0 - u * (1.0 / 6.0 - u * (1.0 / 7.0 - u * (1.0 / 8.0)))
    tail = u * u * (-0.5 + u * (1.0 / 3.0 - u * (0.25 - u * series)))
    head = power * LN2 + LOGS[j]
    rest = power * LN2_REST + LOG_RESTS[j]
    return (head + quotient) + (remainder + (tail + rest))
