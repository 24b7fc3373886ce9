"""Carry an experiment in a page, so that whoever reads it can run all of it again: kernel, images, measures."""
