"""Build a panel of patrons and clients from the field's data sets, by rules that stand in a file."""
