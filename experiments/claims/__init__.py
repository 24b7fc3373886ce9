"""Claims: what two source articles say, each measured against a twin that differs in one thing, with a verdict."""
