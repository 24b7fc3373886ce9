// Measures off the trajectories of runs, one function a kind, as experiments/measures has them: the same operations in
// the same order. A reading is what readings.py says of a measure; each function returns one array a column.

const SUSPENDED = 3;

/** Return the columns of a measure: of `runs` runs of `world`, and of those of its twins as `twin(place)` gives them. */
export function measured(reading, world, runs, twin) {
  return KINDS[reading.kind](reading, world, runs, twin);
}

/** Return a function of run, slot and client that reads a trajectory. */
function path(world, name) {
  const { shape, values } = world.array(name);
  const [, slots, clients, width = 1] = shape;
  return (run, slot, client, place = 0) => values[((run * slots + slot) * clients + client) * width + place];
}

function each(runs, value) {
  const values = new Float64Array(runs);
  for (let run = 0; run < runs; run++) values[run] = value(run);
  return values;
}

function belief(of) {
  return ({ client, slot }, world, runs) => {
    const beliefs = path(world, "beliefs");
    const mean = (run, at) => {
      const good = beliefs(run, slot, client, at);
      return good / (good + beliefs(run, slot, client, at + 1));
    };
    return [each(runs, (run) => of((at) => mean(run, at)))];
  };
}

function posture({ client, slot }, world, runs) {
  const postures = path(world, "postures");
  return [each(runs, (run) => postures(run, slot, client))];
}

function destination({ client, slot, names }, world, runs) {
  const goals = path(world, "destinations");
  return [Array.from({ length: runs }, (_, run) => names[goals(run, slot, client)] ?? "")];
}

function patron({ index, slot }, world, runs) {
  const { shape, values } = world.array("patron");
  return [each(runs, (run) => values[(run * shape[1] + slot) * shape[2] + index])];
}

function tie({ client, slot, index }, world, runs) {
  const levels = path(world, "levels");
  return [each(runs, (run) => levels(run, slot, client, index))];
}

/** Return how many of some clients have gone, by run: the reading that is asked for, and the other one. */
function gone(reading, clients, world, runs) {
  const [postures, regimes] = [path(world, "postures"), path(world, "regimes")];
  const counts = (all) =>
    each(runs, (run) => {
      let count = 0;
      for (const client of clients) {
        const there = postures(run, reading.postures, client) >= SUSPENDED;
        if (there && (all || regimes(run, reading.regimes, client) === 0)) count++;
      }
      return count;
    });
  return reading.counted ? [counts(true), counts(false)] : [counts(false), counts(true)];
}

function defected(reading, world, runs) {
  return gone(reading, [reading.client], world, runs);
}

function shareDefected(reading, world, runs) {
  const members = Math.max(1, reading.clients.length);
  return gone(reading, reading.clients, world, runs).map((counts) => counts.map((count) => count / members));
}

function cascade(reading, world, runs, twin) {
  if (reading.twin === 0) return [new Float64Array(runs), new Float64Array(runs)];
  const here = gone(reading, reading.clients, world, runs);
  const there = gone(reading, reading.clients, twin(reading.twin), runs);
  return here.map((counts, place) => counts.map((count, run) => count - there[place][run]));
}

/** Return the first month of each run, or -1, in which `there(run, month)` holds of a client, and how long it is watched. */
function watched({ client, stays, horizon }, counted, world, runs, there) {
  const regimes = path(world, "regimes");
  const months = world.array("postures").shape[1];
  const [first, until] = [new Int32Array(runs).fill(-1), new Float64Array(runs)];
  for (let run = 0; run < runs; run++) {
    let lost = -1;
    for (let month = 0; month < months; month++) {
      const fallen = !counted && regimes(run, month, client) !== 0;
      if (fallen && lost < 0) lost = month;
      if (first[run] < 0 && stays[0] <= month && month < stays[1] && !fallen && there(run, month)) first[run] = month;
    }
    until[run] = lost < 0 ? horizon : Math.max(Math.min(lost, horizon), 1);
  }
  const times = until.map((value, run) => (first[run] < 0 ? value : first[run] + 1));
  return { first, columns: [times, Float64Array.from(first, (month) => (month < 0 ? 0 : 1))] };
}

function timeTo(reading, world, runs) {
  const postures = path(world, "postures");
  return watched(reading, reading.counted, world, runs, (run, month) => postures(run, month, reading.client) >= reading.rung).columns;
}

function firstMove(reading, world, runs) {
  const { client, start, names } = reading;
  const postures = path(world, "postures");
  const { first, columns } = watched(reading, false, world, runs, (run, month) => postures(run, month, client) !== start);
  return [...columns, Array.from(first, (month, run) => (month < 0 ? "" : names[postures(run, month, client)]))];
}

function changeRate({ starts, stays }, world, runs) {
  const [postures, regimes] = [path(world, "postures"), path(world, "regimes")];
  const present = stays.reduce((sum, [from, until]) => sum + Math.max(0, until - from), 0);
  const rate = (run) => {
    let changes = 0;
    stays.forEach(([from, until], client) => {
      for (let month = from; month < until; month++) {
        const before = month ? postures(run, month - 1, client) : starts[client];
        const old = month ? regimes(run, month - 1, client) : 0;
        if (postures(run, month, client) !== before && regimes(run, month, client) === old) changes++;
      }
    });
    return changes / (Math.max(1, present) / 6);
  };
  return [each(runs, rate)];
}

const KINDS = {
  capability: belief((mean) => mean(0)),
  resolve: belief((mean) => mean(2)),
  protection: belief((mean) => mean(0) * mean(2)),
  posture,
  destination,
  patron,
  tie,
  defected,
  share_defected: shareDefected,
  cascade,
  time_to: timeTo,
  first_move: firstMove,
  change_rate: changeRate,
};
