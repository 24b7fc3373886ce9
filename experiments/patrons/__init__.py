"""Hold seventy years of patrons and clients against what the model says of them, by a plan fixed beforehand."""
