"""The month: scalar rules, the Mesa agents that follow them, and the ensemble that agrees to the last bit."""
