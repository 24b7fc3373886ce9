"""Settings of all tests."""

from hypothesis import settings

# How long an example takes says nothing about the code: on a busy machine it says how busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
