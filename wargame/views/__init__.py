"""Compute what each seat may see."""
