"""Say everything in the reader's language."""
