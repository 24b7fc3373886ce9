"""Define what seats may do and when."""
