// Work out what is shown of many runs: quantiles by month, shares with intervals, paired differences.

const Z = 1.959964; // of an interval of 95 %
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Share of all pairs beyond which what every pair of a few shows is taken for a difference. */
const MOST = 0.5;

/** A quantile of sorted numbers, between two of them by a straight line. */
export function quantile(sorted, p) {
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** The five quantiles of each month, of numbers that lie run after run: one row a quantile. */
export function fan(values, runs, months, start = 0, step = 1) {
  const rows = QUANTILES.map(() => new Float64Array(months));
  const column = new Float32Array(runs);
  for (let month = 0; month < months; month++) {
    for (let run = 0; run < runs; run++) column[run] = values[start + (run * months + month) * step];
    column.sort();
    QUANTILES.forEach((p, k) => (rows[k][month] = quantile(column, p)));
  }
  return rows;
}

/** The interval of a share (Wilson 1927), which stays within 0 and 1 and says something at 0 of n. */
export function shareInterval(count, n) {
  if (n === 0) return [0, 1];
  const p = count / n;
  const spread = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const middle = p + (Z * Z) / (2 * n);
  const scale = 1 + (Z * Z) / n;
  return [count === 0 ? 0 : (middle - spread) / scale, count === n ? 1 : (middle + spread) / scale];
}

/** Least share of all pairs that are as all of n pairs were, with 95 % certainty (Clopper & Pearson 1934). */
export function alikeShare(n) {
  return 0.05 ** (1 / n);
}

/**
 * What the second world has more than the first, run by run. For outcomes of 0 and 1 the interval is that of Bonett &
 * Price (2012), for others the normal one. Where every pair differs by the same there is none, and `alike` is said.
 */
export function pairedDifference(first, second) {
  const n = Math.min(first.length, second.length);
  let [sum, squares, changed, up, down] = [0, 0, 0, 0, 0];
  let [meanA, meanB, yesNo] = [0, 0, true];
  const begin = second[0] - first[0];
  let alike = true;
  for (let k = 0; k < n; k++) {
    const difference = second[k] - first[k];
    meanA += first[k] / n;
    meanB += second[k] / n;
    sum += difference;
    squares += difference * difference;
    if (difference !== 0) changed++;
    if (difference > 0) up++;
    if (difference < 0) down++;
    alike &&= difference === begin;
    yesNo &&= (first[k] === 0 || first[k] === 1) && (second[k] === 0 || second[k] === 1);
  }
  const difference = n ? sum / n : NaN;
  let [low, high] = [NaN, NaN];
  if (n > 1 && !alike) {
    if (yesNo) {
      const [more, fewer] = [(up + 1) / (n + 2), (down + 1) / (n + 2)];
      const spread = Z * Math.sqrt((more + fewer - (more - fewer) ** 2) / (n + 2));
      [low, high] = [more - fewer - spread, more - fewer + spread];
    } else {
      const spread = Z * Math.sqrt((squares - (sum * sum) / n) / (n - 1) / n);
      [low, high] = [difference - spread, difference + spread];
    }
  }
  const share = alike && n ? alikeShare(n) : null;
  return { n, meanA, meanB, difference, low, high, changed: changed / n, up, down, alike: share,
           verdict: verdictOf(n, difference, low, high, changed, share) };
}

function verdictOf(n, difference, low, high, changed, alike) {
  if (n < 2) return "unknown";
  if (changed === 0) return "same";
  if (alike !== null) [low, high] = alike > MOST ? [difference, difference] : [0, 0];
  if (low > 0) return "higher";
  if (high < 0) return "lower";
  return "unclear";
}

/** How often each whole number up to `most` occurs. */
export function histogram(values, most) {
  const counts = new Array(most + 1).fill(0);
  for (const value of values) counts[Math.max(0, Math.min(most, Math.round(value)))]++;
  return counts;
}
