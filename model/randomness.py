"""Keyed random numbers: every draw is a pure function of who draws, when, and what for.

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"),
which turns a counter and a key into four random words without any state. The counter holds the run, the month,
the actor and the purpose, so adding or removing a state or an event moves nobody else's luck, and two scenarios
that differ in one event share every other draw (common random numbers).

All arithmetic is on integers below 2**64 with explicit masks, so that plain Python and compiled code agree.
"""

from __future__ import annotations

import math
from operator import index as as_index

from papertiger.model.elementary import log

MASK32 = 0xFFFFFFFF
MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
ROUNDS = 10

MAX_SEED = 2**63 - 1
MAX_RUN = 2**32 - 1
"""Seeds and numbers of runs beyond their words would give the draws of smaller ones."""

# Purposes: what a draw is for. A number once given is never used for anything else.
PARAMETER = 1
INCOME = 2
REVIEW = 3
CHOICE = 4
COVERT_START = 5
COVERT_DISCOVERY = 6
SUCCESSION = 7
SUCCESSION_CONTESTED = 8
CRISIS = 9
CRISIS_INTENSITY = 10
ASK_FOR_HELP = 11
HELP = 12
HELP_WORKS = 13
REFUSAL = 14
COMPLAINT = 15
AIR_DEFENCE = 16
COERCION = 17
CLAIM = 18
CRITICISM = 19
COURTING = 20
SUPPORT_LAPSE = 21
SUPPORT_DELIVERY = 22
OFFER = 23
OFFER_WITHDRAWAL = 24
BREAK = 25
BREAK_DESTINATION = 26
CRISIS_MEANS = 30


def check_whole(name: str, value: object, low: int, high: int) -> int:
    """Return a whole number within bounds, NumPy's included, or refuse it by its name.

    Raises
    ------
    ValueError
        When it is no whole number (a truth value is none), or out of bounds.
    """
    try:
        number = as_index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        raise ValueError(f"{name}: expected a whole number, got {value!r}")
    if not low <= number <= high:
        raise ValueError(f"{name}: expected a whole number from {low} to {high}, got {number}")
    return number


def check_seed(value: object, name: str = "seed") -> int:
    """Return a seed, or refuse what is none."""
    return check_whole(name, value, 0, MAX_SEED)


def check_run(value: object, name: str = "run") -> int:
    """Return the number of a run, or refuse what is none."""
    return check_whole(name, value, 0, MAX_RUN)


def philox(
    counter_0: int, counter_1: int, counter_2: int, counter_3: int, key_0: int, key_1: int
) -> tuple[int, int, int, int]:
    """Return the four words of Philox4x32-10 for a counter and a key.

    Parameters
    ----------
    counter_0, counter_1, counter_2, counter_3, key_0, key_1
        Words of 32 bits.

    Returns
    -------
    tuple of four int
        Words of 32 bits.

    References
    ----------
    Salmon et al. 2011, doi 10.1145/2063384.2063405; reference vectors of Random123 are in the tests.
    """
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * counter_0
        product_1 = MULTIPLIER_1 * counter_2
        counter_0 = ((product_1 >> 32) & MASK32) ^ counter_1 ^ key_0
        counter_1 = product_1 & MASK32
        counter_2 = ((product_0 >> 32) & MASK32) ^ counter_3 ^ key_1
        counter_3 = product_0 & MASK32
        key_0 = (key_0 + WEYL_0) & MASK32
        key_1 = (key_1 + WEYL_1) & MASK32
    return counter_0, counter_1, counter_2, counter_3


def uniform(seed: int, run: int, month: int, actor: int, purpose: int, index: int) -> float:
    """Draw a number from the uniform distribution on [0, 1) with 53 random bits.

    Parameters
    ----------
    seed
        Seed of the experiment, 0 to 2**63 - 1.
    run
        Number of the run, 0 to 2**32 - 1.
    month
        Number of the calendar month (see `papertiger.model.calendar`), 0 to 65,535; the draws of figures take 0.
    actor
        Key of the actor, as `papertiger.scenarios.checking.actor_keys.actor_key` makes it.
    purpose
        One of the constants of this module.
    index
        Which of several draws for the same purpose, 0 to 65,535.
    """
    word_0, word_1, _, _ = philox(
        run & MASK32,
        ((month & 0xFFFF) << 16) | (index & 0xFFFF),
        actor & MASK32,
        purpose & MASK32,
        seed & MASK32,
        (seed >> 32) & MASK32,
    )
    return ((word_0 >> 5) * 67108864.0 + (word_1 >> 6)) / 9007199254740992.0


def normal(seed: int, run: int, month: int, actor: int, purpose: int) -> float:
    """Draw a standard normal number by Marsaglia's polar method.

    The method needs only a logarithm and a square root, which agree to the last bit between plain and compiled
    code; each rejected pair takes the next index.

    References
    ----------
    Marsaglia & Bray 1964, "A convenient method for generating normal variables".
    """
    index = 0
    while True:
        first = 2.0 * uniform(seed, run, month, actor, purpose, index) - 1.0
        second = 2.0 * uniform(seed, run, month, actor, purpose, index + 1) - 1.0
        square = first * first + second * second
        if 0.0 < square < 1.0:
            return first * math.sqrt(-2.0 * log(square) / square)
        index += 2
