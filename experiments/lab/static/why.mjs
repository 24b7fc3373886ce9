// Say why, in one history: what moved a client's belief, and what it weighed in a month. The numbers are those of
// `papertiger explain`, with and without --choice.

import { band, bars, rungLegend } from "./chart.mjs";
import { aligned, escaped, has, label, monthName, number, percent, signed, t } from "./say.mjs";

const SHOWN = 12;
const TIPS = 5;

/** What a choice's terms are called. */
function term(key) {
  return has(`term.${key}`) ? t(`term.${key}`) : key.replaceAll("_", " ");
}

/** The panel of single histories. */
export class Why {
  constructor(element, lab, act) {
    Object.assign(this, { element, lab, act, key: "", failed: "" });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { step, of, jump } = button.dataset;
      if (step) act((state) => (state.run = Math.max(0, state.run + Number(step))));
      else if (of) act((state) => (state.of = of));
      else if (jump) act((state) => (state.at = jump));
    });
    element.addEventListener("change", ({ target }) => {
      if (target.dataset.at !== undefined) act((state) => (state.at = this.view.months[Number(target.value)]));
      if (target.dataset.run !== undefined) act((state) => (state.run = Math.max(0, Math.floor(Number(target.value)) || 0)));
    });
  }

  /** Work it out and show it, if the question is another than before. */
  show(view) {
    this.view = view;
    const { state } = view;
    const key = JSON.stringify([state[state.of], state.of, state.seed, state.run, state.client, state.at, state.lang]);
    if (key === this.key) return;
    this.key = key;
    const history = this.lab.history(state[state.of], state.seed, state.run);
    const postures = this.postures(history, view);
    const moves = view.months.map((_, month) => month).filter((month) => month && postures[month - 1] >= 0 && postures[month] >= 0 && postures[month] !== postures[month - 1]);
    const at = state.at ? view.months.indexOf(state.at) : (moves.at(-1) ?? view.month);
    const found = this.lab.explain(state[state.of], state.seed, state.run, state.client, view.months[at]);
    this.data = { found, at };
    const focused = this.element.contains(document.activeElement) ? document.activeElement.id : "";
    this.element.innerHTML = this.markup(view, postures, moves, found, at);
    if (focused) this.element.querySelector(`#${focused}`)?.focus();
  }

  postures(history, view) {
    const { values } = history.postures;
    const clients = view.clients.length;
    const { enters = 0, leaves = view.months.length } = view.clients[view.client];
    return view.months.map((_, month) => (month >= enters && month < leaves ? values[month * clients + view.client] : -1));
  }

  markup(view, postures, moves, found, at) {
    const { state } = view;
    const side = (one) => `<button type="button" id="why-${one}" data-of="${one}" aria-pressed="${state.of === one}">${one.toUpperCase()}</button>`;
    const jumps = moves.map((month) => `<button type="button" data-jump="${view.months[month]}">${monthName(view.months[month])}: ${t(`posture.${view.postures[postures[month]]}`)}</button>`);
    return `
      <div class="bar"><span>${t("history_of")}</span> ${side("a")}${side("b")}
        <button type="button" id="why-before" data-step="-1"${state.run === 0 ? " disabled" : ""} aria-label="${t("history_before")}">◀</button>
        <label>${t("history")} <input id="why-run" type="number" min="0" max="1000000" data-run value="${state.run}"></label>
        <button type="button" id="why-next" data-step="1" aria-label="${t("history_next")}">▶</button>
        <span class="note">${t("seed_is", { seed: state.seed })}</span></div>
      <p class="note">${t("history_note")}</p>
      <p class="legend">${rungLegend(view.postures)}</p>
      ${band(postures, view.months, at)}
      <label class="month">${t("month")}: <b>${monthName(view.months[at])}</b><input id="why-at" type="range" data-at min="0" max="${view.months.length - 1}" value="${at}"></label>
      <p class="jumps">${moves.length ? `${t("moves")} ${jumps.join(" ")}` : t("no_moves", { client: escaped(view.name) })}</p>
      <div class="pair">
        <section><h3>${t("ledger_title", { client: escaped(view.name), month: monthName(view.months[at]) })}</h3>${this.ledger(found.ledger)}</section>
        <section><h3>${t("choice_title", { month: monthName(view.months[at]) })}</h3>${this.choice(found.choice, view)}</section>
      </div>`;
  }

  ledger(rows) {
    if (!rows?.length) return `<p>${t("no_evidence")}</p>`;
    const sorted = [...rows].sort((one, other) => Math.abs(other.amount) - Math.abs(one.amount));
    const list = sorted.slice(0, SHOWN).map((row) => ({ label: `${row.month ? `${row.month} ` : ""}${label(row.label)}`, value: row.amount }));
    const tail = sorted.slice(SHOWN);
    if (tail.length) list.push({ label: t("others", { n: tail.length }), value: tail.reduce((sum, row) => sum + row.amount, 0), colour: "#7a7a7a" });
    const whole = rows.reduce((sum, row) => sum + row.amount, 0);
    const full = sorted.slice(0, SHOWN).map((row) => `<li>${row.month ? `${monthName(row.month)}: ` : ""}${escaped(label(row.label))} <b>${signed(row.amount, 4)}</b></li>`).join("");
    const width = Math.max(280, Math.min(560, this.element.clientWidth > 760 ? this.element.clientWidth / 2 - 20 : this.element.clientWidth - 10));
    return `${bars(width, list, { said: t("ledger_said") })}<p class="note">${t("ledger_sum", { sum: signed(whole, 4) })}</p><details data-id="ledger"><summary>${t("in_full")}</summary><ol>${full}</ol></details>`;
  }

  choice(choice, view) {
    if (!choice?.rungs?.length) return `<p>${t("no_choice")}</p>`;
    const terms = [...new Set(choice.rungs.flatMap((one) => Object.keys(one.terms)))].filter((key) => choice.rungs.some((one) => Math.abs(one.terms[key] ?? 0) > 5e-4));
    const head = choice.rungs.map((one) => `<th scope="col">${t(`posture.${view.postures[one.posture]}`)}</th>`).join("");
    const line = (name, write, strong = "") => `<tr class="${strong}"><th scope="row">${name}</th>${choice.rungs.map((one) => `<td>${write(one)}</td>`).join("")}</tr>`;
    const body = terms.map((key) => line(escaped(term(key)), (one) => aligned(one.terms[key] ?? 0)));
    body.push(line(t("utility"), (one) => aligned(one.utility), "sum"), line(t("chance"), (one) => percent(one.chance), "sum"));
    const tips = choice.rungs
      .flatMap((one) => Object.entries(one.tips ?? {}).map(([key, value]) => [one.posture, key, value, Math.abs(value - choice.now[key])]))
      .sort((one, other) => one[3] - other[3])
      .slice(0, TIPS)
      .map(([rung, key, value]) => `<li>${t("tip", { rung: t(`posture.${view.postures[rung]}`), what: t(`tip.${key}`), value: number(value, 2), now: number(choice.now[key], 2) })}</li>`)
      .join("");
    return `<p>${t("reviews", { share: percent(choice.review ?? 0) })}</p><div class="wide"><table class="choice"><thead><tr><td></td>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>${tips ? `<ul class="tips">${tips}</ul>` : ""}`;
  }

  /** Ledger and choice, as a table. */
  table() {
    const rows = [["part", "month_or_posture", "what", "value"]];
    const { found } = this.data ?? { found: {} };
    for (const row of found.ledger ?? []) rows.push(["ledger", row.month ?? "", label(row.label), row.amount]);
    for (const one of found.choice?.rungs ?? []) {
      for (const [key, value] of Object.entries(one.terms)) rows.push(["choice", one.posture, key, value]);
      rows.push(["choice", one.posture, "utility", one.utility], ["choice", one.posture, "chance", one.chance]);
    }
    return rows;
  }
}
