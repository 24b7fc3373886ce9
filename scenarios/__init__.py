"""tmp."""
from scenarios.schema import Scenario
def load(*a, **k): raise SystemExit
def change(*a, **k): raise SystemExit
