"""Broken scenario files by what is wrong with them, each with the lines its author is told."""

from __future__ import annotations

HEAD = "title: Broken\ndescription: Broken on purpose\nextends: small\n"  # the case proper begins in line 4

CASES: dict[str, tuple[str, list[str]]] = {
    "game that fits nothing": (
        HEAD
        + """game:
  title: {en: A game, de: Ein Spiel}
  first_month: 2019-01
  last_month: 2020-06
  why: For a test.
  record: {nothing: What?}
  seats:
    clients:
      Alfaa:
        briefing: {de: Nur deutsch.}
        objectives: {}
""",
        [
            "13: game.seats.clients.Alfaa.briefing: missing key 'en'",
            "14: game.seats.clients.Alfaa.objectives: expected at least one entry",
        ],
    ),
    "game of others' names": (
        HEAD
        + """game:
  title: A game
  first_month: 2019-01
  last_month: 2020-06
  why: For a test.
  record: {nothing: What?}
  seats:
    clients:
      Alfaa:
        briefing: A text for all.
        objectives:
          one: {measure: calm, text: Calm., why: Why not.}
          two: {measure: within, client: Alfa, text: Near., why: Why not.}
          three: {measure: network, client: Alfa, text: All., why: Why not.}
""",
        [
            "6: game.first_month: 2019-01 to 2020-06 must lie within 2020-01 to 2022-12, after its start",
            "9: game.record.nothing: no event 'nothing' in this scenario",
            "12: game.seats.clients.Alfaa: no client 'Alfaa' in this scenario (did you mean 'Alfa'?)",
            "15: game.seats.clients.Alfaa.objectives.one: the measure 'calm' needs a 'client'",
            "16: game.seats.clients.Alfaa.objectives.two: the measure 'within' needs a 'posture'",
            "17: game.seats.clients.Alfaa.objectives.three: the measure 'network' has no 'client'",
        ],
    ),
    "unknown key": (
        HEAD + "evnts: {}\n",
        ["4: evnts: unknown key (did you mean 'events'?)"],
    ),
    "unknown key far from any": (
        HEAD + "clients:\n  Alfa:\n    options:\n      Rivalia: {zzz: 1}\n",
        ["7: clients.Alfa.options.Rivalia.zzz: unknown key, expected one of economy, protection, proximity"],
    ),
    "parameter outside parameters": (
        HEAD + "forgetting: 0.9\n",
        ["4: forgetting: unknown key (did you mean 'parameters.forgetting'?)"],
    ),
    "text for a number": (
        HEAD + "parameters:\n  forgetting: high\n",
        ["5: parameters.forgetting: expected a number from 0 to 1, got 'high'"],
    ),
    "decimal comma": (
        HEAD + "parameters:\n  forgetting: 0,98\n",
        ["5: parameters.forgetting: expected a number from 0 to 1, got '0,98' (did you mean '0.98'?)"],
    ),
    "number out of range": (
        HEAD + "clients:\n  Alfa:\n    threat: 1.5\n",
        ["6: clients.Alfa.threat: expected a number from 0 to 1, got 1.5"],
    ),
    "distribution out of range": (
        HEAD + "clients:\n  Alfa:\n    threat: {uniform: [0.5, 1.5]}\n",
        ["6: clients.Alfa.threat: expected a number from 0 to 1, got 1.5"],
    ),
    "distribution upside down": (
        HEAD + "parameters:\n  forgetting: {uniform: [0.9, 0.1]}\n",
        ["5: parameters.forgetting: uniform: expected [low, high] with low <= high"],
    ),
    "distribution of three": (
        HEAD + "parameters:\n  forgetting: {uniform: [0.1, 0.2, 0.3]}\n",
        ["5: parameters.forgetting.uniform: expected a list of 2 numbers, got 3 in the list"],
    ),
    "two distributions": (
        HEAD + "parameters:\n  forgetting: {uniform: [0, 1], beta: [1, 1]}\n",
        ["5: parameters.forgetting: expected exactly one of uniform, loguniform, normal, lognormal, beta, choice"],
    ),
    "not a number": (
        HEAD + "parameters:\n  forgetting: .nan\n",
        ["5: parameters.forgetting: expected a finite number, got '.nan'"],
    ),
    "infinite by its size": (
        HEAD + "parameters:\n  forgetting: 1e999\n",
        ["5: parameters.forgetting: expected a finite number, got '1e999'"],
    ),
    "word not on the list": (
        HEAD + "clients:\n  Alfa: {posture: Hedgeing}\n",
        [
            "5: clients.Alfa.posture: expected one of loyal, hedging, distancing, suspended, realigned, "
            "got 'Hedgeing' (did you mean 'hedging'?)"
        ],
    ),
    "yes for true": (
        HEAD + "clients:\n  Alfa: {sub_state: yes}\n",
        ["5: clients.Alfa.sub_state: expected true or false, got 'yes' (did you mean 'true'?)"],
    ),
    "month that is none": (
        HEAD + "span: {end: 2021-13}\n",
        ["4: span.end: expected a month written YYYY-MM, got '2021-13'"],
    ),
    "span upside down": (
        HEAD + "span: {end: 2019-12}\n",
        ["4: span: expected an end at or after the start 2020-01, got 2019-12"],
    ),
    "month of a path": (
        HEAD + "war: {burden: {points: {2020-1: 0.5}}}\n",
        ["4: war.burden.points.2020-1: expected a month written YYYY-MM as key, got '2020-1'"],
    ),
    "burden above 1": (
        HEAD + "war: {burden: {points: {2020-03: 1.5}}}\n",
        ["4: war.burden.points.2020-03: expected a number from 0 to 1, got 1.5"],
    ),
    "mapping where a word is wanted": (
        HEAD + "war: {after: {ends: true}}\n",
        ["4: war.after: expected one of continues, ends, escalates, got a mapping"],
    ),
    "word where a mapping is wanted": (
        HEAD + "clients: many\n",
        ["4: clients: expected names with keys and values beneath, got 'many'"],
    ),
    "client given as nothing": (
        HEAD + "clients:\n  Alfa:\n",
        ["5: clients.Alfa: expected keys with values, got nothing"],
    ),
    "misspelt client": (
        HEAD + "clients:\n  Alpha: {threat: 0.4}\n",
        ["5: clients.Alpha: missing keys 'arms', 'economy', 'value' (did you mean 'Alfa'?)"],
    ),
    "no title": (
        "description: Nameless\nextends: small\n",
        ["1: missing key 'title'"],
    ),
    "blank title": (
        'title: " "\ndescription: x\nextends: small\n',
        ["1: title: expected text, got nothing"],
    ),
    "name given": (
        HEAD + "name: other\n",
        ["4: name: the file's name is the scenario's name; leave this key out"],
    ),
    "event of an unknown client and kind": (
        HEAD + "events:\n  new: {date: 2021-10, kind: atack, client: alfa, what: x}\n",
        [
            "5: events.new.client: no client 'alfa' in this scenario (did you mean 'Alfa'?)",
            "5: events.new.kind: no signal or kind of event 'atack' (did you mean 'attack'?)",
        ],
    ),
    "event without what its kind needs": (
        HEAD + "events:\n  new: {date: 2021-10, kind: attack, client: Alfa, rival: Rivalia, what: x}\n",
        [
            "5: events.new: an event of kind 'attack' needs 'adversary'",
            "5: events.new.rival: an event of kind 'attack' has no 'rival'; it takes adversary, answer, client, "
            "means",
        ],
    ),
    "news that is not the signal's": (
        HEAD + "events:\n  new: {date: 2021-10, kind: criticism, client: Alfa, news: good, what: x}\n",
        ["5: events.new.news: expected bad, as signal 'criticism' is, got 'good'"],
    ),
    "event outside the span": (
        HEAD + "events:\n  new: {date: 2025-01, kind: background, what: x}\n",
        ["5: events.new.date: 2025-01 is outside the scenario's span 2020-01 to 2022-12"],
    ),
    "unknown switch and rival": (
        HEAD + "events:\n  talks:\n    only_if: contested_claims\n    rival: Rivalla\n",
        [
            "6: events.talks.only_if: no switch 'contested_claims' in this scenario "
            "(did you mean 'contested_claim'?)",
            "7: events.talks.rival: no rival 'Rivalla' in this scenario (did you mean 'Rivalia'?)",
        ],
    ),
    "shares of an asset above 1": (
        HEAD + "clients:\n  Bravo: {assets: {port: 0.4, prot: 0.1}}\n",
        [
            "5: clients.Bravo.assets.prot: no asset of the patron 'prot' in this scenario (did you mean 'port'?)",
            "small.yaml:8: patron.assets.port: the clients' shares add up to 1.1, expected at most 1",
        ],
    ),
    "one name for two": (
        HEAD + "adversaries:\n  Rivalia: {}\n  Patronia: {}\n",
        [
            "5: adversaries.Rivalia: the name is already that of a rival",
            "6: adversaries.Patronia: the name is already that of the patron",
        ],
    ),
    "names that cannot be": (
        HEAD + f'events:\n  a/b: {{}}\n  "c ": {{}}\n  {"d" * 61}: {{}}\n',
        [
            "5: events.a/b: a name cannot contain '/'",
            "5: events.a/b: missing keys 'date', 'kind', 'what'",
            "6: events.c : a name cannot begin or end with a space",
            "6: events.c : missing keys 'date', 'kind', 'what'",
            f"7: events.{'d' * 61}: a name has at most 60 characters, this one 61",
            f"7: events.{'d' * 61}: missing keys 'date', 'kind', 'what'",
        ],
    ),
    "removing what cannot be removed": (
        HEAD + "remove:\n  events: [rade]\n  clint: [Alfa]\n",
        ["6: remove.clint: unknown key (did you mean 'clients'?)"],
    ),
    "removing a name that is not there": (
        HEAD + "remove:\n  events: [raid, fal]\n",
        ["5: remove.events.1: nothing of the name 'fal' is inherited (did you mean 'fall'?)"],
    ),
    "twin of itself": (
        HEAD + "counterfactual_to: case\n",
        ["4: counterfactual_to: a scenario cannot be the counterfactual of itself"],
    ),
    "twin of nobody": (
        HEAD + "counterfactual_to: smal\n",
        [
            "4: counterfactual_to: no scenario 'smal' beside this file or among the shipped ones "
            "(did you mean 'small'?)"
        ],
    ),
    "generative months outside the span": (
        HEAD + "generative_from: 2030-01\n",
        ["4: generative_from: 2030-01 is outside the scenario's span 2020-01 to 2022-12"],
    ),
    "client that comes too late": (
        HEAD + "clients: {Bravo: {enters: 2030-01}}\n",
        ["4: clients.Bravo.enters: 2030-01 is after the end of the scenario's span, 2022-12"],
    ),
    "leaving before entering": (
        HEAD + "clients: {Bravo: {enters: 2021-03, leaves: 2021-03}}\n",
        ["4: clients.Bravo.leaves: expected a month after the client's entry, 2021-03, got 2021-03"],
    ),
    "leaving before the start": (
        HEAD + "clients: {Bravo: {leaves: 2019-12}}\n",
        [
            "4: clients.Bravo.leaves: expected a month after the start of the scenario's span, 2020-01, got 2019-12; "
            "remove the client instead"
        ],
    ),
    "course that says nothing": (
        HEAD + "clients: {Bravo: {course: {why: later}}}\n",
        [
            "4: clients.Bravo.course: expected what changes: one of arms, bases, border, diaspora, economy, options, "
            "threat, treaty"
        ],
    ),
    "course of nobody and of no month": (
        HEAD
        + """clients:
  Bravo:
    course:
      threat: {2021: 0.5}
      arms: {2021-04: 1.5}
""",
        [
            "7: clients.Bravo.course.threat.2021: expected a month written YYYY-MM as key, got '2021'",
            "8: clients.Bravo.course.arms.2021-04: expected a number from 0 to 1, got 1.5",
        ],
    ),
    "course towards an unknown rival": (
        HEAD + "clients: {Bravo: {course: {options: {Rivala: {2021-04: {economy: 1}}}}}}\n",
        ["4: clients.Bravo.course.options.Rivala: no rival 'Rivala' in this scenario (did you mean 'Rivalia'?)"],
    ),
    "course and a new situation at once": (
        HEAD
        + """clients: {Bravo: {course: {threat: {2021-04: 0.5}}}}
events:
  base: {date: 2021-04, kind: new_situation, client: Bravo, situation: {bases: 1}, what: x}
""",
        [
            "4: clients.Bravo.course.threat.2021-04: 'base' brings a new situation in the same month; "
            "say it in one place"
        ],
    ),
    "answer of what is no attack": (
        HEAD
        + """events:
  scolding: {date: 2021-04, kind: criticism, client: Bravo, news: bad, answer: unknown, what: x}
""",
        [
            "5: events.scolding.answer: an event of kind 'criticism' has no 'answer'; it takes adversary, client, "
            "loading, news"
        ],
    ),
    "missing parent": (
        "title: x\ndescription: y\nextends: smull\n",
        ["3: extends: no scenario 'smull' beside this file or among the shipped ones (did you mean 'small'?)"],
    ),
    "duplicate key": (
        HEAD + "events:\n  raid: {intensity: 1}\n  raid: {intensity: 3}\n",
        ["6: events.raid: duplicate key, first given in line 5"],
    ),
    "anchor and alias": (
        HEAD + "clients:\n  Alfa: &a {threat: 0.1}\n  Bravo: *a\n",
        [
            "5: clients.Alfa: '&a' is an anchor; anchors and aliases are not used here",
            "6: clients.Bravo: '*a' refers to an anchor; write the value out",
        ],
    ),
    "merge key": (
        HEAD + "clients:\n  Alfa:\n    <<: {threat: 0.1}\n",
        ["6: clients.Alfa.<<: merge keys are not used here; 'extends' takes over what another file says"],
    ),
    "tag": (
        HEAD + "clients: !!python/object:os.system {}\n",
        ["4: clients: the tag 'tag:yaml.org,2002:python/object:os.syst…' is not used here; write a plain value"],
    ),
    "two documents": (
        HEAD + "---\ntitle: second\n",
        ["4: expected one document in the file, found a second one"],
    ),
    "list at the top": (
        "- title\n",
        ["1: expected keys with values at the top of the file, got a list"],
    ),
    "list as a key": (
        HEAD + "clients: {[1, 2]: 3}\n",
        ["4: clients: expected a name as key, got a mapping or a list"],
    ),
    "deep nesting": (
        HEAD + "clients: " + "[" * 5000 + "]" * 5000 + "\n",
        ["4: clients" + ".0" * 29 + ": nested more than 30 levels deep"],
    ),
    "control character": (
        HEAD + 'war: {adversary: "a\\x07b"}\n',
        ["4: war.adversary: the control character U+0007 is not allowed in text"],
    ),
    "long number": (
        HEAD + f"claims: [{'9' * 5000}]\n",
        [f"4: claims.0: expected a number of at most 18 digits, got '{'9' * 39}…'"],
    ),
    "only what a parent has to be asked for": (
        "title: x\ndescription: y\nremove: {events: [raid]}\n",
        [
            "1: missing keys 'span', 'patron', 'war', 'income', 'clients', 'signals', 'parameters'",
            "3: remove: only a scenario that extends another one has something to remove",
        ],
    ),
}
