"""Tests of the pages of parallel games."""
