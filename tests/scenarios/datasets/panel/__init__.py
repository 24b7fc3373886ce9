"""Tests of the panel of patrons and clients."""
