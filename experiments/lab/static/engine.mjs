// The lab without a page: worlds, their figures, and runs of any state, as numbers. No document is touched here, so
// that it works in a page, in a worker and in Node. What it gives equals Python's to the last bit.

import { load } from "./kernel.mjs";
import { Explained } from "./engine_explain.mjs";
import { Placed } from "./engine_memory.mjs";
import { Setting, tablesOf } from "./engine_setting.mjs";
import { experimentText, scenarioText } from "./engine_text.mjs";

const POSTURES = ["loyal", "hedging", "distancing", "suspended", "realigned"];
const DEFECTED = 3;
const CHUNK = 512;
const KEPT_RUNS = 300;
const SWITCHES = {
  trust: {
    path: "parameters.evidence_scale",
    label: { en: "No trust", de: "Kein Vertrauen" },
    why: {
      en: "No signal counts as evidence: every client believes to the end what it believed at the start.",
      de: "Kein Signal zählt: Jeder Klient glaubt bis zum Schluss, was er am Anfang glaubte.",
    },
  },
  threat: {
    path: "parameters.patron_threat_weight",
    label: { en: "No threat from the patron", de: "Keine Drohung der Schutzmacht" },
    why: {
      en: "What the patron itself threatens weighs nothing when a client chooses.",
      de: "Womit die Schutzmacht selbst droht, wiegt nichts, wenn ein Klient wählt.",
    },
  },
  standing: {
    path: "parameters.standing_cost",
    label: { en: "No cost of standing by", de: "Treue kostet nichts" },
    why: {
      en: "Standing with a patron under pressure costs nothing elsewhere.",
      de: "Zu einer bedrängten Schutzmacht zu halten, kostet anderswo nichts.",
    },
  },
};
const WAR_PATHS = {
  continues: {
    label: { en: "The war goes on", de: "Der Krieg geht weiter" },
    why: { en: "Its burden stays where the data end.", de: "Seine Last bleibt, wo die Daten enden." },
  },
  ends: {
    label: { en: "The war ends", de: "Der Krieg endet" },
    why: {
      en: "Its burden falls to nothing after the data end, in a straight line.",
      de: "Nach dem Ende der Daten fällt seine Last geradlinig auf null.",
    },
  },
  escalates: {
    label: { en: "The war escalates", de: "Der Krieg eskaliert" },
    why: {
      en: "Its burden rises to its maximum after the data end, in a straight line.",
      de: "Nach dem Ende der Daten steigt seine Last geradlinig auf das Höchste.",
    },
  },
};

async function unzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Apply what payload.py calls a patch. */
function patched(old, patch) {
  if ("=" in patch) return patch["="];
  const result = {};
  for (const key of Object.keys(old)) {
    if (!(key in patch)) result[key] = old[key];
    else if (patch[key] !== null) result[key] = patched(old[key], patch[key]);
  }
  for (const key of Object.keys(patch)) if (!(key in old)) result[key] = patched({}, patch[key]);
  return result;
}

/** Events by date and then by name, as Python sorts them. */
function eventsInOrder(events) {
  const before = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  return Object.entries(events)
    .map(([id, event]) => ({ id, ...event }))
    .sort((one, other) => before(one.date, other.date) || before(one.id, other.id));
}

function monthName(number) {
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

function monthNumber(name) {
  return 12 * Number(name.slice(0, 4)) + Number(name.slice(5, 7)) - 1;
}

function stepOf(low, high) {
  const rough = (high - low) / 100;
  return rough > 0 ? 10 ** Math.floor(Math.log10(rough)) : 0.01;
}

/** The kernel and the worlds of a payload. */
export class Lab {
  static async open(wasmBytes, payloadBytes) {
    const [kernel, content] = await Promise.all([load(wasmBytes), unzipped(payloadBytes)]);
    return new Lab(kernel, content);
  }

  constructor(kernel, content) {
    this.kernel = kernel;
    this.layout = content.layout;
    const worlds = [];
    for (const { world, like, patch } of content.worlds) worlds.push(world ?? patched(worlds[like], patch));
    this.data = new Map(worlds.map((world) => [world.id, world]));
    for (const world of worlds) {
      world.events = eventsInOrder(world.events);
      world.switchPaths = Object.fromEntries(Object.keys(SWITCHES).map((key) => [key, SWITCHES[key].path]));
    }
    this.worlds = worlds.map((world) => described(world, content.first));
  }

  world(state) {
    const world = this.data.get(state.world ?? this.worlds[0].id);
    if (world === undefined) throw new Error(`no world ${state.world}`);
    return world;
  }

  session(state, seed = 1) {
    return new Session(this, state, seed);
  }

  monthName(world, month) {
    return monthName(world.first + month);
  }

  /** One history with everything that a run's record holds, as flat arrays with their shapes. */
  history(state, seed, run) {
    const session = this.session(state, seed);
    session.firstRun = run;
    session.runs = 1;
    const record = session.paths(this.layout.paths, 1);
    const counts = record.beliefs.values;
    const mean = (n) => counts[n] / (counts[n] + counts[n + 1]);
    const places = counts.length / 4;
    const capability = Float64Array.from({ length: places }, (_, n) => mean(4 * n));
    const resolve = Float64Array.from({ length: places }, (_, n) => mean(4 * n + 2));
    const protection = capability.map((value, n) => value * resolve[n]);
    const shape = record.beliefs.shape.slice(1, 3);
    for (const name of this.layout.paths) record[name].shape = record[name].shape.slice(1);
    return {
      ...record,
      capability: { values: capability, shape },
      resolve: { values: resolve, shape },
      protection: { values: protection, shape },
    };
  }

  /**
   * Why a client believes what it believes at the end of a month, and what it weighed in it. Months are names or
   * numbers; without a month it is the last one, and the choice is that of the likeliest move. A ledger from a
   * `start` counts what changed since the end of that month.
   */
  explain(state, seed, run, client, month = null, start = null) {
    const world = this.world(state);
    const who = typeof client === "number" ? client : world.clients.findIndex((one) => one.id === client);
    if (!(who in world.clients)) throw new Error(`${world.id} has no client ${client}`);
    const numberOf = (name) => {
      if (name === null) return null;
      const number = typeof name === "number" ? name : monthNumber(name) - world.first;
      if (!(number >= 0 && number < world.months)) throw new Error(`${world.id} has no month ${name}`);
      return number;
    };
    const until = numberOf(month) ?? world.months - 1;
    const since = numberOf(start);
    const explained = new Explained(this.session(state, seed), run, who);
    const { choices } = explained;
    const likeliest = choices.reduce(
      (best, one) => (best === null || one.chance_of_moving > best.chance_of_moving ? one : best), null,
    );
    const named = monthName(world.first + until);
    const choice = month === null ? likeliest : choices.find((one) => one.month === named) ?? null;
    return {
      client: world.clients[who].id,
      month: named,
      start: since === null ? null : monthName(world.first + since),
      posture: POSTURES[explained.states[until].posture],
      ...explained.beliefs(since, until),
      ledger: explained.ledger(since, until),
      breaks: explained.breaks
        .filter((one) => one.month <= until && (since === null || one.month > since))
        .map(({ month: at, cause, counts }) => ({
          month: monthName(world.first + at),
          before: POSTURES[counts[0]],
          after: POSTURES[counts[1]],
          cause: this.layout.breaks[cause],
          hazard: counts[2],
        })),
      choice,
      choices,
    };
  }

  /** The text of a scenario file that gives the numbers of a state in the command line. */
  scenario(state) {
    return scenarioText(this.world(state), state);
  }

  /** The text of an experiment file that compares two states, run by run. */
  experiment(before, after, runs = 1000, seed = 1) {
    return experimentText([this.world(before), this.world(after)], [before, after], runs, seed);
  }
}

/** The name of a figure; one of an event begins with the event's own line, which is in English. */
function labelled(world, key, label) {
  const [section, id] = key.split(".");
  const event = section === "events" ? world.events.find((one) => one.id === id) : undefined;
  if (event === undefined) return label;
  const line = `${event.date.slice(0, 7)}, ${event.what}`;
  return Object.fromEntries(Object.entries(label).map(([language, field]) => [language, `${line} (${field})`]));
}

/** What the page shows of a world. */
function described(world, first) {
  const place = (key) => (first.includes(key) ? first.indexOf(key) : first.length);
  return {
    id: world.id,
    title: world.title,
    description: world.description,
    twin: world.twin,
    patron: world.called.names,
    rivals: world.rivalNames,
    months: Array.from({ length: world.months }, (_, month) => monthName(world.first + month)),
    postures: POSTURES,
    path: world.war.after,
    clients: world.clients.map(({ id, names, code, place, enters, leaves }) => ({ id, name: names, code, place, enters, leaves })),
    figures: Object.entries(world.movable)
      .map(([key, [low, high, least, greatest, label, what, unit, group, why, source]]) => ({
        key, label: labelled(world, key, label), what, unit, value: world.figures[key], low, high, least, greatest, step: stepOf(low, high), why,
        source, group,
      }))
      .sort((one, other) => place(one.key) - place(other.key)),
    switches: world.switches.map((key) => ({ key, label: SWITCHES[key].label, why: SWITCHES[key].why })),
    events: world.events
      .filter((event) => event.what !== undefined)
      .map((event) => ({
        key: event.id,
        month: monthName(world.first + event.month),
        clients: event.client < 0 ? [] : [world.clients[event.client].id],
        label: event.what,
        source: event.source,
      })),
    paths: Object.keys(world.war.burden).map((key) => ({ key, ...WAR_PATHS[key] })),
  };
}

/** Runs of one state of a world with one seed, which grow. */
export class Session {
  constructor(lab, state, seed) {
    this.lab = lab;
    this.state = state;
    this.seed = seed;
    this.world = lab.world(state);
    this.setting = new Setting(this.world, state);
    this.tables = tablesOf(this.setting);
    this.tables.values["key.seed"] = BigInt(seed);
    const clients = this.world.clients.length;
    this.counts = new Float64Array(this.world.months * clients * POSTURES.length);
    this.firstMonths = [];
    this.runs = 0;
    this.firstRun = 0;
  }

  /** Put this session's arguments into memory, with room for some runs of what is kept. */
  place(keep, runs, shapes = {}) {
    const { layout, kernel } = this.lab;
    const months = this.world.months;
    const slots = new Array(layout.paths.length * months).fill(-1);
    const sizes = { ...this.tables.shapes, ...shapes };
    layout.leaves.forEach(([name], n) => {
      const path = layout.paths.indexOf(name.slice("kept.".length));
      if (!name.startsWith("kept.") || path < 0 || !keep.includes(layout.paths[path])) return;
      const shape = this.world.shapes[n];
      sizes[name] = [runs, months, ...shape.slice(2)];
      for (let month = 0; month < months; month++) slots[path * months + month] = month;
    });
    return new Placed(kernel, layout, this.world, { ...this.tables.values, "kept.slots": slots }, sizes);
  }

  /** Run some more runs; what is counted is added to that of the runs before. */
  run(first, runs) {
    if (this.runs === 0) this.firstRun = first;
    const months = this.world.months, clients = this.world.clients.length;
    for (let done = 0; done < runs; done += CHUNK) {
      const count = Math.min(CHUNK, runs - done);
      const placed = this.place(["postures"], count);
      placed.run(first + done, count, 0, months);
      const counts = placed.numbers("kept.counts");
      for (let n = 0; n < counts.length; n++) this.counts[n] += Number(counts[n]);
      const postures = placed.numbers("kept.postures");
      for (let run = 0; run < count; run++) {
        const row = new Int16Array(clients).fill(-1);
        for (let i = 0; i < clients; i++) {
          const { enters, leaves } = this.world.clients[i];
          for (let month = Math.max(0, enters); month < Math.min(months, leaves); month++) {
            if (postures[(run * months + month) * clients + i] >= DEFECTED) {
              row[i] = month;
              break;
            }
          }
        }
        this.firstMonths.push(row);
      }
      this.runs += count;
    }
    return this;
  }

  /** Counts of postures by month, client and posture over all runs so far. */
  table() {
    const shape = [this.world.months, this.world.clients.length, POSTURES.length];
    return { counts: this.counts, shape, runs: this.runs };
  }

  /** First month of defection by run and client, -1 for none. */
  firsts() {
    return this.firstMonths;
  }

  /** Paths of the first runs, as far as they were run: flat arrays with their shapes. */
  paths(names = ["postures", "beliefs", "patron"], limit = KEPT_RUNS) {
    const runs = Math.min(this.runs, limit);
    const result = { runs, levelNames: this.lab.layout.levels, patronNames: this.lab.layout.patron };
    const parts = Object.fromEntries(names.map((name) => [name, []]));
    for (let done = 0; done < runs; done += 64) {
      const count = Math.min(64, runs - done);
      const placed = this.place(names, count);
      placed.run(this.firstRun + done, count, 0, this.world.months);
      for (const name of names) parts[name].push(placed.numbers(`kept.${name}`).slice());
      for (const name of names) result[name] ??= { shape: [runs, ...placed.shape(`kept.${name}`).slice(1)] };
    }
    for (const name of names) {
      const whole = new parts[name][0].constructor(parts[name].reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts[name]) {
        whole.set(part, at);
        at += part.length;
      }
      result[name].values = whole;
    }
    return result;
  }
}
