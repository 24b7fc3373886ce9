// The paired difference of two scenarios with its BCa interval, as experiments/statistics/paired.py makes it. The
// resampling draws its own numbers here, so the ends of an interval may differ from the program's in the last digit.

const RESAMPLES = 2000;
const LEVEL = 0.95;
const ROUNDING = 1e-12;

/** Return the difference of paired outcomes, with less without: means, difference, interval, and how many differ. */
export function pairedDifference(before, after, seed) {
  const n = before.length;
  const differences = after.map((value, i) => value - before[i]).sort();
  const result = { n, mean_baseline: mean(before), mean_against: mean(after), low: NaN, high: NaN, alike: null };
  result.difference = mean(differences);
  result.changed = differences.reduce((count, value) => count + (value !== 0), 0) / n;
  const scale = Math.max(...before.map(Math.abs), ...after.map(Math.abs), 0);
  if (n < 2) return result;
  if (differences[n - 1] - differences[0] <= ROUNDING * Math.max(Math.abs(differences[0]), Math.abs(differences[n - 1]), scale)) {
    if (Math.abs(result.difference) <= ROUNDING * scale) Object.assign(result, { difference: 0, changed: 0 });
    return { ...result, alike: (1 - LEVEL) ** (1 / n) };
  }
  const [low, high] = bca(differences, result.difference, seed);
  return { ...result, low, high };
}

/** Return the mean by a compensated sum. */
function mean(values) {
  let sum = 0;
  let rest = 0;
  for (const value of values) {
    const next = sum + value;
    rest += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + rest) / values.length;
}

function bca(values, estimate, seed) {
  const n = values.length;
  const draw = generator(seed);
  const means = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += values[Math.floor(draw() * n)];
    means[i] = sum / n;
  }
  means.sort();
  const tolerance = ROUNDING * Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
  let share = 0;
  for (const one of means) share += one < estimate - tolerance ? 1 : one <= estimate + tolerance ? 0.5 : 0;
  share = Math.min(Math.max(share / RESAMPLES, 0.5 / RESAMPLES), 1 - 0.5 / RESAMPLES);
  const bias = normalQuantile(share);
  let [squares, cubes] = [0, 0];
  for (const value of values) {
    squares += (value - estimate) ** 2;
    cubes += (value - estimate) ** 3;
  }
  const acceleration = cubes / (6 * squares ** 1.5);
  const ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2].map((tail) => {
    const shifted = bias + normalQuantile(tail);
    return quantile(means, normalShare(bias + shifted / (1 - acceleration * shifted)));
  });
  return [Math.min(...ends, estimate), Math.max(...ends, estimate)];
}

/** Return uniform numbers from a seed (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function quantile(ordered, share) {
  const place = share * (ordered.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, ordered.length - 1);
  return ordered[below] + (place - below) * (ordered[above] - ordered[below]);
}

/** Return the share of the normal distribution below a number (Abramowitz & Stegun 1964, 7.1.26, error below 1.5e-7). */
function normalShare(x) {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (series * Math.exp(-z * z)) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** Return the number that a share of the normal distribution lies below, by halving. */
function normalQuantile(share) {
  let [low, high] = [-8, 8];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
