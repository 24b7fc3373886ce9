"""Write the validation page."""
