// Run worlds in workers and gather what they bring: a few runs while a slider moves, thousands once it is still.

import { Lab } from "./engine.mjs";

/** Runs of which beliefs are gathered, too. */
export const FIRST = 300;
const CHUNK = 250;
/** Width of what is taken of the patron: credibility and burden. */
export const PATRON = 2;

/** Do one task in a worker: some runs of one world, with what is drawn of them. */
export function perform(lab, { state, seed, first, runs, client }) {
  const world = lab.worlds.find((one) => one.id === state.world);
  const [months, clients] = [world.months.length, world.clients.length];
  const names = client >= 0 ? ["postures", "patron", "beliefs"] : ["postures", "patron"];
  const placed = lab.session(state, seed).place(names, runs);
  placed.run(first, runs, 0, months);
  const postures = placed.numbers("kept.postures").slice();
  world.clients.forEach(({ enters = 0, leaves = months }, k) => {
    for (let month = 0; month < months; month++) {
      if (month >= enters && month < leaves) continue;
      for (let run = 0; run < runs; run++) postures[(run * months + month) * clients + k] = -1;
    }
  });
  const measured = placed.numbers("kept.patron");
  const [width, measures] = [placed.shape("kept.patron").at(-1), lab.layout.patron];
  const patron = new Float32Array(runs * months * PATRON);
  for (let k = 0; k < runs * months; k++) {
    patron[k * PATRON] = measured[k * width + measures.indexOf("credibility")];
    patron[k * PATRON + 1] = measured[k * width + measures.indexOf("burden")];
  }
  let protection = null;
  if (client >= 0) {
    const believed = placed.numbers("kept.beliefs");
    protection = new Float32Array(runs * months);
    for (let k = 0; k < runs * months; k++) {
      const at = (k * clients + client) * 4;
      const [can, cannot, will, willNot] = believed.subarray(at, at + 4);
      protection[k] = (can / (can + cannot)) * (will / (will + willNot));
    }
  }
  return { postures, patron, protection };
}

/** Answer a page's tasks; this runs in a worker. */
export function serve(scope) {
  let lab = null;
  scope.onmessage = async ({ data }) => {
    if (data.wasm) {
      lab = Lab.open(data.wasm, data.payload);
      return;
    }
    try {
      const result = perform(await lab, data);
      const buffers = [result.postures.buffer, result.patron.buffer];
      if (result.protection) buffers.push(result.protection.buffer);
      scope.postMessage({ id: data.id, result }, buffers);
    } catch (error) {
      scope.postMessage({ id: data.id, error: String(error?.message ?? error) });
    }
  };
}

/** Workers of the page's own script, and the tasks that wait for them. */
export class Pool {
  constructor(source, data, size) {
    this.size = size;
    this.waiting = [];
    this.tasks = new Map();
    this.next = 1;
    this.idle = [];
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    for (let k = 0; k < size; k++) {
      const worker = new Worker(address);
      worker.postMessage(data);
      worker.onmessage = ({ data: answer }) => this.answered(worker, answer);
      this.idle.push(worker);
    }
  }

  /** Do a task, unless `isWanted` says no by the time a worker is free: then the promise gives null. */
  do(task, isWanted = () => true, urgent = false) {
    return new Promise((resolve, reject) => {
      const entry = { task, isWanted, resolve, reject };
      if (urgent) this.waiting.unshift(entry);
      else this.waiting.push(entry);
      this.pump();
    });
  }

  pump() {
    while (this.idle.length && this.waiting.length) {
      const entry = this.waiting.shift();
      if (!entry.isWanted()) {
        entry.resolve(null);
        continue;
      }
      const id = this.next++;
      this.tasks.set(id, entry);
      this.idle.shift().postMessage({ id, ...entry.task });
    }
  }

  answered(worker, { id, result, error }) {
    const entry = this.tasks.get(id);
    this.tasks.delete(id);
    this.idle.push(worker);
    if (error) entry.reject(new Error(error));
    else entry.resolve(result);
    this.pump();
  }
}

/** What was gathered of one world so far. */
export class Gathered {
  constructor(world, state, seed) {
    Object.assign(this, { world, state, seed, runs: 0, believed: 0 });
    this.months = world.months.length;
    this.clients = world.clients.length;
    this.rungs = world.postures.length;
    this.counts = new Float64Array(this.months * this.clients * this.rungs);
    this.postures = new Int8Array(0);
    this.patron = new Float32Array(0);
    this.protection = new Float32Array(0);
    this.client = -1;
  }

  /** Take the next runs; they come in their order. */
  add(result, runs) {
    const width = this.months * this.clients;
    this.postures = grown(this.postures, this.runs * width, result.postures);
    this.patron = grown(this.patron, this.runs * this.months * PATRON, result.patron);
    const { counts, rungs } = this;
    for (let k = 0; k < runs * width; k++) {
      const posture = result.postures[k];
      if (posture >= 0) counts[(k % width) * rungs + posture]++;
    }
    if (result.protection && this.believed === this.runs) {
      this.protection = grown(this.protection, this.believed * this.months, result.protection);
      this.believed += runs;
    }
    this.runs += runs;
  }

  /** The posture of a client in a month of a run. */
  posture(run, month, client) {
    return this.postures[(run * this.months + month) * this.clients + client];
  }

  /** In how many runs a client stands at a rung or beyond in a month. */
  beyond(month, client, rung) {
    let count = 0;
    const at = (month * this.clients + client) * this.rungs;
    for (let k = rung; k < this.rungs; k++) count += this.counts[at + k];
    return count;
  }

  /** For each run, 1 where a client stands at a rung or beyond in a month. */
  standing(month, client, rung) {
    const values = new Uint8Array(this.runs);
    for (let run = 0; run < this.runs; run++) values[run] = this.posture(run, month, client) >= rung ? 1 : 0;
    return values;
  }

  /** For each run and month, how many clients stand at a rung or beyond. */
  lost(rung) {
    const values = new Uint8Array(this.runs * this.months);
    const { postures, clients } = this;
    for (let k = 0, at = 0; k < values.length; k++) {
      let count = 0;
      for (let client = 0; client < clients; client++, at++) if (postures[at] >= rung) count++;
      values[k] = count;
    }
    return values;
  }

  /** For each run, the first month in which a client stands at a rung or beyond, or the number of months. */
  first(client, rung) {
    const values = new Uint16Array(this.runs);
    for (let run = 0; run < this.runs; run++) {
      let month = 0;
      while (month < this.months && this.posture(run, month, client) < rung) month++;
      values[run] = month;
    }
    return values;
  }
}

function grown(values, length, more) {
  const needed = length + more.length;
  let target = values;
  if (values.length < needed) {
    target = new values.constructor(length ? Math.max(needed, 2 * length) : needed);
    target.set(values.subarray(0, length));
  }
  target.set(more, length);
  return target;
}

/** Run a world on from what is gathered up to so many runs; returns false when it was no longer wanted. */
export async function runOn(pool, gathered, upTo, { client = -1, isWanted = () => true, urgent = false, size = CHUNK, onMore = null }) {
  const parts = [];
  for (let first = gathered.runs; first < upTo; first += size) {
    const runs = Math.min(size, upTo - first);
    const believes = first < FIRST ? client : -1;
    const task = { state: gathered.state, seed: gathered.seed, first, runs, client: believes };
    parts.push([runs, pool.do(task, isWanted, urgent)]);
  }
  if (gathered.runs === 0) gathered.client = client;
  for (const [runs, part] of parts) {
    const result = await part;
    if (result === null || !isWanted()) {
      Promise.allSettled(parts.map(([, other]) => other));
      return false;
    }
    gathered.add(result, runs);
    onMore?.(gathered.runs);
  }
  return true;
}
