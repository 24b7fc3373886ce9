"""Learn what moves ties from observed shares by year, and score the forecast of later years."""
