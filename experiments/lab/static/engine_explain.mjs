// Why a client believes what it believes, and what it weighed: model/ledger.py, experiments/ledger and
// model/agents/choices.py once more, over what the kernel writes. A run is made month by month; before each month the
// same month is tried once with this client made to review and all others made to stay, which leaves behind what it
// would weigh, and changes nothing.

import { pythonSum } from "./engine_setting.mjs";

const LOYAL_RUNG = 0, HEDGING_RUNG = 1, SUSPENDED_RUNG = 3, REALIGNED_RUNG = 4;
const EXACT = 1e-6;
const SHARE_QUANTITIES = ["threat", "protection", "dependence", "patron_threat", "pressure", "defected_peers"];
const MOVABLE_QUANTITIES = [...SHARE_QUANTITIES, "option", "fear"];
const SUCCESSION_CODE = -2, BREAK_CODE = -3, WAR_CODE = -1;
const POSTURE_DECISION = 0, COVERT_DECISION = 1, WITHDRAW_DECISION = 1;
const LASTING = ["clients", "offers", "ties", "first_attraction", "patron"];
const FIRST_ROOM = 4096;

function mean(good, bad) {
  return good / (good + bad);
}

function commitmentOf(posture, constants) {
  if (posture === LOYAL_RUNG) return 1;
  if (posture === REALIGNED_RUNG) return 0;
  return constants[["", "commitment_hedging", "commitment_distancing", "commitment_suspended"][posture]];
}

function utilityOf(target, posture, c, here, w) {
  const away = 1 - c;
  let value = c * (here.threat * here.protection + w.economy_weight * here.dependence + here.anchor);
  value = value + away * here.option;
  value = value - w.autonomy_price * (c * c);
  value = value + w.patron_threat_weight * here.patron_threat * away;
  value = value - away * away * here.fear;
  value = value - w.standing_cost * here.pressure * here.option_economy * c;
  value = value + w.contagion * here.defected_peers * away;
  if (target !== posture) value = value - w.switching_cost;
  if (posture === SUSPENDED_RUNG && target === REALIGNED_RUNG) value = value - w.realignment_cost;
  return value;
}

function termsOf(target, posture, c, here, w, utility) {
  const away = 1 - c;
  let moving = target !== posture ? -w.switching_cost : 0;
  if (posture === SUSPENDED_RUNG && target === REALIGNED_RUNG) moving -= w.realignment_cost;
  const parts = {
    protection: c * here.threat * here.protection,
    dependence: c * w.economy_weight * here.dependence,
    anchor: c * here.anchor,
    options: away * here.option,
    autonomy: -w.autonomy_price * c * c,
    patron_threat: w.patron_threat_weight * here.patron_threat * away,
    fear: -away * away * here.fear,
    standing_cost: -w.standing_cost * here.pressure * here.option_economy * c,
    peers: w.contagion * here.defected_peers * away,
    moving_cost: moving,
  };
  const rest = utility - pythonSum(Object.values(parts));
  return { ...parts, own_rule: Math.abs(rest) > EXACT ? rest : 0 };
}

/** For each quantity that could do it alone, the value at which a rung is worth as much as the likeliest one. */
function tipsOf(worth, here) {
  const tips = {};
  for (const name of MOVABLE_QUANTITIES) {
    const gap = (value) => worth({ ...here, [name]: value });
    const now = here[name];
    const behind = gap(now);
    const slope = gap(now + 1) - behind;
    if (Math.abs(slope) < EXACT) continue;
    const needed = now - behind / slope;
    const high = SHARE_QUANTITIES.includes(name) ? 1 : Infinity;
    if (needed >= 0 && needed <= high && Math.abs(gap(needed)) < EXACT) tips[name] = needed;
  }
  return tips;
}

/** One run of a session, month by month, with its ledger and the choices of one client. */
export class Explained {
  constructor(session, run, client) {
    this.session = session;
    this.world = session.world;
    this.setting = session.setting;
    this.client = client;
    this.entries = [];
    this.closings = [];
    this.breaks = [];
    this.choices = [];
    this.states = [];
    const rows = this.follow(run, FIRST_ROOM);
    if (rows > FIRST_ROOM) this.follow(run, rows);
  }

  /** Follow the run; returns how many rows of the ledger its fullest month has. */
  follow(run, room) {
    const { session, world, client } = this;
    const months = world.months, clients = world.clients.length, rivals = this.setting.rivals.length;
    const kinds = this.shapeOf("fixed.decisions")[2], offers = this.shapeOf("fixed.offer_decisions")[3];
    const placed = session.place([], 1, {
      "fixed.decisions": [months, clients, kinds],
      "fixed.offer_decisions": [months, clients, rivals, offers],
      "fixed.attention_decisions": [months, clients],
      "moving.ledger": [room],
    });
    placed.write("fixed.decisions", new Int8Array(months * clients * kinds).fill(-1));
    placed.write("fixed.offer_decisions", new Int8Array(months * clients * rivals * offers).fill(-1));
    placed.write("fixed.attention_decisions", new Float64Array(months * clients).fill(NaN));
    const constants = this.setting.constants;
    const sure = { ...constants, review_rate: 1.5, break_away: 0, break_toward: 0 };
    this.entries = [];
    this.closings = [];
    this.breaks = [];
    this.choices = [];
    this.states = [];
    let fullest = 0;
    for (let month = 0; month < months; month++) {
      const decisions = placed.numbers("fixed.decisions"), answers = placed.numbers("fixed.offer_decisions");
      const postures = placed.column("start.clients", "posture");
      const base = month * clients * kinds, answerBase = month * clients * rivals * offers;
      for (let i = 0; i < clients; i++) {
        if (i !== client) decisions[base + i * kinds + POSTURE_DECISION] = postures[i];
        decisions[base + i * kinds + COVERT_DECISION] = 0;
        for (let k = 0; k < rivals; k++) answers[answerBase + (i * rivals + k) * offers + WITHDRAW_DECISION] = 0;
      }
      placed.write("fixed.constants", [sure]);
      placed.run(run, 1, month, month + 1);
      const tried = placed.records("moving.clients", client, 1)[0];
      const weights = Array.from(placed.numbers("moving.weights"));
      const pressure = placed.records("moving.patron", 0, 1)[0].pressure;
      decisions.fill(-1, base, base + clients * kinds);
      answers.fill(-1, answerBase, answerBase + clients * rivals * offers);
      placed.write("fixed.constants", [constants]);
      placed.run(run, 1, month, month + 1);
      const written = Number(placed.numbers("moving.written")[0]);
      fullest = Math.max(fullest, written);
      this.note(placed.records("moving.ledger", 0, Math.min(room, written)));
      const after = placed.records("moving.clients", client, 1)[0];
      const ties = placed.numbers("moving.ties");
      const holders = rivals + 2;
      this.states.push({
        ...after,
        arms: ties[client * 2 * holders],
        economy: ties[(client * 2 + 1) * holders],
      });
      if (tried.present) {
        this.choices.push(this.choice(month, postures[client], tried, weights, pressure, after.reviewed));
      }
      for (const name of LASTING) placed.copy(`moving.${name}`, `start.${name}`);
      placed.set("start.fresh", 0);
    }
    return fullest;
  }

  shapeOf(name) {
    return this.world.shapes[this.session.lab.layout.leaves.findIndex(([leaf]) => leaf === name)];
  }

  note(rows) {
    for (const row of rows) {
      if (row.client !== this.client) continue;
      const counts = [row.good_capability, row.bad_capability, row.good_resolve, row.bad_resolve];
      if (row.cause === SUCCESSION_CODE) this.closings.push({ month: row.month, counts });
      else if (row.cause === BREAK_CODE) this.breaks.push({ month: row.month, cause: row.channel, counts });
      else this.entries.push({ month: row.month, cause: row.cause, channel: row.channel, counts });
    }
  }

  /** What the client weighed in a month, whether or not it came to a review. */
  choice(month, posture, tried, weights, pressure, reviewed) {
    const c = this.setting.constants, own = this.world.clients[this.client];
    const free = tried.new_outlook >= 0;
    let first = Math.max(LOYAL_RUNG, posture - 1), last = posture + 1;
    let [reason, review] = tried.triggered ? ["event", 1] : ["by itself", c.review_rate];
    if (free) {
      [reason, review] = ["new regime", 1];
      [first, last] = [LOYAL_RUNG, own.sub_state ? HEDGING_RUNG : REALIGNED_RUNG];
    }
    last = Math.min(last, own.sub_state ? Math.max(posture, HEDGING_RUNG) : REALIGNED_RUNG);
    const outlook = this.session.tables.values["fixed.outlooks"][tried.outlook];
    const here = {
      threat: Math.min(1, outlook.threat + tried.attack_level),
      protection:
        mean(tried.capability_good, tried.capability_bad) * mean(tried.resolve_good, tried.resolve_bad),
      dependence: tried.dependence,
      anchor: tried.anchor,
      option: tried.outside_option,
      option_economy: tried.best_economy,
      patron_threat: Math.min(1, tried.claim_level),
      fear: tried.fear,
      pressure,
      defected_peers: tried.peers,
    };
    const costs = free ? { ...c, switching_cost: 0, realignment_cost: 0 } : c;
    const targets = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    const worth = (target, there) => utilityOf(target, posture, commitmentOf(target, c), there, costs);
    const utilities = targets.map((target) => worth(target, here));
    const likeliest = targets[utilities.indexOf(Math.max(...utilities))];
    const total = pythonSum(targets.map((target) => weights[target]));
    const rungs = targets.map((target, n) => ({
      posture: target,
      chance: weights[target] / total,
      utility: utilities[n],
      terms: termsOf(target, posture, commitmentOf(target, c), here, costs, utilities[n]),
      tips: target === likeliest ? {} : tipsOf((there) => worth(target, there) - worth(likeliest, there), here),
    }));
    const staying = pythonSum(rungs.filter((rung) => rung.posture === posture).map((rung) => rung.chance));
    return {
      month: this.monthName(month),
      client: own.id,
      posture,
      reason,
      review,
      chosen: reviewed ? tried.next_posture : posture,
      rungs,
      now: Object.fromEntries(MOVABLE_QUANTITIES.map((name) => [name, here[name]])),
      chance_of_moving: review * (1 - staying),
    };
  }

  monthName(month) {
    return this.session.lab.monthName(this.world, month);
  }

  /** Each cause's part of the distance from the first prior at the end of a month, by cause and channel. */
  shares(month) {
    const until = Math.min(month, this.world.clients[this.client].leaves - 1);
    const { forgetting, prior_strength: strength } = this.setting.constants;
    const first = this.setting.clients[this.client].outlook;
    const closed = this.closings.filter((closing) => closing.month <= until);
    const held = new Map();
    for (const entry of this.entries) {
      if (entry.month > until) continue;
      let weight = 1;
      for (let n = entry.month; n < until; n++) weight *= forgetting;
      for (const closing of closed) if (closing.month >= entry.month) weight *= closing.counts[2];
      const key = `${entry.cause} ${entry.channel}`;
      if (!held.has(key)) held.set(key, { cause: entry.cause, channel: entry.channel, counts: [0, 0, 0, 0] });
      const { counts } = held.get(key);
      for (let n = 0; n < 4; n++) counts[n] += weight * entry.counts[n];
    }
    const now = closed.at(-1)?.counts ?? [first.prior_capability, first.prior_resolve];
    const [priorC, priorW] = now;
    const total = [0, 1, 2, 3].map((n) => pythonSum(Array.from(held.values(), (one) => one.counts[n])));
    const nC = strength + total[0] + total[1], nW = strength + total[2] + total[3];
    const capability = (strength * priorC + total[0]) / nC, resolve = (strength * priorW + total[2]) / nW;
    const shares = Array.from(held.values(), ({ cause, channel, counts: [goodC, badC, goodW, badW] }) => {
      const partC = ((1 - priorC) * goodC - priorC * badC) / nC;
      const partW = ((1 - priorW) * goodW - priorW * badW) / nW;
      const protection = partC * (resolve + priorW) / 2 + partW * (capability + priorC) / 2;
      return { cause, channel, capability: partC, resolve: partW, protection };
    });
    if (priorC !== first.prior_capability || priorW !== first.prior_resolve) {
      shares.push({
        cause: SUCCESSION_CODE,
        channel: 3,
        capability: priorC - first.prior_capability,
        resolve: priorW - first.prior_resolve,
        protection: priorC * priorW - first.prior_capability * first.prior_resolve,
      });
    }
    return shares;
  }

  /** The same split between the two beliefs that each cause went by way of. */
  snapshot(month) {
    const shares = this.shares(month);
    const { resolve_good: good, resolve_bad: bad } = this.states[month];
    const resolve = mean(good, bad);
    const firstW = resolve - pythonSum(shares.map((share) => share.resolve));
    const succession = shares.filter((share) => share.cause === SUCCESSION_CODE).map((share) => share.resolve);
    const priorW = firstW + pythonSum(succession);
    return new Map(
      shares.map((share) => {
        const other = share.cause === SUCCESSION_CODE ? (priorW + firstW) / 2 : (resolve + priorW) / 2;
        const byCapability = share.capability * other;
        return [`${share.cause} ${share.channel}`, { ...share, parts: [byCapability, share.protection - byCapability] }];
      }),
    );
  }

  /** Each cause's part of a change of protection, the largest first; start is null for the prior. */
  ledger(start, end) {
    const after = this.snapshot(end);
    const before = start === null ? new Map() : this.snapshot(start);
    const channels = this.session.lab.layout.channels;
    const changes = [...new Set([...before.keys(), ...after.keys()])].map((key) => {
      const was = before.get(key)?.parts ?? [0, 0], now = after.get(key)?.parts ?? [0, 0];
      const { cause, channel } = before.get(key) ?? after.get(key);
      const by = [now[0] - was[0], now[1] - was[1]];
      return {
        ...this.described(cause),
        channel: channels[channel],
        by_capability: by[0],
        by_resolve: by[1],
        protection: by[0] + by[1],
      };
    });
    const order = (left, right) => (left < right ? -1 : left > right ? 1 : 0);
    return changes
      .filter((part) => part.by_capability !== 0 || part.by_resolve !== 0)
      .sort(
        (left, right) =>
          Math.abs(right.protection) - Math.abs(left.protection) ||
          order(left.cause, right.cause) ||
          order(left.channel, right.channel),
      )
      .map((part) => ({ ...part, label: part.text, amount: part.protection }));
  }

  /** The name of a cause, the month in which it happened, and one line for people. */
  described(code) {
    const { world, setting } = this;
    const events = setting.events.length;
    if (code === WAR_CODE) {
      const text = `${world.adversary ?? "The adversary"} holds out in the war, month after month`;
      return { cause: "war", month: null, text };
    }
    if (code === SUCCESSION_CODE) {
      const text = "Change of regime or treaty: what is expected of the patron from the start";
      return { cause: "succession", month: null, text };
    }
    if (code < 2 * events) {
      const event = setting.happening[code % events];
      const month = event.date.slice(0, 7);
      if (code < events) return { cause: event.id, month, text: event.what };
      return { cause: `no response to ${event.id}`, month, text: `No response to: ${event.what}` };
    }
    const places = world.clients.length * world.months;
    const kind = this.session.lab.layout.generated[Math.floor((code - 2 * events) / places)];
    const rest = (code - 2 * events) % places;
    const client = world.clients[Math.floor(rest / world.months)];
    const month = this.monthName(rest % world.months);
    const cause = `${kind} ${client.id} ${month}`;
    if (kind === "crisis") return { cause, month, text: `Crisis of ${client.name}, drawn by the model` };
    const what = world.signals[kind]?.label ?? kind;
    return { cause, month, text: `${what.slice(0, 1).toUpperCase()}${what.slice(1)} (${client.name}), drawn by the model` };
  }

  /** Where the client's beliefs and ties stood at both ends. */
  beliefs(start, end) {
    const names = ["protection", "capability", "resolve"];
    const at = (month) => {
      const state = this.states[month];
      const capability = mean(state.capability_good, state.capability_bad);
      const resolve = mean(state.resolve_good, state.resolve_bad);
      return { protection: capability * resolve, capability, resolve };
    };
    const after = at(end);
    let before;
    if (start === null) {
      const shares = this.shares(end);
      before = Object.fromEntries(
        names.map((name) => [name, after[name] - pythonSum(shares.map((share) => share[name]))]),
      );
    } else before = at(start);
    const first = this.setting.clients[this.client].outlook;
    const entry = { arms: first.arms_ties[0], economy: first.economy_ties[0] };
    const old = start === null ? entry : this.states[start];
    const ties = {};
    for (const kind of ["arms", "economy"]) ties[kind] = { before: old[kind], after: this.states[end][kind] };
    return { before, after, ties };
  }
}
