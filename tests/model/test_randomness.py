"""The keyed random numbers: a published generator, keyed by who draws, when, and what for."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from papertiger.model import randomness
from papertiger.model.randomness import normal, philox, uniform
from papertiger.scenarios.checking.actor_keys import actor_key

WORD = 0xFFFFFFFF
SEED = 20260131
KEYS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**63 - 1),
        "run": st.integers(0, 2**32 - 1),
        "month": st.integers(0, 65_535),
        "actor": st.integers(0, 2**32 - 1),
        "purpose": st.integers(0, 2**32 - 1),
    }
)
PURPOSES = {
    name: value
    for name, value in vars(randomness).items()
    if name.isupper() and isinstance(value, int) and value < 1000 and name != "ROUNDS"
}


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((WORD,) * 4, (WORD,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_reference_vectors_of_random123(
    counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]
) -> None:
    assert philox(*counter, *key) == words


@given(key=KEYS, index=st.integers(0, 65_535))
def test_uniform_is_at_least_0_and_below_1_with_53_bits(key: dict[str, int], index: int) -> None:
    u = uniform(**key, index=index)
    assert 0.0 <= u < 1.0
    assert (u * 2**53).is_integer()


def test_uniform_at_the_ends_of_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(randomness, "philox", lambda *_: (WORD, WORD, 0, 0))
    assert uniform(0, 0, 0, 0, 0, 0) == 1.0 - 2.0**-53
    monkeypatch.setattr(randomness, "philox", lambda *_: (0, 0, WORD, WORD))
    assert uniform(0, 0, 0, 0, 0, 0) == 0.0


def test_uniform_puts_each_part_of_its_key_into_its_own_word(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []

    def note(*words: int) -> tuple[int, int, int, int]:
        seen.append(words)
        return (0, 0, 0, 0)

    monkeypatch.setattr(randomness, "philox", note)
    uniform((7 << 32) | 8, 1, 2, 4, 5, 3)
    assert seen == [(1, (2 << 16) | 3, 4, 5, 8, 7)]


@pytest.mark.parametrize("varied", ["seed", "run", "month", "actor", "purpose", "index"])
def test_uniform_is_uniform_along_each_part_of_its_key(varied: str) -> None:
    key = {"seed": SEED, "run": 0, "month": 24240, "actor": actor_key("A"), "purpose": 4, "index": 0}
    draws = [uniform(**key | {varied: number}) for number in range(4000)]
    assert stats.kstest(draws, "uniform").pvalue > 0.001
    assert abs(stats.pearsonr(draws[:-1], draws[1:]).statistic) < 4.0 / np.sqrt(4000)


def test_normal_has_the_normal_distribution() -> None:
    draws = np.array([normal(SEED, 0, month, actor_key("A"), randomness.INCOME) for month in range(6000)])
    assert stats.kstest(draws, "norm").pvalue > 0.001
    assert abs(draws.mean()) < 4.0 / np.sqrt(6000)
    assert abs(draws.var() - 1.0) < 4.0 * np.sqrt(2.0 / 6000)
    assert abs(stats.skew(draws)) < 4.0 * np.sqrt(6.0 / 6000)
    assert abs(stats.kurtosis(draws)) < 4.0 * np.sqrt(24.0 / 6000)


def test_normal_takes_the_next_pair_when_the_first_lies_outside_the_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = {0: 0.999, 1: 0.999, 2: 0.5, 3: 0.5, 4: 0.75, 5: 0.5}
    monkeypatch.setattr(randomness, "uniform", lambda *key: draws[key[5]])
    # Pair 0 lies outside the circle, pair 2 in its centre; pair 4 is (1/2, 0), with square 1/4.
    assert normal(1, 0, 0, 0, 0) == 0.5 * np.sqrt(-2.0 * np.log(0.25) / 0.25)


def test_purposes_are_distinct() -> None:
    assert len(PURPOSES) >= 24
    assert len(set(PURPOSES.values())) == len(PURPOSES)


def test_draws_for_distinct_purposes_are_independent() -> None:
    draws = {
        name: [uniform(SEED, run, 24240, actor_key("A"), purpose, 0) for run in range(400)]
        for name, purpose in PURPOSES.items()
    }
    largest = max(
        abs(stats.pearsonr(draws[one], draws[other]).statistic) for one, other in itertools.combinations(draws, 2)
    )
    assert largest < 5.0 / np.sqrt(400)


def test_actor_key_is_the_same_on_every_machine() -> None:
    assert actor_key("Armenia") == 0x1290E46C
    assert actor_key("Türkiye to Armenia") == 0x355923F5


def test_a_thousand_names_have_a_thousand_keys() -> None:
    assert len({actor_key(f"Client {number:03d}") for number in range(1000)}) == 1000
