"""Write a case of one's own to start from: a whole world with a comment for each key, and events as a spreadsheet."""

from __future__ import annotations

from papertiger.starters.files import Files

CASE = """# {title}: a whole world to start from. It runs as it is; change one part after the other.
#
# Every number may be written in three ways:
#   0.5                                                     a bare number
#   {{value: 0.5, source: "where the fact stands"}}           a fact
#   {{value: 0.5, uniform: [0.3, 0.7], why: "the reason"}}    a judgement with the range that a sweep explores
# Other ranges: loguniform, normal [mean, sd], lognormal [median, sigma], beta [a, b], choice [a, b, c].
# A path over months is a number, or {{points: {{1985-01: 0.2, 1987-06: 0.4}}, shape: linear}}; step is the default.
#
# The constants of the model and its table of signals come from 'defaults'; see docs/model.md for each.

extends: defaults

title: "{title}"
description: >-
  Say in a few sentences which patron, which clients and which years these are, and what you knew when you coded them.

span: {{start: 1985-01, end: 1989-12}}   # the first and the last month
mode: replay                           # or generative: crises are drawn instead of read from 'events'
# generative_from: 1989-01             # in replay: from here on crises are drawn

# --- The patron -----------------------------------------------------------------------------------
patron:
  name: Patronia
  main_rival: Rivalia        # one of 'rivals': the track with it is what criticism of clients and courting hang on
  rival_track: {{points: {{1985-01: 1, 1987-12: 1.4}}, why: "Worth more after a treaty; a judgement."}}
  sanctions: {{points: {{1985-01: 0.2}}, why: "Pressure of others on whoever stands with it, 0 to 1."}}
  assets:                    # what clients hold for the patron; each has a weight by month
    ports: {{value: 1, what: "Ports and airfields beyond its borders"}}
    votes: {{value: 0.5, what: "Votes in the United Nations"}}

# The path of its war or other burden, 0 to 1; clients excuse failures in hard times, and means are short then.
war:
  adversary: rebels abroad
  burden: {{points: {{1985-01: 0.1, 1986-06: 0.5, 1988-06: 0.2}}, why: "A war abroad, by its share of the army."}}
  after: continues           # after the last point: continues, ends or escalates, over 'after_months' months

# Income against normal (1), as oil prices do; it makes the budget.
income:
  index: {{points: {{1985-01: 1, 1986-03: 0.8}}, source: "price of crude oil, by your source"}}
  elasticity: {{value: 0.6, uniform: [0.3, 0.9], why: "Part of the budget that income makes."}}
  after: holds               # or ar1: drawn, with 'persistence' and 'noise'

# --- Who else there is ----------------------------------------------------------------------------
rivals:                      # who can make offers to clients
  Rivalia: {{gap: 1, size: 1}}                # gap: how far turning to it is from staying with the patron
  Neighbourland: {{gap: {{value: 0.5, uniform: [0.35, 0.75], why: "A judgement."}}, size: 0.4}}
adversaries:                 # whom clients fear
  Foeland: {{clash: 0.6, worth: 0.1}}         # clash: opposing it hurts the track with the main rival
  rebels: {{clash: 0, worth: 0}}

# --- The clients ----------------------------------------------------------------------------------
clients:
  Alfa:
    code: ALF
    posture: loyal           # loyal, hedging, distancing, suspended or realigned
    treaty: defence_pact     # defence_pact, lesser_treaty or none: it makes the first belief in the patron's resolve
    treaty_note: "Which treaty, with its source."
    pact: League             # members of one club watch each other more
    region: west
    adversary: Foeland
    threat: {{value: 0.5, uniform: [0.35, 0.65], why: "Threat without any event, 0 to 1."}}
    arms: {{value: 0.8, source: "share of its arms imports from the patron, by your source"}}
    economy: {{value: 0.4, source: "share of its trade in goods with the patron, by your source"}}
    border: 1                # 1 where it borders on the patron
    bases: 0.5               # the patron's troops on its soil, 0 to 1
    value: 0.8               # what it is worth to the patron, 0 to 1
    supplied_air_defence: true
    assets: {{ports: 0.6, votes: 0.1}}        # its share of each of the patron's assets
    options:                 # by rival: would it protect, would it pay, how near is it
      Rivalia: {{protection: 0.2, economy: 0.5, proximity: 0.2}}
      Neighbourland: {{protection: 0, economy: 0.5, proximity: 1}}
  Bravo:
    code: BRA
    posture: loyal
    treaty: lesser_treaty
    pact: League
    region: west
    adversary: Foeland
    threat: {{value: 0.3, uniform: [0.2, 0.4], why: "A judgement."}}
    arms: 0.6
    economy: 0.5
    value: 0.5
    assets: {{ports: 0.2, votes: 0.1}}
    options:
      Rivalia: {{protection: 0.5, economy: 0.5, proximity: 0.5}}
  Charlie:
    code: CHA
    posture: hedging
    treaty: none
    region: south
    adversary: rebels
    threat: {{value: 0.6, uniform: [0.45, 0.75], why: "A judgement."}}
    arms: 0.5
    economy: 0.1
    value: 0.3
    assets: {{votes: 0.1}}
    options:
      Rivalia: {{protection: 0.2, economy: 0.2, proximity: 0.2}}

# --- Signals of your own, beside those of 'defaults' ----------------------------------------------
signals:
  parade:
    label: "A parade in the client's capital"
    why: "What a row of signals stands for, in a sentence."
    news: good
    weight: {{value: 0.5, uniform: [0.2, 0.8], why: "Cheap, so it says little; a judgement."}}
    loading: {{value: 0.3, uniform: [0.1, 0.5], why: "More of resolve than of means."}}

# --- What sources dispute: an event can hang on it by only_if or unless ---------------------------
switches:
  secret_promise: {{value: true, why: "Only one memoir speaks of it."}}

# --- What happened --------------------------------------------------------------------------------
# An input is what the patron, an adversary or a rival did; what a client did itself is an 'outcome' and moves no
# belief.
# `papertiger events FILE.csv --from {name}.yaml` makes this part of a spreadsheet; see {name}_events.csv.
events:
  raid:                      # an attack that the patron leaves unanswered becomes a signal of abandonment
    date: 1985-09-10
    kind: attack
    client: Alfa
    adversary: Foeland
    intensity: 2
    what: "Foeland raids a port."
  troops:
    date: 1985-10-02
    kind: intervened         # a signal of 'defaults': good or bad news is said with it
    client: Alfa
    news: good
    intensity: 2
    what: "The patron sends troops."
    happened: "They came within three weeks."
    believed: "It can, and it will."
    source: "your source"
  review:
    date: 1986-05-01
    kind: parade
    client: Bravo
    news: good
    intensity: 1
    what: "A parade."
    source: "your source"
  words:
    date: 1986-11
    kind: words_only
    client: Charlie
    news: bad
    intensity: 2
    what: "Only words against rebels."
    source: "your source"
  credit:
    date: 1987-03
    kind: offer
    client: Bravo
    rival: Rivalia
    intensity: 2
    what: "Rivalia offers a credit."
    source: "your source"
  promise:
    date: 1987-06
    kind: treaty_signed
    client: Charlie
    news: good
    intensity: 1
    only_if: secret_promise
    what: "A secret promise."
    source: "your source"
  scolding:
    date: 1988-02
    kind: criticism
    client: Bravo
    news: bad
    intensity: 2
    what: "The patron criticises it."
    source: "your source"
  fall:
    date: 1988-11
    kind: regime_loss        # who comes then stands where it chooses
    client: Charlie
    intensity: 2
    successor: {{threat: 0.3, options: {{Rivalia: {{protection: 0.5, economy: 0.5, proximity: 0.2}}}}}}
    what: "The ruler falls."
    source: "your source"

# A twin of this world is a file of its own that takes one thing away:
#
#   title: "..., without the troops"
#   description: "Differs in one event."
#   extends: {name}.yaml
#   counterfactual_to: {name}
#   remove: {{events: [troops]}}   # also clients, rivals, adversaries, patrons
"""
EVENTS = """\
id;date;kind;client;adversary;rival;news;intensity;what;source
later_raid;12.03.1989;attack;Bravo;Foeland;;;1,5;Foeland shells a border post.;your source
later_credit;15.06.1989;offer;Alfa;;Neighbourland;;2;A credit is offered.;your source
"""
STUDY = """# What would have been without the patron's troops, and how much hangs on the weight of bad news?
title: "{title}: does one rescue count?"
question: "What does Alfa believe, and where does it end, with the patron's troops and without them?"
description: "Two worlds with the same luck, and one judgement varied over its range."
replicates: 20
scenarios:
  - {{scenario: {name}.yaml, title: "As it was"}}
  - {{scenario: {name}_no_help.yaml, title: "Without the troops"}}
vary:
  news: {{path: parameters.bad_news_weight, title: "weight of bad news"}}
design: {{kind: latin-hypercube, points: 8}}
measures:
  protection: {{kind: protection, client: Alfa}}
  rung: {{kind: posture, client: Alfa}}
  defected: {{kind: share_defected}}
"""
TWIN = """title: "{title}, without the troops"
description: "Differs from its twin in one event: nobody comes to help, so that the raid leaves Alfa abandoned."
extends: {name}.yaml
counterfactual_to: {name}
remove: {{events: [troops]}}
"""


def case_files(name: str) -> Files:
    """Return the files of a case: the world, a twin, an experiment, and a spreadsheet of further events.

    Parameters
    ----------
    name
        Of the case.
    """
    written = {"name": name, "title": name.replace("_", " ").capitalize()}
    return Files(
        {
            f"{name}.yaml": CASE.format(**written),
            f"{name}_no_help.yaml": TWIN.format(**written),
            f"{name}_study.yaml": STUDY.format(**written),
            f"{name}_events.csv": EVENTS,
        },
        (
            f"papertiger check {{{name}.yaml}}",
            f"papertiger run {{{name}.yaml}}",
            f"papertiger explain {{{name}.yaml}} Bravo",
            f"papertiger experiment {{{name}_study.yaml}}",
            f"papertiger events {{{name}_events.csv}} --from {{{name}.yaml}}",
        ),
    )
