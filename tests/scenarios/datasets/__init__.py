"""Tests of the readers of the field's data sets."""
