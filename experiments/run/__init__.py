"""Run an experiment in chunks on a backend, and keep what is finished."""
