"""Work out anew what a critic of the model found: a file asks the questions, and this answers them."""
