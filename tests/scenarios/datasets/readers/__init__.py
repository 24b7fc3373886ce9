"""Tests of the readers, a module for each."""
