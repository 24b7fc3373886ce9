"""Fit several scenarios together: parameters shared by all patrons, own to each, or partially pooled over them."""
