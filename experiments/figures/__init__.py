"""Draw figures of runs. Each function takes a run and returns a matplotlib figure; `style.save` writes it."""
