// The class's view: predict before you look, the guesses of the class beside the model's histories, two assignments, and
// a script for the teacher. Nothing that is typed here leaves the page.

import { histogram, shareInterval } from "./numbers.mjs";
import { mirrored } from "./chart.mjs";
import { changes } from "./controls.mjs";
import { shipped } from "./address.mjs";
import { escaped, label, monthName, number, percent, t } from "./say.mjs";

const QUESTIONS = ["share", "lost"];
const BIN = 10;
const ASSIGNMENTS = { why: 4, believe: 4 };

/** What a class typed in: numbers in any order, apart by anything; what is outside is left out. */
export function guesses(text, most) {
  return (text.match(/\d+(?:[.,]\d+)?/g) ?? []).map((one) => Number(one.replace(",", "."))).filter((value) => value >= 0 && value <= most);
}

/** The class's view. */
export class Classroom {
  constructor(element, act) {
    Object.assign(this, { element, act, typed: "", question: "share", revealed: false, shown: "", asked: "" });
    element.addEventListener("input", ({ target }) => {
      if (target.id !== "guesses") return;
      this.typed = target.value;
      this.drawGuesses();
    });
    element.addEventListener("change", ({ target }) => {
      if (target.name !== "question") return;
      this.question = target.value;
      this.revealed = false;
      this.drawRound();
    });
    element.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
  }

  clicked(button) {
    const { do: what, setup } = button?.dataset ?? {};
    if (what === "reveal") {
      this.revealed = true;
      this.drawRound();
      this.element.querySelector("#reveal").focus();
    } else if (what === "again") {
      Object.assign(this, { revealed: false, typed: "" });
      this.drawRound();
      this.element.querySelector("#guesses").focus();
    } else if (setup) {
      this.act((state) => {
        state.b = shipped(state.a.world);
        state.a = shipped(state.a.world);
        state.side = "b";
        if (setup === "believe") state.rung = 1;
        else state.rung = 3;
      });
    }
  }

  show(view) {
    this.view = view;
    const { state } = view;
    // A question that was changed is a new one, and what the model says of it is hidden again.
    const asked = JSON.stringify([state.a, state.b, state.client, state.rung, state.month]);
    if (asked !== this.asked && this.asked) this.revealed = false;
    this.asked = asked;
    if (this.shown !== state.lang) {
      this.shown = state.lang;
      this.element.innerHTML = this.markup();
    }
    this.drawRound();
  }

  markup() {
    const assignment = ([key, count]) => {
      const questions = Array.from({ length: count }, (_, k) => `<li><label for="${key}-${k}">${t(`assignment.${key}.${k + 1}`)}</label><textarea id="${key}-${k}" rows="2"></textarea></li>`);
      return `<section class="panel"><h3>${t(`assignment.${key}.title`)}</h3><p>${t(`assignment.${key}.intro`)}</p><p><button type="button" data-setup="${key}">${t("assignment.setup")}</button></p><ol>${questions.join("")}</ol></section>`;
    };
    const script = Array.from({ length: 6 }, (_, k) => `<li>${t(`script.${k + 1}`)}</li>`).join("");
    return `<section class="panel" aria-labelledby="round-title"><h2 id="round-title">${t("round")}</h2><div id="round"></div></section>
      <h2>${t("assignments")}</h2><p class="note">${t("assignments_note")}</p>
      ${Object.entries(ASSIGNMENTS).map(assignment).join("")}
      <details class="panel" data-id="script"><summary>${t("script")}</summary><ol>${script}</ol></details>`;
  }

  get most() {
    return this.question === "share" ? 100 : this.view.clients.length;
  }

  drawRound() {
    const { view } = this;
    const round = this.element.querySelector("#round");
    const words = { client: escaped(view.name), rung: view.rung, month: monthName(view.state.month), clients: view.clients.length };
    const list = changes(view.worlds.b, view.state.b).map(escaped);
    const change = list.length ? list.join(" · ") : escaped(label(view.worlds.b.title));
    const typed = document.activeElement?.id === "guesses" ? this.typed : null;
    const choose = QUESTIONS.map((one) => `<label><input type="radio" name="question" value="${one}"${this.question === one ? " checked" : ""}> ${t(`question_kind.${one}`)}</label>`).join(" ");
    round.innerHTML = `<p class="note">${t("round_note")}</p><fieldset class="side"><legend>${t("question_kind")}</legend>${choose}</fieldset>
      <p class="question"><b>${t("world_b_is", { change })}</b><br>${t(`question.${this.question}`, words)}</p>
      <label for="guesses">${t("guesses")}</label><textarea id="guesses" rows="2" inputmode="numeric" aria-describedby="guesses-note">${escaped(this.typed)}</textarea><p class="note" id="guesses-note">${t("guesses_note", { most: this.most })}</p>
      <p><button type="button" data-do="reveal" ${this.revealed ? "disabled" : ""}>${t("reveal")}</button> <button type="button" data-do="again">${t("again")}</button></p>
      <div id="reveal" tabindex="-1" aria-live="polite"></div>`;
    if (typed !== null) {
      const area = round.querySelector("#guesses");
      area.focus();
      area.setSelectionRange(typed.length, typed.length);
    }
    this.drawGuesses();
  }

  drawGuesses() {
    const { view } = this;
    const place = this.element.querySelector("#reveal");
    const values = guesses(this.typed, this.most);
    const share = this.question === "share";
    const size = share ? 100 / BIN + 1 : this.most + 1;
    const bin = (value) => (share ? Math.round(value / BIN) : value);
    const mine = histogram(values.map(bin), size - 1);
    const count = `<p>${t("guesses_count", { n: values.length })}${values.length ? ` ${t("guesses_middle", { value: number(middleOf(values), 0) })}` : ""}</p>`;
    if (!this.revealed) {
      place.innerHTML = count;
      return;
    }
    const theirs = share ? this.ofHundreds(size) : histogram(view.lostAt("b"), size - 1);
    const model = share ? view.share("b") * 100 : middleOf(view.lostAt("b"));
    const width = Math.max(300, Math.min(760, this.element.clientWidth - 40));
    const drawn = mirrored(width, mine, theirs, {
      said: t("mirrored_said"),
      names: [t("of_class", { n: values.length }), t(share ? "of_model_hundreds" : "of_model", { n: view.gathered.b.runs })],
      mark: share ? model / BIN : model,
      write: (k) => (share ? `${k * BIN} %` : number(k)),
    });
    place.innerHTML = `${count}${drawn}<p><b>${this.said(share, model)}</b></p><p>${t("talk")}</p>`;
  }

  /** How the model's histories come out when they are counted a hundred at a time. */
  ofHundreds(size) {
    const { view } = this;
    const standing = view.gathered.b.standing(view.month, view.client, view.state.rung);
    const counts = new Array(size).fill(0);
    const batch = Math.min(100, standing.length);
    for (let at = 0; at + batch <= standing.length; at += batch) {
      const share = standing.subarray(at, at + batch).reduce((sum, one) => sum + one, 0) / batch;
      counts[Math.round((share * 100) / BIN)]++;
    }
    return counts;
  }

  said(share, model) {
    const { view } = this;
    const one = view.gathered.b;
    if (!share) return t("model_lost", { value: number(model, 0), month: monthName(view.state.month), n: one.runs });
    const [low, high] = shareInterval(one.beyond(view.month, view.client, view.state.rung), one.runs);
    const before = percent(view.share("a"));
    return t("model_share", { share: percent(model / 100), low: percent(low), high: percent(high), before, n: one.runs });
  }
}

function middleOf(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
