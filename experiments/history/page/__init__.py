"""Write the page that tells what history says of the model."""
