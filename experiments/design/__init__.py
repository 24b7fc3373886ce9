"""What an experiment is: its file, its checks, and its design points."""
