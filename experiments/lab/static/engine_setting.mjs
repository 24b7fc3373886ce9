// From a world of the payload and a state of the page to the numbers of a run: what model/template.py, actors.py,
// events.py and rules/ do in Python, once more, with sums and products in the same order. The tests of the lab hold
// every table to that of Python, bit by bit.

export const NOBODY = -1;

/** Add up as Python's sum does from 3.12 on: with the rounding of each step kept beside (Neumaier). */
export function pythonSum(values) {
  let total = 0, rest = 0;
  for (const x of values) {
    const next = total + x;
    rest += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return rest !== 0 && Number.isFinite(rest) ? total + rest : total;
}

/** What a state makes of a world: figures by path, the events that happen, the war's burden. */
export class Setting {
  constructor(world, state = {}) {
    this.world = world;
    for (const key of state.off ?? []) {
      if (!(key in world.switchPaths)) throw new Error(`${world.id} has no switch ${key}`);
    }
    const zero = (state.off ?? []).map((key) => [world.switchPaths[key], 0]);
    this.given = { ...(state.figures ?? {}), ...Object.fromEntries(zero) };
    for (const [path, value] of Object.entries(state.figures ?? {})) {
      if (!(path in world.movable)) throw new Error(`${world.id} has no figure ${path} that can be moved`);
      const [, , least, greatest] = world.movable[path];
      if (!(typeof value === "number" && value >= least && value <= greatest)) {
        throw new Error(`${path}: expected a number from ${least} to ${greatest}, got ${value}`);
      }
    }
    const struck = new Set(state.struck ?? []);
    for (const key of struck) {
      if (!world.events.some((event) => event.id === key)) throw new Error(`${world.id} has no event ${key}`);
    }
    const path = state.path ?? world.war.after;
    if (!(path in world.war.burden)) throw new Error(`${world.id} has no path of the war ${path}`);
    this.path = path;
    this.happening = world.events.filter((event) => !struck.has(event.id));
    this.rivals = Object.values(world.rivals);
    this.constants = Object.fromEntries(world.constants.map((name) => [name, this.figure(`parameters.${name}`)]));
    this.clients = world.clients.map((client) => this.client(client));
    this.events = this.datedEvents();
  }

  has(path) {
    return path in this.world.figures;
  }

  figure(path) {
    const value = this.given[path] ?? this.world.figures[path];
    if (value === undefined) throw new Error(`no figure ${path}`);
    return value;
  }

  client(own) {
    const at = (field) => this.figure(`${own.path}.${field}`);
    const foe = own.adversary;
    return {
      own,
      outlook: this.outlook(own),
      border: at("border"),
      value: at("value"),
      air_attacks: at("air_attacks"),
      clash: foe === null ? 0 : this.figure(`adversaries.${foe}.clash`),
      worth: foe === null ? 0 : this.figure(`adversaries.${foe}.worth`),
      assets: this.world.assets.map((asset) => this.orElse(`${own.path}.assets.${asset}`, 0)),
    };
  }

  orElse(path, otherwise) {
    return this.has(path) ? this.figure(path) : otherwise;
  }

  /** Base protection, base economy and openness by rival; of rivals that are not named, what stood before. */
  options(where, before) {
    const { protection_reach: reach, distance_reach: far } = this.constants;
    const rows = this.rivals.map((key, k) => {
      const path = where(`options.${key}`);
      if (!this.has(`${path}.protection`)) {
        return before ? [before.base_protection[k], before.base_economy[k], before.openness[k]] : [0, 0, 0];
      }
      const gap = this.figure(`rivals.${key}.gap`), size = this.figure(`rivals.${key}.size`);
      const protects = this.figure(`${path}.protection`), trades = this.figure(`${path}.economy`);
      const near = this.figure(`${path}.proximity`);
      return [
        reach * protects * (far + (1 - far) * near) * gap,
        trades * near * size * gap,
        trades > protects ? trades : protects,
      ];
    });
    const column = (n) => rows.map((row) => row[n]);
    return { base_protection: column(0), base_economy: column(1), openness: column(2) };
  }

  exposure(border, bases, diaspora, subState) {
    const c = this.constants;
    if (subState) return 1;
    return Math.min(1, c.exposure_border * border + c.exposure_bases * bases + c.exposure_diaspora * diaspora);
  }

  dependence(arms, economy) {
    const weight = this.constants.arms_weight;
    return weight * arms + (1 - weight) * economy;
  }

  priorResolve(treaty, subState) {
    const c = this.constants;
    if (treaty === "defence_pact") return c.prior_resolve_pact;
    return treaty === "lesser_treaty" || subState ? c.prior_resolve_treaty : c.prior_resolve_none;
  }

  outlook(own) {
    const where = (field) => `${own.path}.${field}`;
    const at = (field) => this.figure(where(field));
    const options = this.options(where, null);
    const arms = at("arms"), economy = at("economy");
    return {
      prior_capability: this.orElse(where("prior_capability"), this.constants.prior_capability),
      prior_resolve: this.has(where("prior_resolve"))
        ? at("prior_resolve")
        : this.priorResolve(own.treaty, own.sub_state),
      threat: at("threat"),
      exposure: this.exposure(at("border"), at("bases"), at("diaspora"), own.sub_state),
      dependence: this.dependence(arms, economy),
      ...options,
      arms_ties: this.ties(where, "arms", arms, options.base_protection),
      economy_ties: this.ties(where, "economy", economy, options.base_economy),
      arms_now: -1,
      economy_now: -1,
    };
  }

  ties(where, kind, own, pulls) {
    let known = this.rivals.map((key) => this.orElse(where(`${kind}_ties.${key}`), -1));
    const left = Math.max(0, 1 - own);
    const total = pythonSum(known.filter((share) => share > 0));
    if (total > left) known = known.map((share) => (share > 0 ? share * left / total : share));
    return this.baseTies(own, known, pulls);
  }

  baseTies(own, named, pulls) {
    const others = this.constants.tie_others;
    const rest = Math.max(0, 1 - own - pythonSum(named.filter((share) => share >= 0)));
    const weights = named.map((share, k) => (share < 0 ? pulls[k] : 0));
    const total = pythonSum(weights) + others;
    return [own, ...named.map((share, k) => (share >= 0 ? share : rest * weights[k] / total)), rest * others / total];
  }

  /** The patron's share is another one; all others share what is left as they did before. */
  inherited(ties, own) {
    const rest = pythonSum(ties.slice(1));
    if (rest <= 0) return [own, ...ties.slice(1, -1), 1 - own];
    return [own, ...ties.slice(1).map((share) => (1 - own) * share / rest)];
  }

  successor(event, old, depends) {
    const where = (field) => `events.${event.id}.successor.${field}`;
    const given = (field, otherwise) => this.orElse(where(field), otherwise);
    const options = this.options(where, old);
    const arms = given("arms", depends[0]), economy = given("economy", depends[1]);
    const outlook = {
      prior_capability: given("prior_capability", old.prior_capability),
      prior_resolve: given("prior_resolve", old.prior_resolve),
      threat: given("threat", old.threat),
      exposure: given("exposure", old.exposure),
      dependence: this.dependence(arms, economy),
      ...options,
      arms_ties: this.inherited(old.arms_ties, arms),
      economy_ties: this.inherited(old.economy_ties, economy),
      arms_now: -1,
      economy_now: -1,
    };
    return [outlook, [arms, economy]];
  }

  situation(event, old, before) {
    const [head, tail, treaty] = event.situation;
    const where = (field) => `${head}${field}${tail}`;
    const given = (field, otherwise) => this.orElse(where(field), otherwise);
    const own = this.world.clients[event.client];
    const now = {
      treaty: treaty || before.treaty,
      border: given("border", before.border),
      bases: given("bases", before.bases),
      diaspora: given("diaspora", before.diaspora),
    };
    const moved = now.border !== before.border || now.bases !== before.bases || now.diaspora !== before.diaspora;
    let resolve = old.prior_resolve;
    if (now.treaty !== before.treaty) {
      resolve += this.priorResolve(now.treaty, own.sub_state) - this.priorResolve(before.treaty, own.sub_state);
    }
    const outlook = {
      ...old,
      prior_resolve: Math.min(1, Math.max(0, resolve)),
      threat: given("threat", old.threat),
      exposure: moved ? this.exposure(now.border, now.bases, now.diaspora, own.sub_state) : old.exposure,
      ...this.options(where, old),
      arms_now: given("arms", -1),
      economy_now: given("economy", -1),
    };
    return [outlook, now];
  }

  /** The events that happen, with outlooks of successors and new situations, which build on each other. */
  datedEvents() {
    const stands = this.clients.map(({ own, outlook }) => {
      const at = (field) => this.figure(`${own.path}.${field}`);
      const structure = { treaty: own.treaty, border: at("border"), bases: at("bases"), diaspora: at("diaspora") };
      return { outlook, depends: [at("arms"), at("economy")], structure };
    });
    return this.happening.map((event) => {
      const stand = stands[event.client];
      let outlook = null, continuity = 0;
      if (event.successor) {
        [outlook, stand.depends] = this.successor(event, stand.outlook, stand.depends);
        stand.outlook = outlook;
        continuity = this.figure(`events.${event.id}.successor.continuity`);
      }
      if (event.situation) {
        const [next, structure] = this.situation(event, stand.outlook, stand.structure);
        outlook = next;
        if (event.builds) Object.assign(stand, { outlook: next, structure });
      }
      const course = event.what === undefined;
      return {
        id: event.id,
        month: event.month,
        kind: event.kind,
        client: event.client,
        rival: event.rival ?? NOBODY,
        signal: event.signal ?? NOBODY,
        always: event.always ?? 0,
        answer_known: event.unanswered ? 0 : 1,
        patron: 0,
        intensity: course ? 2 : this.figure(`events.${event.id}.intensity`),
        loading: this.orElse(`events.${event.id}.loading`, NaN),
        continuity,
        clash: event.adversary === undefined ? 0 : this.figure(`adversaries.${event.adversary}.clash`),
        from_air: event.air ?? (event.client === NOBODY ? 1 : this.clients[event.client].air_attacks),
        outlook,
      };
    });
  }

  similarity() {
    const { similarity_pact: pact, similarity_region: region, similarity_adversary: adversary } = this.constants;
    const total = pact + region + adversary;
    const same = (left, right) => (left !== null && left === right ? 1 : 0);
    return this.world.clients.flatMap((one) =>
      this.world.clients.map((other) => {
        if (one === other || total <= 0) return 0;
        const [p, r, a] = [0, 1, 2].map((n) => same(one.alike[n], other.alike[n]));
        return (pact * p + region * r + adversary * a) / total;
      }),
    );
  }
}

/** The tables of a setting, by the names of the kernel's arguments: rows of records, or numbers in order. */
export function tablesOf(setting) {
  const { world, clients, events, constants } = setting;
  const outlooks = clients.map((client) => client.outlook);
  const rows = events.map((event) => {
    if (event.outlook === null) return { ...event, outlook: NOBODY };
    outlooks.push(event.outlook);
    return { ...event, outlook: outlooks.length - 1 };
  });
  const starts = [];
  for (let month = 0, next = 0; month <= world.months; month++) {
    while (next < rows.length && rows[next].month < month) next += 1;
    starts.push(next);
  }
  const flat = (name) => outlooks.flatMap((outlook) => outlook[name]);
  const income = (name) => setting.figure(`income.${name}`);
  const strength = constants.prior_strength;
  const k = setting.rivals.length;
  const fixed = {
    constants: [constants],
    patrons: [
      {
        ...world.patronTable,
        income_persistence: income("persistence"),
        income_noise: income("elasticity") * income("noise"),
      },
    ],
    clients: clients.map(({ own, ...numbers }, i) => ({ ...own, ...numbers, patron: 0, lead: i })),
    actors: world.clients.map((client) => client.key),
    outlooks,
    base_protection: flat("base_protection"),
    base_economy: flat("base_economy"),
    openness: flat("openness"),
    base_ties: outlooks.flatMap((outlook) => [...outlook.arms_ties, ...outlook.economy_ties]),
    signals: Object.entries(world.signals).map(([name, signal]) => ({
      ...signal.table,
      weight: setting.figure(`signals.${name}.weight`),
      loading: setting.figure(`signals.${name}.loading`),
    })),
    events: rows,
    event_starts: starts,
    similarity: setting.similarity(),
    assets: clients.flatMap((client) => client.assets),
    war_burden: world.war.burden[setting.path],
    income_known: world.income.map((value) => income("elasticity") * value),
    ...world.tables,
  };
  const start = {
    clients: clients.map(({ own, outlook }, i) => ({
      posture: own.posture,
      outlook: i,
      destination: NOBODY,
      covert_rival: NOBODY,
      capability_good: strength * outlook.prior_capability,
      capability_bad: strength * (1 - outlook.prior_capability),
      resolve_good: strength * outlook.prior_resolve,
      resolve_bad: strength * (1 - outlook.prior_resolve),
      dependence: outlook.dependence,
      patron_trust_good: constants.trust_prior_good,
      patron_trust_bad: constants.trust_prior_bad,
    })),
    ties: clients.flatMap(({ outlook }) => [...outlook.arms_ties, ...outlook.economy_ties]),
    patron: [{ budget: 1 }],
    fresh: 1,
  };
  const shapes = {
    "fixed.outlooks": [outlooks.length],
    "fixed.base_protection": [outlooks.length, k],
    "fixed.base_economy": [outlooks.length, k],
    "fixed.openness": [outlooks.length, k],
    "fixed.base_ties": [outlooks.length, 2, k + 2],
    "fixed.events": [rows.length],
    "moving.crises": [world.clients.length + rows.length],
  };
  const values = {};
  for (const [name, held] of Object.entries(fixed)) values[`fixed.${name}`] = held;
  for (const [name, held] of Object.entries(start)) values[`start.${name}`] = held;
  values["key.first_month"] = world.first;
  return { values, shapes };
}
