"""Learn a few constants from what clients did: priors, likelihood, posterior."""
