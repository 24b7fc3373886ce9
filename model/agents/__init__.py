"""The agents of the reference model: clients, the patron, rivals and adversaries.

An agent holds a state and calls the rules of `papertiger.model.rules.rules` with it; every formula is in a rule.
Loops over other
agents run in the scenario's order and add from left to right, so that the compiled ensemble can repeat them to
the last bit.
"""
