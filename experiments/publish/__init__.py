"""Publish an experiment as an archive that explains itself, and verify one by running it again."""
