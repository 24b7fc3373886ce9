"""Tests of the lab: what a page computes equals what Python computes, to the last bit."""
