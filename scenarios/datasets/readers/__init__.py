"""Declare each data set in a module of its own: what its columns hold, how it is cited and checked."""
