"""Landscape theory on a published case: the eleven actors of Furnas & Axelrod 2016."""

from __future__ import annotations

from papertiger.experiments.history.evaluate.landscape import configurations, energy, is_local_minimum

ACTORS = (
    "US",
    "Russia",
    "Syria",
    "Turkey",
    "Saudi Arabia",
    "Iran",
    "ISIS",
    "Hezbollah",
    "Iraqi Kurds",
    "Nursa",
    "Baghdad",
)
SIZES = (10, 10, 50, 10, 10, 20, 100, 20, 40, 10, 50)
# How each pair gets on, from 1 (hostile) to 5 (friendly); 3 is neither, and the diagonal is not used.
RATINGS = (
    (3, 2, 2, 5, 4, 2, 1, 1, 4, 2, 4),
    (2, 3, 4, 2, 3, 3, 1, 3, 2, 2, 4),
    (2, 4, 3, 1, 2, 4, 1, 4, 1, 2, 3),
    (5, 2, 1, 3, 3, 2, 2, 3, 2, 2, 3),
    (4, 3, 2, 3, 3, 1, 1, 3, 3, 2, 3),
    (2, 3, 4, 2, 1, 3, 2, 5, 3, 2, 2),
    (1, 1, 1, 2, 1, 2, 3, 2, 1, 2, 1),
    (1, 3, 4, 3, 3, 5, 2, 3, 3, 2, 3),
    (4, 2, 1, 2, 3, 3, 1, 3, 3, 2, 3),
    (2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2),
    (4, 4, 3, 3, 3, 2, 1, 3, 3, 2, 3),
)
PROPENSITIES = [[rating - 3 for rating in row] for row in RATINGS]


def camp_of(configuration: tuple[int, ...], camp: int) -> set[str]:
    return {actor for actor, side in zip(ACTORS, configuration, strict=True) if side == camp}


def test_eleven_actors_split_in_1024_ways() -> None:
    found = configurations(11)
    assert len(found) == len(set(found)) == 1024
    mirrored = {tuple(1 - camp for camp in one) for one in found}
    assert not mirrored & set(found)


def test_the_published_configuration_is_the_only_local_minimum() -> None:
    minima = [one for one in configurations(11) if is_local_minimum(SIZES, PROPENSITIES, one)]
    assert len(minima) == 1
    assert energy(SIZES, PROPENSITIES, minima[0]) == -83_200
    assert camp_of(minima[0], 1) == {"Turkey", "ISIS", "Nursa"}


def test_no_configuration_lies_lower() -> None:
    assert min(energy(SIZES, PROPENSITIES, one) for one in configurations(11)) == -83_200


def test_energy_counts_each_pair_across_camps_from_both_ends() -> None:
    assert energy([2, 3], [[9, -1], [-2, 9]], [0, 1]) == 2 * 3 * -1 + 3 * 2 * -2
    assert energy([2, 3], [[9, -1], [-2, 9]], [1, 1]) == 0


def test_friends_and_foes_settle_as_they_like() -> None:
    assert is_local_minimum([1, 1], [[0, 1], [1, 0]], [0, 0])
    assert not is_local_minimum([1, 1], [[0, 1], [1, 0]], [0, 1])
    assert is_local_minimum([1, 1], [[0, -1], [-1, 0]], [0, 1])
