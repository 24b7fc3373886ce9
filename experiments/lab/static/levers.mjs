// Try every figure at both ends of its range, every switch, path and event, and say what moves the answer most.

import { setFigure } from "./controls.mjs";
import { shareInterval } from "./numbers.mjs";
import { INK, WORLDS, picture } from "./chart.mjs";
import { escaped, label, number, percent, t } from "./say.mjs";

const RUNS = 200;
const SHOWN = 12;

/** The changes that are tried on a world, each with what it does to a state: what people ask for first comes first. */
export function trials(world, state, client) {
  const list = [];
  const add = (kind, key, name, variant, change) => {
    const changed = structuredClone(state);
    change(changed);
    list.push({ kind, key, name, variant, state: changed });
  };
  for (const one of world.switches) {
    if (!state.off.includes(one.key)) add("switch", one.key, one.label, null, (changed) => changed.off.push(one.key));
  }
  for (const one of world.paths) {
    if (one.key !== (state.path ?? world.path)) add("path", one.key, one.label, null, (changed) => (changed.path = one.key));
  }
  const own = world.events.filter((event) => event.clients?.includes(client) && !state.struck.includes(event.key));
  if (own.length) {
    add("events", "own", "all_own_events", null, (changed) => changed.struck.push(...own.map((event) => event.key)));
  }
  for (const figure of world.figures) {
    if (!figure.key.startsWith("parameters.") && !figure.key.startsWith(`clients.${client}.`)) continue;
    for (const end of [figure.low, figure.high]) {
      if (end === (state.figures[figure.key] ?? figure.value)) continue;
      add("figure", figure.key, figure.label, end, (one) => setFigure(one, figure, end));
    }
  }
  for (const event of own) add("event", event.key, event.label, null, (changed) => changed.struck.push(event.key));
  return list;
}

/** The panel of what moves the answer most. */
export class Levers {
  constructor(element, pool, act) {
    Object.assign(this, { element, pool, act, token: 0, rows: [], asked: "" });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-trial]");
      if (button) this.take(Number(button.dataset.trial));
    });
  }

  /** Whether what is shown belongs to another question than this view's. */
  show(view) {
    this.view = view;
    const question = JSON.stringify([view.state.a, view.state.client, view.state.rung, view.state.month, view.state.seed]);
    if (question !== this.asked) {
      this.token++;
      this.rows = [];
      this.asked = question;
      this.done = 0;
      this.total = 0;
    }
    this.draw();
  }

  /** Try everything. */
  async run() {
    const { view } = this;
    const token = ++this.token;
    const isWanted = () => token === this.token;
    const { state } = view;
    const world = view.worlds.a;
    const client = view.client;
    const count = async (one) => {
      const result = await this.pool.do({ state: one, seed: state.seed, first: 0, runs: RUNS, client: -1 }, isWanted);
      if (!result || !isWanted()) return null;
      let hits = 0;
      for (let run = 0; run < RUNS; run++) {
        if (result.postures[(run * view.months.length + view.month) * view.clients.length + client] >= state.rung) hits++;
      }
      return hits;
    };
    const list = trials(world, state.a, state.client);
    Object.assign(this, { rows: [], done: 0, total: list.length });
    this.draw();
    this.base = await count(state.a);
    await Promise.all(
      list.map(async (trial) => {
        const hits = await count(trial.state);
        if (hits === null || !isWanted()) return;
        this.rows.push({ ...trial, hits });
        this.done++;
        if (this.done % 12 === 0) this.draw();
      }),
    );
    if (isWanted()) this.draw();
  }

  /** Rows that belong together: both ends of a figure in one. */
  grouped() {
    const groups = new Map();
    this.rows.forEach((row, index) => {
      const key = `${row.kind} ${row.key}`;
      const group = groups.get(key) ?? { ...row, ends: [], effect: 0 };
      group.ends.push({ ...row, index });
      group.effect = Math.max(group.effect, Math.abs(row.hits - this.base));
      groups.set(key, group);
    });
    return [...groups.values()].sort((one, other) => other.effect - one.effect);
  }

  draw() {
    const { view } = this;
    if (!view) return;
    const words = { client: escaped(view.name), rung: view.rung };
    const running = this.total > 0 && this.done < this.total;
    const top = `<p>${t("levers_ask", words)}</p><p><button type="button" data-do="levers"${running ? " disabled" : ""}>${t("levers_run")}</button> ${running ? `<progress max="${this.total}" value="${this.done}" aria-label="${t("progress")}"></progress>` : ""}</p>`;
    if (!this.rows.length) {
      this.element.innerHTML = top;
      return;
    }
    const groups = this.grouped();
    const strong = groups.filter((group) => group.effect > 0).slice(0, SHOWN);
    const [low, high] = shareInterval(this.base, RUNS);
    const base = t("levers_base", { share: percent(this.base / RUNS), low: percent(low), high: percent(high), n: RUNS });
    const rest = groups.length - strong.length;
    const ended = strong.length ? t("levers_rest", { n: rest }) : t("levers_none");
    const below = running ? t("levers_running", { done: this.done, total: this.total }) : ended;
    const name = (group) => (group.kind === "event" ? t("without_event", { event: label(group.name) }) : label(group.name));
    const button = (end) => {
      const what = end.kind === "figure" ? number(end.variant) : t(`try_${end.kind}`);
      return `<button type="button" data-trial="${end.index}" title="${escaped(t("try_it"))}">${what} → <b>${percent(end.hits / RUNS)}</b></button>`;
    };
    const rows = strong.map((group) => `<tr><th scope="row">${escaped(name(group))}</th><td>${this.bar(group)}</td><td class="ends">${group.ends.map(button).join(" ")}</td></tr>`);
    this.element.innerHTML = `${top}<p class="note">${base} ${t("levers_note")}</p><div class="wide"><table class="levers"><thead><tr><th scope="col">${t("levers_what")}</th><th scope="col">0 – 100 %</th><th scope="col">${t("levers_try")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div><p class="note">${below}</p>`;
  }

  bar(group) {
    const x = (hits) => Math.round((hits / RUNS) * 180 * 10) / 10 + 6;
    const base = x(this.base);
    const ends = group.ends.map((end) => `<path d="M${base} 10H${x(end.hits)}" stroke="${WORLDS.b}" stroke-width="5"/><circle cx="${x(end.hits)}" cy="10" r="5" fill="${WORLDS.b}"/>`);
    const said = group.ends.map((end) => percent(end.hits / RUNS)).join(", ");
    return picture(192, 20, said, `<path d="M6 10H186" stroke="#d9d9d9"/>${ends.join("")}<path d="M${base} 2V18" stroke="${INK}" stroke-width="2"/>`);
  }

  /** Make world B of A with a change. */
  take(index) {
    const { state } = this.rows[index];
    this.act((whole) => Object.assign(whole, { b: structuredClone(state), side: "b" }));
  }

  /** What was tried, as a table. */
  table() {
    const rows = [["kind", "key", "value", "runs", "beyond", "baseline"]];
    for (const row of this.rows) rows.push([row.kind, row.key, row.variant ?? "", RUNS, row.hits, this.base]);
    return rows;
  }
}
