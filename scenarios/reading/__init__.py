"""Read scenario files: lines, inheritance, merging, overrides, messages."""
