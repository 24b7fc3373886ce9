"""Hold what `papertiger new` writes as a whole: a case and a rule of one's own to start from."""
