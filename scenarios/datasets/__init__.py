"""Read the field's standard data sets from files that a modeler has; nothing is downloaded and nothing is shipped."""
