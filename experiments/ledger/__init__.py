"""Read the ledger of runs: each cause's part of a belief, in numbers and in words."""
