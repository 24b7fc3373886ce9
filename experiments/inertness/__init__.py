"""Measure which constants move nothing over their whole range, so that none of those counts as a judgement."""
