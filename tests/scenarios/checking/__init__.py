"""Tests of what is checked of a file that was read."""
