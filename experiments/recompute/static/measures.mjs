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

function timeTo({ client, rung, stays, horizon, counted }, world, runs) {
  const [postures, regimes] = [path(world, "postures"), path(world, "regimes")];
  const months = world.array("postures").shape[1];
  const [times, events] = [new Float64Array(runs), new Float64Array(runs)];
  for (let run = 0; run < runs; run++) {
    let lost = -1;
    let reached = -1;
    for (let month = 0; month < months; month++) {
      const fallen = !counted && regimes(run, month, client) !== 0;
      if (fallen && lost < 0) lost = month;
      const there = stays[0] <= month && month < stays[1] && !fallen && postures(run, month, client) >= rung;
      if (there && reached < 0) reached = month;
    }
    const watched = lost < 0 ? horizon : Math.max(Math.min(lost, horizon), 1);
    times[run] = reached < 0 ? watched : reached + 1;
    events[run] = reached < 0 ? 0 : 1;
  }
  return [times, events];
}

function firstMove({ client, start, names, stays, horizon }, world, runs) {
  const [postures, regimes] = [path(world, "postures"), path(world, "regimes")];
  const months = world.array("postures").shape[1];
  const [times, events, goals] = [new Float64Array(runs), new Float64Array(runs), new Array(runs).fill("")];
  for (let run = 0; run < runs; run++) {
    let lost = -1;
    let moved = -1;
    for (let month = 0; month < months; month++) {
      const fallen = regimes(run, month, client) !== 0;
      if (fallen && lost < 0) lost = month;
      const there = stays[0] <= month && month < stays[1] && !fallen;
      if (there && moved < 0 && postures(run, month, client) !== start) moved = month;
    }
    const watched = lost < 0 ? horizon : Math.max(Math.min(lost, horizon), 1);
    times[run] = moved < 0 ? watched : moved + 1;
    events[run] = moved < 0 ? 0 : 1;
    if (moved >= 0) goals[run] = names[postures(run, moved, client)];
  }
  return [times, events, goals];
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
