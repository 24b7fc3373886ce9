// The right side: what the runs of both worlds come to, each panel with its picture and its table.

import { fan, pairedDifference, quantile, shareInterval } from "./numbers.mjs";
import { POSTURES, fanLegend, fans, network, picture, rungLegend, shares, stack, text } from "./chart.mjs";
import { escaped, label, monthName, number, percent, points, signed, t } from "./say.mjs";
import { PATRON } from "./runs.mjs";

const SIDES = ["a", "b"];

/** What a panel draws from: the state and what was gathered of both worlds. */
export class View {
  constructor(state, worlds, gathered) {
    Object.assign(this, { state, gathered });
    this.worlds = { a: worlds.find((one) => one.id === state.a.world), b: worlds.find((one) => one.id === state.b.world) };
    this.months = this.worlds.a.months;
    this.postures = this.worlds.a.postures;
    this.clients = this.worlds.a.clients;
    this.client = this.clients.findIndex((one) => one.id === state.client);
    this.month = this.months.indexOf(state.month);
    this.runs = Math.min(gathered.a.runs, gathered.b.runs);
    this.remembered = new Map();
  }

  get name() {
    return label(this.clients[this.client].name);
  }

  get rung() {
    return t(`beyond.${this.postures[this.state.rung]}`);
  }

  /** What was worked out once for this view. */
  once(key, work) {
    if (!this.remembered.has(key)) this.remembered.set(key, work());
    return this.remembered.get(key);
  }

  share(side, client = this.client, month = this.month) {
    const one = this.gathered[side];
    return one.beyond(month, client, this.state.rung) / one.runs;
  }

  difference(client = this.client) {
    return this.once(`difference ${client}`, () => {
      const [a, b] = SIDES.map((side) => this.gathered[side].standing(this.month, client, this.state.rung).subarray(0, this.runs));
      return pairedDifference(a, b);
    });
  }

  lost(side) {
    return this.once(`lost ${side}`, () => this.gathered[side].lost(this.state.rung));
  }

  lostAt(side, month = this.month) {
    const [rows, one] = [this.lost(side), this.gathered[side]];
    return Float64Array.from({ length: one.runs }, (_, run) => rows[run * one.months + month]);
  }

  fan(side, what) {
    return this.once(`fan of ${what} ${side}`, () => {
      const one = this.gathered[side];
      if (what === "lost") return fan(this.lost(side), one.runs, one.months);
      if (what === "protection") return fan(one.protection, one.believed, one.months);
      return fan(one.patron, one.runs, one.months, what === "credibility" ? 0 : 1, PATRON);
    });
  }

  times(side) {
    return this.once(`times ${side}`, () => {
      const one = this.gathered[side];
      const first = one.first(this.client, this.state.rung);
      const hits = new Float64Array(one.months);
      for (const month of first) if (month < one.months) hits[month]++;
      const rows = { low: [], middle: [], high: [], first };
      let sum = 0;
      for (let month = 0; month < one.months; month++) {
        sum += hits[month];
        const [low, high] = shareInterval(sum, one.runs);
        rows.low.push(low);
        rows.middle.push(sum / one.runs);
        rows.high.push(high);
      }
      return rows;
    });
  }
}

const legend = (view) => `<p class="legend">${fanLegend(view.called)}</p>`;

/** A difference in words: by how much, how sure. */
export function differenceInWords(one, unit = "points") {
  const write = unit === "points" ? points : (value) => signed(value, 2);
  if (one.verdict === "same") return t("difference_same", { n: one.n, share: `${number(Math.floor(one.alike * 1000) / 10, 1)} %` });
  if (one.alike !== null) return t("difference_all", { n: one.n, value: write(one.difference), share: `${number(Math.floor(one.alike * 1000) / 10, 1)} %` });
  const values = { value: write(one.difference), low: write(one.low), high: write(one.high), n: one.n };
  return one.verdict === "unclear" ? t(`difference_unclear_${unit}`, values) : t(`difference_${unit}`, values);
}

/** The answer at the top, in a sentence for each world and one for the difference. */
export function answer(view) {
  const sentence = (side) => {
    const one = view.gathered[side];
    const count = one.beyond(view.month, view.client, view.state.rung);
    const [low, high] = shareInterval(count, one.runs);
    // 100 % is what came out, and no promise: where all runs agree, the words say how far that goes.
    const words = count === 0 ? "share_none" : count === one.runs ? "share_all" : "share_sure";
    return `<p class="one ${side}"><b class="letter">${side.toUpperCase()}</b> <b class="big">${percent(count / one.runs)}</b> <span>${t(words, { low: percent(low), high: percent(high), n: one.runs })}</span></p>`;
  };
  const one = view.difference();
  const verdict = one.verdict === "unclear" || one.verdict === "same" ? "open" : "clear";
  return `<p class="ask">${t("answer_asks", { client: escaped(view.name), rung: view.rung, month: monthName(view.state.month) })}</p>
    <div class="two">${SIDES.map(sentence).join("")}</div>
    <p class="difference ${verdict}"><b>B − A:</b> ${differenceInWords(one)}</p>
    <p class="note">${t("history_is")} ${one.up + one.down ? t("pairs_said", { up: one.up, down: one.down, n: one.n }) : ""} ${t("only_chance")}</p>`;
}

function stackOf(view, side, client) {
  const one = view.gathered[side];
  const { counts, rungs, clients } = one;
  return stack(one.months, rungs, (month, rung) => counts[(month * clients + client) * rungs + rung], one.runs, view.month);
}

function spoken(view, side, client) {
  const one = view.gathered[side];
  const at = (view.month * one.clients + client) * one.rungs;
  return view.postures
    .map((id, rung) => [id, one.counts[at + rung] / one.runs])
    .filter(([, share]) => share > 0)
    .map(([id, share]) => `${t(`posture.${id}`)} ${percent(share)}`)
    .join(", ");
}

function clientsMarkup(view) {
  const width = view.months.length;
  const cell = (side, client) => `<td><svg class="stack" viewBox="0 0 ${width} 40" preserveAspectRatio="none" role="img" aria-label="${escaped(`${side.toUpperCase()}: ${spoken(view, side, client)}`)}">${stackOf(view, side, client)}</svg></td>`;
  const rows = view.clients.map((client, k) => {
    const one = view.difference(k);
    const clear = one.verdict === "higher" || one.verdict === "lower";
    const words = one.changed === 0 ? "=" : one.alike !== null ? points(one.difference) : `${points(one.difference)} <small>[${points(one.low)}, ${points(one.high)}]</small>`;
    const chosen = k === view.client;
    return `<tr class="${chosen ? "chosen" : ""}"><th scope="row"><button type="button" data-client="${escaped(client.id)}" aria-pressed="${chosen}">${escaped(label(client.name))}</button></th>${cell("a", k)}${cell("b", k)}<td class="shares">${percent(view.share("a", k))} → ${percent(view.share("b", k))}</td><td class="gap ${clear ? "clear" : ""}">${words}</td></tr>`;
  });
  const [first, last] = [view.months[0].slice(0, 4), view.months.at(-1).slice(0, 4)];
  const head = (side) => `<th scope="col"><span class="letter ${side}">${side.toUpperCase()}</span> <small>${first}–${last}</small></th>`;
  return `<p class="legend">${rungLegend(view.postures)}</p><div class="wide"><table class="clients"><thead><tr><th scope="col">${t("client")}</th>${head("a")}${head("b")}<th scope="col">${escaped(view.rung)}, ${monthName(view.state.month)}</th><th scope="col">${t("gap")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function clientsPicture(view) {
  const [left, wide, row] = [150, 300, 30];
  const parts = [text(left, 14, "A", 'font-weight="700"'), text(left + wide + 16, 14, "B", 'font-weight="700"')];
  view.clients.forEach((client, k) => {
    const y = 22 + k * row;
    parts.push(text(left - 8, y + 17, label(client.name), 'text-anchor="end"'));
    SIDES.forEach((side, place) => {
      parts.push(`<svg x="${left + place * (wide + 16)}" y="${y}" width="${wide}" height="24" viewBox="0 0 ${view.months.length} 40" preserveAspectRatio="none">${stackOf(view, side, k)}</svg>`);
    });
    const one = view.difference(k);
    parts.push(text(left + 2 * wide + 26, y + 17, one.changed === 0 ? "=" : `${points(one.difference)} ${t("points_unit")}`));
  });
  const y = 34 + view.clients.length * row;
  view.postures.forEach((id, rung) => {
    const x = left + rung * 118;
    parts.push(`<rect x="${x}" y="${y}" width="12" height="12" fill="${POSTURES[rung]}" stroke="#777"/>`, text(x + 17, y + 11, t(`posture.${id}`)));
  });
  return picture(left + 2 * wide + 120, y + 24, t("panel.clients"), parts.join(""));
}

function timesInWords(view, side) {
  const { first } = view.times(side);
  const months = view.months.length;
  const sorted = Float64Array.from(first).sort();
  const name = (p) => {
    const month = Math.round(quantile(sorted, p));
    return month >= months ? t("not_by_end") : monthName(view.months[month]);
  };
  const never = first.reduce((sum, month) => sum + (month >= months ? 1 : 0), 0) / first.length;
  return `<li><b class="letter ${side}">${side.toUpperCase()}</b> ${t("times_said", { half: name(0.5), from: name(0.05), to: name(0.95), never: percent(never), n: first.length })}</li>`;
}

function fanPanel(id, what, options = {}) {
  return {
    id,
    draw(view, width) {
      const pairs = SIDES.map((side) => [side, view.fan(side, what)]);
      const top = options.whole ? Math.max(2, ...pairs.map(([, rows]) => Math.max(...rows[4]))) : 1;
      const said = pairs.map(([side, rows]) => `${side.toUpperCase()}: ${t("fan_said", { middle: number(rows[2][view.month], 2), low: number(rows[0][view.month], 2), high: number(rows[4][view.month], 2) })}`).join("; ");
      const n = what === "protection" ? Math.min(view.gathered.a.believed, view.gathered.b.believed) : view.runs;
      const after = options.after ? options.after(view) : "";
      return `${legend(view)}${fans(width, 210, view.months, pairs, { high: top, month: view.month, said: `${t(`panel.${id}`)}. ${said}` })}<p class="note">${t("fan_note", { n })}</p>${after}`;
    },
    csv(view) {
      const rows = [["world", "month", "q05", "q25", "q50", "q75", "q95"]];
      for (const side of SIDES) {
        const found = view.fan(side, what);
        view.months.forEach((month, k) => rows.push([side, month, ...found.map((row) => row[k])]));
      }
      return rows;
    },
  };
}

/** The panels in their order: each draws markup of a width, and gives its table. */
export const PANELS = [
  {
    id: "clients",
    wide: true,
    draw: clientsMarkup,
    picture: clientsPicture,
    csv(view) {
      const rows = [["world", "client", "month", ...view.postures, "runs"]];
      for (const side of SIDES) {
        const one = view.gathered[side];
        view.clients.forEach((client, k) =>
          view.months.forEach((month, m) => {
            const at = (m * one.clients + k) * one.rungs;
            rows.push([side, client.id, month, ...one.counts.subarray(at, at + one.rungs), one.runs]);
          }),
        );
      }
      return rows;
    },
  },
  fanPanel("lost", "lost", {
    whole: true,
    after(view) {
      const one = view.once("difference of lost", () => pairedDifference(view.lostAt("a").subarray(0, view.runs), view.lostAt("b").subarray(0, view.runs)));
      return `<p class="note"><b>B − A, ${monthName(view.state.month)}:</b> ${differenceInWords(one, "clients")}</p>`;
    },
  }),
  {
    id: "times",
    draw(view, width) {
      const pairs = SIDES.map((side) => [side, view.times(side)]);
      const said = pairs.map(([side, rows]) => `${side.toUpperCase()}: ${percent(rows.middle[view.month])}`).join("; ");
      return `${legend(view)}${shares(width, 210, view.months, pairs, { month: view.month, said: `${t("panel.times", { client: view.name, rung: view.rung })}. ${said}` })}<ul class="plain">${SIDES.map((side) => timesInWords(view, side)).join("")}</ul><p class="note">${t("times_note", { n: view.runs })}</p>`;
    },
    csv(view) {
      const rows = [["world", "run", "client", "rung", "first_month"]];
      for (const side of SIDES) {
        view.times(side).first.forEach((month, run) => rows.push([side, run, view.state.client, view.postures[view.state.rung], view.months[month] ?? ""]));
      }
      return rows;
    },
  },
  fanPanel("belief", "protection"),
  fanPanel("credibility", "credibility"),
  fanPanel("burden", "burden"),
  {
    id: "network",
    wide: true,
    draw(view, width) {
      const size = Math.max(280, Math.min(560, width > 640 ? width / 2 - 10 : width));
      const one = (side) => {
        const found = view.gathered[side];
        const rows = view.clients.map((client, k) => {
          const at = (view.month * found.clients + k) * found.rungs;
          return { name: label(client.name), shares: [...found.counts.subarray(at, at + found.rungs)].map((count) => count / found.runs), chosen: k === view.client };
        });
        const said = `${side.toUpperCase()}, ${monthName(view.state.month)}`;
        return `<figure><figcaption><b class="letter ${side}">${side.toUpperCase()}</b> ${monthName(view.state.month)}</figcaption>${network(Math.round(size), label(view.worlds[side].patron ?? "patron"), rows, said)}</figure>`;
      };
      return `<p class="legend">${rungLegend(view.postures)}</p><div class="pair">${SIDES.map(one).join("")}</div><p class="note">${t("network_note", { n: view.runs })}</p>`;
    },
    csv(view) {
      return PANELS[0].csv(view).filter((row, k) => k === 0 || row[2] === view.state.month);
    },
  },
];

