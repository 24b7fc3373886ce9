"""Write a rule of one's own to start from: the rule, a scenario that declares its parameter, and an experiment."""

from __future__ import annotations

import inspect
from typing import get_type_hints

from papertiger.model.rules.ranges import RANGES
from papertiger.model.rules.rules import Rules
from papertiger.starters.files import Files

RULE = '''"""{title}: a theory of your own, as a set of rules.

Every command that runs the model takes it with: --import {name}.py
"""

{math}import papertiger as pt
from {module} import {imported}


def {name}_{rule}({given}, {own}: float) -> {returns}:
    """Return what the shipped rule '{rule}' returns, times a weight of your own.

    The shipped rule says:

{said}

    A rule is a plain function of numbers: arithmetic without **, comparisons, the math module and other such
    functions. It takes the arguments of the shipped rule in their order, and then parameters of your own by name,
    which the scenario declares. It draws nothing and remembers nothing, and returns {allowed}.
    """
    return {expression}


pt.theory("{name}", "{title}", {rule}={name}_{rule})

# A measure of your own is registered in the same way, and experiments then name its kind:
#
# @pt.measure("{name}_lowest")
# class Lowest(pt.Measure):
#     """Measure the lowest protection that a client ever believed in."""
#
#     needs = ("beliefs",)
#     client: str
#
#     def compute(self, name, batch):
#         return {{name: batch.protection(self.client).min(axis=1)}}
'''
SCENARIO = """# A scenario that declares the parameter of the theory '{name}'. The shipped rules do not
# read it, so that both theories can be run here, with the same luck.
title: "{world_title}, with a parameter of my own"
description: "Differs from {world} in nothing but the parameter that the theory '{name}' takes."
extends: {world}
own_parameters:
  {own}:
    value: 0.8            # what a plain run uses
    uniform: [0.5, 1.0]   # the range that a sweep explores; also normal, beta, lognormal, loguniform and choice
    why: "Say here why you think so, or give a 'source'."
"""
EXPERIMENT = """# Holds the theory '{name}' against the shipped rules: the same scenario, runs and luck.
title: "{title}, against the shipped rules"
question: "Where do clients end under '{name}', and how much hangs on its parameter?"
description: "Theories are a factor like any other: name the scenario once for each."
replicates: 20
scenarios:
  - {{scenario: {name}_world.yaml, label: shipped, title: "The shipped rules"}}
  - {{scenario: {name}_world.yaml, label: {name}, title: "{title}", rules: {name}}}
vary:
  {own}: {{path: own_parameters.{own}}}
design: {{kind: latin-hypercube, points: 8}}
measures:
  defected: {{kind: share_defected}}
  rung: {{kind: posture, client: "{client}"}}
  protection: {{kind: protection, client: "{client}"}}
"""


def rule_files(name: str, rule: str, world: str) -> Files:
    """Return the files of a theory that replaces one rule.

    Parameters
    ----------
    name
        Of the theory.
    rule
        The rule's name in `Rules`.
    world
        Name of the scenario to try it in.
    """
    from papertiger import scenarios  # noqa: PLC0415 - reads files

    shipped = getattr(Rules(), rule)
    hints = get_type_hints(shipped)
    returns = hints.pop("return")
    module = shipped.__module__
    named = sorted({kind.__name__ for kind in hints.values() if kind.__module__ == module} | {rule})
    other = sorted(
        {(kind.__module__, kind.__name__) for kind in hints.values() if kind.__module__ not in (module, "builtins")}
    )
    own = f"{name}_weight"
    call = f"{rule}({', '.join(hints)})"
    allowed = RANGES[rule]
    expression = {
        "bool": f"{call} and {own} > 0.0",
        "int": f"{call} if {own} > 0.0 else {call}",
    }.get(returns.__name__, f"{own} * {call}")
    if allowed.low > 0.0:
        expression = f"max({allowed.low!r}, {expression})"
    loaded = scenarios.load(world)
    said = inspect.getdoc(shipped) or ""
    text = RULE.format(
        name=name,
        title=name.replace("_", " ").capitalize(),
        rule=rule,
        module=module,
        imported=", ".join(named),
        math="",
        given=", ".join(f"{argument}: {kind.__name__}" for argument, kind in hints.items()),
        own=own,
        returns=returns.__name__,
        said="\n".join(f"    {line}".rstrip() for line in said.splitlines()),
        allowed=allowed,
        expression=expression,
    )
    for home, kind in other:
        text = text.replace("import papertiger as pt\n", f"import papertiger as pt\nfrom {home} import {kind}\n", 1)
    written = {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "own": own,
        "world": world,
        "world_title": loaded.title.replace('"', "'"),
        "client": next(iter(loaded.clients)),
    }
    return Files(
        {
            f"{name}.py": text,
            f"{name}_world.yaml": SCENARIO.format(**written),
            f"{name}_study.yaml": EXPERIMENT.format(**written),
        },
        (
            f"papertiger check {{{name}_study.yaml}} --import {{{name}.py}}",
            f"papertiger run {{{name}_world.yaml}} --rules {name} --import {{{name}.py}} --no-figures",
            f"papertiger experiment {{{name}_study.yaml}} --import {{{name}.py}}",
        ),
    )
