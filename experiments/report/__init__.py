"""Write the report of an experiment: sentences, tables, figures, one HTML page."""
