"""Find the two camps that actors fall into: landscape theory (Axelrod & Bennett 1993; Furnas & Axelrod 2016).

The energy of a configuration is E = sum_i s_i sum_j s_j p_ij d_ij, where s is size, p_ij how much i likes to be
with j, and the distance d is 1 across camps and 0 within one. Actors that like each other want the distance 0, so
stable configurations are local minima: no single actor lowers E by changing camp. The ladder of
`papertiger.model.rules.choice` is
another theory of the same choice; this module verifies the arithmetic of alignment on a published case and serves
as a static comparator.
"""

from __future__ import annotations

from collections.abc import Sequence


def energy(sizes: Sequence[float], propensities: Sequence[Sequence[float]], camps: Sequence[int]) -> float:
    """Return the energy of a configuration, in squared units of size.

    Parameters
    ----------
    sizes
        s, length N.
    propensities
        p, N x N, above 0 for liking and below 0 for dislike; the diagonal is not used. The published case rates
        pairs from 1 to 5, which enters as the rating minus 3.
    camps
        0 or 1 for each actor, length N.
    """
    total = 0.0
    for i, size in enumerate(sizes):
        for j, other in enumerate(sizes):
            if i != j and camps[i] != camps[j]:
                total += size * other * propensities[i][j]
    return total


def is_local_minimum(sizes: Sequence[float], propensities: Sequence[Sequence[float]], camps: Sequence[int]) -> bool:
    """Tell whether no single actor lowers the energy by changing camp."""
    here = energy(sizes, propensities, camps)
    for actor in range(len(sizes)):
        moved = [1 - camp if index == actor else camp for index, camp in enumerate(camps)]
        if energy(sizes, propensities, moved) < here:
            return False
    return True


def configurations(count: int) -> list[tuple[int, ...]]:
    """Return every way to split actors into two camps, mirror images once: 2 ** (count - 1) of them."""
    return [(0, *((number >> bit) & 1 for bit in range(count - 1))) for number in range(2 ** (count - 1))]
