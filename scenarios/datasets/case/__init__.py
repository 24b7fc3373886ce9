"""Write a scenario, and the postures that were observed in it, from the field's data sets."""
