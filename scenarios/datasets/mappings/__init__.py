"""Turn the field's event data into events of a scenario, by a mapping file that anyone can read and change."""
