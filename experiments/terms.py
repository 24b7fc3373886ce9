"""Name the terms of the utility as people do."""

TERM_WORDS = {
    "protection": "protection from the threat",
    "dependence": "dependence",
    "anchor": "what held it at first",
    "options": "what others offer",
    "autonomy": "price of commitment",
    "patron_threat": "threat from the patron",
    "fear": "fear of retaliation",
    "standing_cost": "cost of standing by the patron",
    "peers": "others that have left",
    "moving_cost": "cost of moving",
    "own_rule": "what your own rule adds",
}
"""What the terms of the utility are called."""
