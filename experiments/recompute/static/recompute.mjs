// Run an experiment again: unpack what a page carries, hold it against its hashes, run, and hold each table against the
// manifest's. Knows nothing of a page; runs in a worker and in Node.

import { load } from "./kernel.mjs";
import { pairedDifference } from "./interval.mjs";
import { measured } from "./measures.mjs";
import { sha256 } from "./sha256.mjs";
import { canonicalTable, numbers } from "./table.mjs";

/** Return what is wrong with the pieces that a page carries, as sentences; none if each has its hash. */
export function damages(pieces) {
  const wrong = [];
  for (const { name, sha256: expected, text } of pieces) {
    let sum = "";
    try {
      sum = sha256(decoded(text));
    } catch {
      // What is no base64 any more has no hash that fits.
    }
    if (sum !== expected) wrong.push(`${name} is not what this page was written with: its SHA-256 differs.`);
  }
  return wrong;
}

/** Return the bytes of base64. */
function decoded(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

async function inflated(text) {
  const stream = new Blob([decoded(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** An experiment that can be run again. */
export class Recomputation {
  /** Unpack the pieces of a page: "plan", "kernel", and a scenario each. */
  static async open(pieces) {
    const texts = Object.fromEntries(pieces.map(({ piece, text }) => [piece, text]));
    const plan = JSON.parse(new TextDecoder().decode(await inflated(texts.plan)));
    const kernel = await load(await inflated(texts.kernel));
    const scenarios = {};
    for (const { piece, text } of pieces) {
      if (piece.startsWith("scenario:")) {
        const scenario = new Scenario(await inflated(text));
        scenarios[scenario.label] = scenario;
      }
    }
    return new Recomputation(plan, kernel, scenarios);
  }

  constructor(plan, kernel, scenarios) {
    Object.assign(this, { plan, kernel, scenarios });
  }

  /** Return whether the points of the design are those of the manifest. */
  get pointsHold() {
    return sha256(numbers(this.plan.values.flat().map((value) => value ?? NaN))) === this.plan.points_sha256;
  }

  /** Yield each part of the manifest as it is run again: the part, the hash that came out, and how many runs. */
  *tables() {
    for (const part of this.plan.parts) {
      const columns = this.rows(part.scenario, part.first_point, part.points, part.first_replicate, part.replicates);
      const sum = sha256(canonicalTable(part, this.plan.seed, columns));
      yield { part, sum, equal: sum === part.sha256, runs: part.points * part.replicates };
    }
  }

  /** Return the columns of a part: error, factors, measures. */
  rows(label, firstPoint, points, firstReplicate, replicates) {
    const { plan } = this;
    const count = points * replicates;
    const columns = [{ name: "error", kind: "text", values: Array(count).fill("") }];
    plan.factors.forEach((name, place) => {
      const values = new Float64Array(count);
      for (let row = 0; row < count; row++) values[row] = plan.values[firstPoint + Math.floor(row / replicates)][place] ?? NaN;
      columns.push({ name, kind: "number", values });
    });
    const names = [...new Set(plan.columns.map(([, , measure]) => measure))];
    const gathered = plan.columns.map(([, kind]) => (kind === "text" ? [] : new Float64Array(count)));
    for (let point = 0; point < points; point++) {
      for (const { first, values } of this.runs(label, firstPoint + point, firstReplicate, replicates, names)) {
        const row = point * replicates + first - firstReplicate;
        values.forEach((column, place) => {
          if (gathered[place] instanceof Float64Array) gathered[place].set(column, row);
          else gathered[place].push(...column);
        });
      }
    }
    plan.columns.forEach(([name, kind], place) => columns.push({ name, kind, values: gathered[place] }));
    return columns;
  }

  /** Yield the columns of some measures of the runs of a point, a room full at a time. */
  *runs(label, point, firstReplicate, replicates, names, change = null) {
    const scenario = this.scenarios[label];
    const last = firstReplicate + replicates;
    for (let first = firstReplicate; first < last; first += this.plan.rows) {
      const runs = Math.min(this.plan.rows, last - first);
      const start = (place) => {
        const world = this.kernel.place(scenario.image(place, point, change));
        world.run(first, runs);
        return world;
      };
      const readings = names.map((name) => scenario.readings[name]);
      // The kernel holds one image at a time: what is read of the scenario itself is read first.
      const world = start(0);
      const plain = readings.map((reading) => (reading.kind === "cascade" && reading.twin ? null : measured(reading, world, runs)));
      const copies = plain.some((value) => value === null) ? copied(world) : null;
      const values = plain.flatMap((value, place) => value ?? measured(readings[place], copies, runs, start));
      yield { first, values };
    }
  }

  /** Return how two scenarios compare on a measure, perhaps with a figure changed: {path, value}. */
  contrast(baseline, against, measure, change = null) {
    const [one, two] = [baseline, against].map((label) => this.outcomes(label, measure, change));
    return { ...pairedDifference(one, two, this.plan.seed), pairs: this.plan.compared.length * this.plan.replicates };
  }

  /** Return the outcomes of a measure that are compared: of each replicate, over the points; or of each point. */
  outcomes(label, measure, change) {
    const { compared, replicates, horizon } = this.plan;
    const time = this.plan.measures[measure].time;
    const matrix = compared.map((point) => {
      const row = new Float64Array(replicates);
      for (const { first, values } of this.runs(label, point, 0, replicates, [measure], change)) {
        values[0].forEach((value, run) => (row[first + run] = time ? (values[1][run] ? Math.min(value, horizon) : horizon) : value));
      }
      return row;
    });
    if (replicates === 1) return Float64Array.from(matrix, (row) => row[0]);
    return Float64Array.from({ length: replicates }, (_, run) => matrix.reduce((sum, row) => sum + row[run], 0) / matrix.length);
  }
}

/** Return the trajectories of a world as they are now, for when the kernel's memory is used again. */
function copied(world) {
  const arrays = {};
  for (const name of ["postures", "regimes"]) {
    const { shape, values } = world.array(name);
    arrays[name] = { shape, values: values.slice() };
  }
  return { array: (name) => arrays[name] };
}

/** The images of a scenario, and how its measures are read. */
class Scenario {
  constructor(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const described = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.label = described.scenario;
    this.readings = described.readings;
    let at = 4 + length;
    this.worlds = described.worlds.map((world) => {
      const image = new Uint8Array(world.size);
      for (const [place, size] of world.pieces) {
        image.set(bytes.subarray(at, at + size), place);
        at += size;
      }
      const patches = world.patches.map((places) =>
        places.map((place) => {
          at += 8;
          return [place, bytes.subarray(at - 8, at)];
        }),
      );
      return { image, patches, places: world.places };
    });
  }

  /** Return the image of a world at a point of the design, with a figure changed where the scenario does not set it. */
  image(place, point, change) {
    const { image, patches, places } = this.worlds[place];
    const changed = change && places[change.path];
    if (!patches[point].length && !changed) return image;
    const copy = image.slice();
    for (const [at, bytes] of patches[point]) copy.set(bytes, at);
    if (changed) new DataView(copy.buffer).setFloat64(changed, change.value, true);
    return copy;
  }
}
