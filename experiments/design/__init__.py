"""Define an experiment: its file, its checks, and its design points."""
