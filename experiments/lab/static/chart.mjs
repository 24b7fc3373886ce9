// Draw charts as SVG text. Colours stand in the markup, so that a saved picture looks as it does in the page, and are
// those of the printed figures (experiments/figures/style.py): they stay apart for the colour-blind and in grey.

import { aligned, escaped, monthName, number, percent, t } from "./say.mjs";

export const POSTURES = ["#d9e8f4", "#8fbde0", "#d08a12", "#b0400f", "#551030"];
export const WORLDS = { a: "#0072B2", b: "#D55E00" };
export const DASH = { a: "", b: "6 3" };
export const INK = "#222222";
const [QUIET, GRID] = ["#555555", "#e4e4e4"];
const FONT = 'font-family="system-ui, -apple-system, Segoe UI, DejaVu Sans, sans-serif"';

const short = (value) => Math.round(value * 10) / 10;

/** A whole picture; `said` is what it shows, in words. */
export function picture(width, height, said, inside, role = "img") {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="${role}" aria-label="${escaped(said)}" ${FONT} font-size="12" fill="${INK}">${inside}</svg>`;
}

export function text(x, y, words, more = "") {
  return `<text x="${short(x)}" y="${short(y)}" ${more}>${escaped(words)}</text>`;
}

/** Where months and values lie in a chart with axes. */
export class Frame {
  constructor(width, height, months, low, high, { left = 44, right = 14, top = 10, bottom = 24 } = {}) {
    Object.assign(this, { width, height, months, low, high, left, right, top, bottom });
  }

  x(month) {
    const last = Math.max(1, this.months.length - 1);
    return this.left + ((this.width - this.left - this.right) * month) / last;
  }

  y(value) {
    const share = (value - this.low) / (this.high - this.low || 1);
    return this.height - this.bottom - (this.height - this.top - this.bottom) * share;
  }

  /** Lines and words of both axes. */
  axes(write = (value) => number(value)) {
    const parts = [];
    for (const value of ticks(this.low, this.high)) {
      const y = short(this.y(value));
      parts.push(`<path d="M${this.left} ${y}H${this.width - this.right}" stroke="${GRID}"/>`);
      parts.push(text(this.left - 6, y + 4, write(value), `text-anchor="end" fill="${QUIET}"`));
    }
    const years = this.months.map((month, k) => [month, k]).filter(([month]) => month.endsWith("-01"));
    const every = Math.ceil((years.length * 42) / Math.max(80, this.width - this.left - this.right));
    years.forEach(([month, k], place) => {
      if (place % every) return;
      const x = short(this.x(k));
      const end = x > this.width - 24 ? "end" : "middle";
      parts.push(`<path d="M${x} ${this.height - this.bottom}v4" stroke="${QUIET}"/>`);
      parts.push(text(x, this.height - 6, month.slice(0, 4), `text-anchor="${end}" fill="${QUIET}"`));
    });
    return parts.join("");
  }

  /** A line through values by month. */
  line(values) {
    let d = "";
    for (let k = 0; k < values.length; k++) d += `${k ? "L" : "M"}${short(this.x(k))} ${short(this.y(values[k]))}`;
    return d;
  }

  /** The area between two rows of values. */
  area(low, high) {
    let d = this.line(high);
    for (let k = low.length - 1; k >= 0; k--) d += `L${short(this.x(k))} ${short(this.y(low[k]))}`;
    return `${d}Z`;
  }

  /** A line upright at a month. */
  mark(month) {
    const x = short(this.x(month));
    return `<path d="M${x} ${this.top}V${this.height - this.bottom}" stroke="${QUIET}" stroke-dasharray="2 3"/>`;
  }
}

/** Numbers for an axis, four or so. */
export function ticks(low, high) {
  const rough = (high - low) / 4 || 1;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * size).find((one) => one >= rough * 0.999);
  const values = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) values.push(k * step || 0);
  return values;
}

/** One fan: 90 % of the runs light, half of them darker, the median a line. */
export function fanOf(frame, rows, side) {
  const colour = WORLDS[side];
  return [
    `<path d="${frame.area(rows[0], rows[4])}" fill="${colour}" fill-opacity=".16"/>`,
    `<path d="${frame.area(rows[1], rows[3])}" fill="${colour}" fill-opacity=".3"/>`,
    `<path d="${frame.line(rows[2])}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${DASH[side]}"/>`,
  ].join("");
}

/** Two fans in one frame, with a month marked and the letters of the worlds at their ends. */
export function fans(width, height, months, pairs, { low = 0, high = 1, month = null, said = "", write } = {}) {
  const frame = new Frame(width, height, months, low, high);
  const parts = [frame.axes(write)];
  for (const [side, rows] of pairs) parts.push(fanOf(frame, rows, side));
  if (month !== null) parts.push(frame.mark(month));
  parts.push(letters(frame, pairs.map(([side, rows]) => [side, rows[2].at(-1)])));
  return picture(width, height, said, parts.join(""));
}

/** The letters of the worlds where their lines end, moved apart. */
function letters(frame, ends) {
  const places = ends.map(([side, value]) => [side, frame.y(value) + 4]).sort((one, other) => one[1] - other[1]);
  for (let k = 1; k < places.length; k++) places[k][1] = Math.max(places[k][1], places[k - 1][1] + 13);
  const below = (places.at(-1)?.[1] ?? 0) - (frame.height - frame.bottom + 6);
  if (below > 0) for (const place of places) place[1] -= below;
  return places
    .map(([side, y]) => text(frame.width - 11, y, side.toUpperCase(), `font-weight="700" fill="${WORLDS[side]}"`))
    .join("");
}

/** A share by month with its interval as a band. */
export function shares(width, height, months, pairs, { month = null, said = "" } = {}) {
  const frame = new Frame(width, height, months, 0, 1);
  const parts = [frame.axes((value) => percent(value))];
  for (const [side, { low, middle, high }] of pairs) {
    parts.push(`<path d="${frame.area(low, high)}" fill="${WORLDS[side]}" fill-opacity=".25"/>`);
    parts.push(`<path d="${frame.line(middle)}" fill="none" stroke="${WORLDS[side]}" stroke-width="2" stroke-dasharray="${DASH[side]}"/>`);
  }
  if (month !== null) parts.push(frame.mark(month));
  parts.push(letters(frame, pairs.map(([side, rows]) => [side, rows.middle.at(-1)])));
  return picture(width, height, said, parts.join(""));
}

/** Shares of the rungs over time as a stack that fills any width: `count(month, rung)` of `runs`. */
export function stack(months, rungs, count, runs, month = null) {
  const below = new Float64Array(months);
  let parts = "";
  for (let rung = 0; rung < rungs; rung++) {
    const lower = Float64Array.from(below);
    let any = false;
    for (let k = 0; k < months; k++) {
      const share = runs ? count(k, rung) / runs : 0;
      any ||= share > 0;
      below[k] += share * 40;
    }
    if (any) parts += `<path d="${steps(below)}${steps(lower, true)}Z" fill="${POSTURES[rung]}"/>`;
  }
  if (month !== null) parts += `<path d="M${month + 0.5} 0V40" stroke="#fff" stroke-width="2.5" vector-effect="non-scaling-stroke"/><path d="M${month + 0.5} 0V40" stroke="${INK}" stroke-width="1" vector-effect="non-scaling-stroke"/>`;
  return parts;
}

function steps(values, back = false) {
  const count = values.length;
  const y = (k) => short(40 - values[k]);
  let d = back ? `L${count} ${y(count - 1)}` : `M0 ${y(0)}`;
  for (let k = 1; k < count; k++) {
    const place = back ? count - k : k;
    const [here, before] = back ? [y(place - 1), y(place)] : [y(place), y(place - 1)];
    if (here !== before) d += `H${place}V${here}`;
  }
  return `${d}H${back ? 0 : count}`;
}

/** A pie of shares. */
export function pie(x, y, radius, parts) {
  const total = parts.reduce((sum, value) => sum + value, 0) || 1;
  let [at, drawn] = [0, ""];
  parts.forEach((value, k) => {
    const share = value / total;
    if (share <= 0) return;
    if (share > 0.9999) {
      drawn += `<circle cx="${short(x)}" cy="${short(y)}" r="${radius}" fill="${POSTURES[k]}"/>`;
    } else {
      const point = (turn) => `${short(x + radius * Math.sin(turn))} ${short(y - radius * Math.cos(turn))}`;
      const [from, to] = [2 * Math.PI * at, 2 * Math.PI * (at + share)];
      drawn += `<path d="M${short(x)} ${short(y)}L${point(from)}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${point(to)}Z" fill="${POSTURES[k]}"/>`;
    }
    at += share;
  });
  return `${drawn}<circle cx="${short(x)}" cy="${short(y)}" r="${radius}" fill="none" stroke="${INK}" stroke-width=".8"/>`;
}

/** The network at a month: the patron in the middle, each client as far from it as it stands on average. */
export function network(width, patron, clients, said) {
  const size = width * 0.84;
  const [centre, middle] = [width / 2, size / 2];
  const rungs = POSTURES.length;
  const distance = (rung) => size * (0.17 + (0.25 * rung) / (rungs - 1));
  const parts = [];
  for (let rung = 0; rung < rungs; rung++) {
    parts.push(`<circle cx="${short(centre)}" cy="${short(middle)}" r="${short(distance(rung))}" fill="none" stroke="${GRID}"/>`);
  }
  parts.push(`<circle cx="${short(centre)}" cy="${short(middle)}" r="${short(size * 0.045)}" fill="${INK}"/>`);
  parts.push(text(centre, middle + size * 0.045 + 13, patron, 'text-anchor="middle" font-weight="700" font-size="11"'));
  clients.forEach(({ name, shares: rows, chosen }, k) => {
    const turn = (2 * Math.PI * (k + 0.5)) / clients.length;
    const mean = rows.reduce((sum, share, rung) => sum + share * rung, 0);
    const [sin, cos] = [Math.sin(turn), -Math.cos(turn)];
    const away = distance(mean);
    const [x, y] = [centre + away * sin, middle + away * cos];
    const strong = chosen ? 'font-weight="700"' : "";
    parts.push(`<path d="M${short(centre)} ${short(middle)}L${short(x)} ${short(y)}" stroke="#c9c9c9" stroke-width="${chosen ? 2 : 0.8}"/>`);
    parts.push(pie(x, y, short(size * 0.026), rows));
    const anchor = sin > 0.1 ? "start" : sin < -0.1 ? "end" : "middle";
    const [dx, dy] = [sin * size * 0.036, cos * size * 0.045 + 4];
    parts.push(text(x + dx, y + dy, name, `text-anchor="${anchor}" font-size="10.5" ${strong} paint-order="stroke" stroke="#fff" stroke-width="3"`));
  });
  return picture(Math.round(width), Math.round(size), said, parts.join(""));
}

/** Bars of effects, longest first, each under its label. */
export function bars(width, rows, { said = "" } = {}) {
  const [least, most] = [Math.min(0, ...rows.map((row) => row.value)), Math.max(0, ...rows.map((row) => row.value))];
  const [left, right] = [least < 0 ? 54 : 4, most > 0 ? 54 : 4];
  const x = (value) => left + ((width - left - right) * (value - least)) / (most - least || 1);
  const parts = [];
  rows.forEach((row, k) => {
    const y = k * 36;
    const [from, to] = [Math.min(x(0), x(row.value)), Math.max(x(0), x(row.value))];
    const [place, anchor] = row.value < 0 ? [from - 4, "end"] : [to + 4, "start"];
    parts.push(text(2, y + 13, cut(row.label, width), 'font-size="11.5"'));
    parts.push(`<rect x="${short(from)}" y="${y + 18}" width="${short(Math.max(1, to - from))}" height="11" fill="${row.colour ?? (row.value < 0 ? WORLDS.b : WORLDS.a)}"/>`);
    parts.push(text(place, y + 28, aligned(row.value), `text-anchor="${anchor}" fill="${QUIET}" font-size="11"`));
  });
  parts.push(`<path d="M${short(x(0))} 0V${rows.length * 36}" stroke="${QUIET}"/>`);
  return picture(width, Math.max(36, rows.length * 36), said, parts.join(""));
}

function cut(words, width) {
  const most = Math.floor(width / 6.2);
  return words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words;
}

/** Two histograms over the same whole numbers, above and below a line. */
export function mirrored(width, above, below, { said = "", names = ["", ""], mark = null, write = (k) => number(k) } = {}) {
  const count = above.length;
  const [left, middle, room] = [12, 96, 74];
  const wide = (width - left * 2) / count;
  const scale = (list) => room / Math.max(1e-9, ...list);
  const parts = [text(left, 12, names[0], `fill="${QUIET}"`), text(left, 206, names[1], `fill="${QUIET}"`)];
  const every = Math.max(1, Math.ceil(26 / wide));
  for (let k = 0; k < count; k++) {
    const [up, down] = [above[k] * scale(above), below[k] * scale(below)];
    const x = left + k * wide;
    parts.push(`<rect x="${short(x + 1)}" y="${short(middle - up)}" width="${short(Math.max(1, wide - 2))}" height="${short(up)}" fill="#009E73"/>`);
    parts.push(`<rect x="${short(x + 1)}" y="${middle + 18}" width="${short(Math.max(1, wide - 2))}" height="${short(down)}" fill="${WORLDS.b}"/>`);
    if (k % every === 0) parts.push(text(x + wide / 2, middle + 13, write(k), `text-anchor="middle" fill="${QUIET}" font-size="11"`));
  }
  if (mark !== null) {
    const x = short(left + (mark + 0.5) * wide);
    parts.push(`<path d="M${x} 16V192" stroke="${INK}" stroke-width="2" stroke-dasharray="5 3"/>`);
  }
  return picture(width, 212, said, parts.join(""));
}

/** The legend of the rungs, as markup of the page. */
export function rungLegend(postures) {
  return postures
    .map((id, k) => `<span class="key"><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="${POSTURES[k]}" stroke="#777"/></svg>${escaped(t(`posture.${id}`))}</span>`)
    .join("");
}

/** The legend of the fans and the worlds. */
export function fanLegend(titles) {
  const swatch = (side) => `<svg viewBox="0 0 30 14" width="30" height="14" aria-hidden="true"><rect width="30" height="14" fill="${WORLDS[side]}" fill-opacity=".16"/><rect y="3.5" width="30" height="7" fill="${WORLDS[side]}" fill-opacity=".36"/><path d="M0 7H30" stroke="${WORLDS[side]}" stroke-width="2" stroke-dasharray="${DASH[side]}"/></svg>`;
  return Object.entries(titles).map(([side, title]) => `<span class="key">${swatch(side)}<b>${side.toUpperCase()}</b> ${escaped(title)}</span>`).join("");
}

/** Months of a run as a band of postures. */
export function band(postures, months, month) {
  const count = (place, rung) => (postures[place] === rung ? 1 : 0);
  const said = monthName(months[month]);
  return `<svg class="stack" viewBox="0 0 ${months.length} 40" preserveAspectRatio="none" role="img" aria-label="${escaped(said)}">${stack(months.length, POSTURES.length, count, 1, month)}</svg>`;
}
