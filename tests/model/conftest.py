"""Settings of the model's tests."""

from hypothesis import settings

# How long an example takes says nothing about the model.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
