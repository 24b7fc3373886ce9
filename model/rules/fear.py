"""Fear: what a client that turns away must expect of its patron.

It enters the utility of a posture and the anchor, which `papertiger.model.rules.choice` holds.
"""

from __future__ import annotations


def retaliation_fear(weight: float, exposure: float, capability: float, burden: float, distraction: float) -> float:
    """Return F = phi * e * m_C * (1 - d_F h): fear of retaliation falls as the patron looks weaker or busier."""
    return weight * exposure * capability * (1.0 - distraction * burden)
