"""The agents of the reference model: clients, the patron, rivals and adversaries.

An agent holds a state and calls the rules of `model.rules` with it; every formula is in a rule. Loops over other
agents run in the scenario's order and add from left to right, so that the compiled ensemble can repeat them to
the last bit.
"""

from model.agents.adversary import Adversary
from model.agents.client import Client
from model.agents.messages import Crisis, Evidence, Posted
from model.agents.patron import Patron
from model.agents.rival import Rival

__all__ = ["Adversary", "Client", "Crisis", "Evidence", "Patron", "Posted", "Rival"]
