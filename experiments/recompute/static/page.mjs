// The part of a report that recomputes it: a button, what becomes of each table, and a figure to change.

const MINUS = "\u2212";

/** Bring the part to life; `script` is the text of this script, which the worker runs, too. */
export function show(script) {
  const part = document.getElementById("recompute-tools");
  const pieces = [...document.querySelectorAll("script[data-piece]")].map((element) => ({
    piece: element.dataset.piece,
    name: element.dataset.name,
    sha256: element.dataset.sha256,
    text: element.textContent,
  }));
  part.hidden = false;
  document.getElementById("recompute-off").hidden = true;
  const at = (name) => document.getElementById(`recompute-${name}`);
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const tables = new Tables(at);
  const changer = new Changer(at, (question) => tell("changer", question));
  // One recomputes and one answers what becomes of a figure, so that neither waits for the other.
  const workers = new Map();

  /** Send a message to a worker, which is started when it is first needed. */
  function tell(name, message) {
    if (!workers.has(name)) {
      const worker = new Worker(address);
      worker.onmessage = ({ data }) => hear(data);
      worker.onerror = (event) => hear({ failed: event.message || "the browser refuses to run it" });
      worker.postMessage({ pieces });
      workers.set(name, worker);
    }
    workers.get(name).postMessage(message);
  }

  function hear(said) {
    if (said.plan) changer.begin(said.plan);
    if (said.tables) tables.add(said.tables);
    if (said.compared) changer.answer(said.compared);
    if (said.finished) tables.finish();
    if (said.damages) tables.refuse(said.damages);
    if (said.failed) tables.refuse([`It could not be run in this browser: ${said.failed}.`]);
  }

  at("start").addEventListener("click", () => {
    tables.start();
    tell("tables", { recompute: true });
  });
  at("stop").addEventListener("click", () => {
    workers.get("tables").terminate();
    workers.delete("tables");
    tables.stop();
  });
  if (at("open")) at("open").addEventListener("click", () => tell("changer", { plan: true }));
}

/** What has become of each table. */
class Tables {
  constructor(at) {
    this.at = at;
    this.rows = new Map([...at("scenarios").tBodies[0].rows].map((row) => [row.dataset.label, row]));
    this.runs = Number(at("scenarios").dataset.runs);
  }

  start() {
    this.count = { runs: 0, tables: 0, equal: 0 };
    this.of = new Map([...this.rows.keys()].map((label) => [label, { runs: 0, tables: 0, equal: 0, wrong: [] }]));
    for (const row of this.rows.values()) this.write(row, "waits", "");
    this.busy(true);
    this.say("Checking what this page carries…", "");
  }

  add(tables) {
    for (const { scenario, file, equal, runs } of tables) {
      const one = this.of.get(scenario);
      for (const count of [this.count, one]) {
        count.runs += runs;
        count.tables += 1;
        count.equal += equal;
      }
      if (!equal) one.wrong.push(file);
      const row = this.rows.get(scenario);
      const all = one.tables === Number(row.dataset.tables);
      if (one.wrong.length) this.write(row, `differs: ${one.wrong.join(", ")}`, "wrong");
      else this.write(row, all ? `equal, ${one.tables} of ${one.tables}` : `${one.tables} of ${row.dataset.tables}`, all ? "right" : "");
    }
    this.at("progress").value = this.count.runs;
    this.say(`${this.count.runs.toLocaleString("en")} of ${this.runs.toLocaleString("en")} runs…`, "");
  }

  finish() {
    const { runs, tables, equal } = this.count;
    const wrong = tables - equal;
    const all = `${runs.toLocaleString("en")} runs were run again in this browser`;
    if (wrong) this.say(`${all}. ${wrong} of ${tables} tables differ from the manifest: see below which.`, "wrong");
    else this.say(`${all}: all ${tables} tables have the SHA-256 that the manifest says.`, "right");
    this.busy(false);
  }

  refuse(sentences) {
    this.say(sentences.join(" "), "wrong");
    this.busy(false);
  }

  stop() {
    this.say("Stopped. What was compared until then stands below.", "");
    this.busy(false);
  }

  busy(busy) {
    this.at("start").disabled = busy;
    this.at("stop").hidden = !busy;
    this.at("progress").hidden = !busy;
    if (busy) this.at("progress").value = 0;
  }

  say(text, kind) {
    const status = this.at("status");
    status.textContent = text;
    status.className = kind;
  }

  write(row, text, kind) {
    row.cells[1].textContent = text;
    row.cells[1].className = kind;
  }
}

/** A figure that can be changed, and what becomes of a number. */
class Changer {
  constructor(at, ask) {
    Object.assign(this, { at, ask, number: 0, waits: null, busy: false });
  }

  begin(plan) {
    if (this.plan) return;
    this.plan = plan;
    this.at("open").hidden = true;
    this.at("form").hidden = false;
    const groups = new Map();
    plan.figures.forEach((figure, place) => groups.set(figure.group, [...(groups.get(figure.group) ?? []), [place, figure.label]]));
    for (const [label, options] of groups) this.at("figure").append(group(label, options));
    this.at("pair").append(...plan.pairs.map(({ title }, place) => new Option(title, place)));
    this.at("pair").value = plan.headline[0];
    this.listen();
    this.pair(plan.headline[1]);
    this.figure();
  }

  listen() {
    this.at("figure").addEventListener("change", () => this.figure());
    this.at("pair").addEventListener("change", () => this.pair(0));
    this.at("measure").addEventListener("change", () => this.compare());
    this.at("slider").addEventListener("input", () => this.value(this.at("slider").value, "slider"));
    this.at("slider").addEventListener("change", () => this.compare());
    this.at("value").addEventListener("change", () => {
      this.value(this.at("value").value, "value");
      this.compare();
    });
    this.at("back").addEventListener("click", () => this.figure());
    this.at("form").addEventListener("submit", (event) => event.preventDefault());
  }

  /** Take up the figure that was chosen, at its own value. */
  figure() {
    const figure = this.plan.figures[Number(this.at("figure").value)];
    this.chosen = figure;
    for (const name of ["slider", "value"]) Object.assign(this.at(name), { min: figure.low, max: figure.high, step: "any" });
    const own = figure.varied ? "Varied by the design" : `${figure.value} in the experiment`;
    this.at("why").textContent =
      `${own}; range ${figure.low} to ${figure.high}. ${figure.why}`.trim();
    this.value(figure.value, "");
    this.compare();
  }

  value(value, from) {
    const { low, high, value: own } = this.chosen;
    const number = value === "" || !Number.isFinite(Number(value)) ? own : Math.min(high, Math.max(low, Number(value)));
    // A slider has many more digits than anybody asks for.
    this.changed = from === "slider" ? Number(number.toPrecision(3)) : number;
    this.changed = Math.min(high, Math.max(low, this.changed));
    if (from !== "slider") this.at("slider").value = this.changed;
    this.at("value").value = this.changed;
  }

  /** Offer the measures of the comparison that was chosen. */
  pair(chosen) {
    const pair = this.plan.pairs[Number(this.at("pair").value)];
    this.at("measure").replaceChildren(...pair.measures.map(({ label }, place) => new Option(label, place)));
    this.at("measure").value = chosen;
    if (this.chosen) this.compare();
  }

  compare() {
    const pair = this.plan.pairs[Number(this.at("pair").value)];
    const published = pair.measures[Number(this.at("measure").value)];
    const { path } = this.chosen;
    this.asked = { pair, published, value: this.changed };
    this.number += 1;
    this.at("outcome").setAttribute("aria-busy", "true");
    const change = { path, value: this.changed };
    this.waits = { number: this.number, baseline: pair.baseline, against: pair.against, measure: published.name, change };
    this.send();
  }

  /** Ask what waits, if nothing is being answered: of what came in meanwhile only the last counts. */
  send() {
    if (this.busy || !this.waits) return;
    this.ask({ compare: this.waits });
    [this.busy, this.waits] = [true, null];
  }

  answer({ number, contrast }) {
    this.busy = false;
    this.send();
    if (number !== this.number) return;
    const { pair, published, value } = this.asked;
    const measure = this.plan.measures[published.name];
    const titles = [pair.against, pair.baseline].map((label) => this.plan.titles[label]);
    const head = ["Runs", ...titles.map((title) => `“${title}”`), "Difference", "95 % interval", "Pairs of runs"];
    const rows = [
      ["As published", published],
      [`With ${this.chosen.label} at ${value}`, contrast],
    ].map(([name, one]) => [
      name,
      written(one.mean_against, measure),
      written(one.mean_baseline, measure),
      signed(one.difference, measure),
      interval(one, measure),
      one.pairs.toLocaleString("en"),
    ]);
    const table = this.at("outcome");
    table.tHead.replaceChildren(line("th", head, "col"));
    table.tBodies[0].replaceChildren(...rows.map((cells) => line("td", cells, "row")));
    table.caption.textContent = `${measure.text[0].toUpperCase()}${measure.text.slice(1).replace(/,$/, "")}${measure.axis ? `; differences in ${measure.axis}` : ""}`;
    table.setAttribute("aria-busy", "false");
    this.at("said").textContent = verdict(pair, published, contrast, this.plan, value, this.chosen);
  }
}

/** Say in a sentence what has become of a number. */
export function verdict(pair, published, contrast, plan, value, figure) {
  const measure = plan.measures[published.name];
  const unit = measure.axis ? ` ${measure.step}`.trimEnd() : "";
  const now = `${signed(contrast.difference, measure)}${unit}`;
  const kept = figure.kept.filter((label) => label === pair.baseline || label === pair.against);
  const names = kept.map((label) => `“${plan.titles[label]}”`).join(" and ");
  const sets = kept.length ? ` ${names} ${kept.length === 1 ? "sets it and keeps its" : "set it and keep their"} own.` : "";
  if (value === figure.value && !figure.varied) return `Unchanged: ${now}, as published.${sets}`;
  const clear = ({ low, high, alike }) => (alike == null ? low > 0 || high < 0 : alike > 0.5);
  const still =
    contrast.changed === 0
      ? "no pair of runs differs any more"
      : !clear(contrast)
        ? "no difference can be told from chance any more"
        : Math.sign(contrast.difference) === Math.sign(published.difference)
          ? "the difference still stands"
          : "the difference is one the other way";
  const before = clear(published) && published.difference !== 0;
  const told = before ? still : clear(contrast) && contrast.changed ? "there is a difference now" : "there is still no clear difference";
  const held = figure.varied ? ` Here it is ${value} at all points of the design, which varies it.` : "";
  return `${now} in place of ${signed(published.difference, measure)}${unit}: ${told}.${held}${sets}`;
}

function group(label, options) {
  const element = document.createElement("optgroup");
  element.label = label;
  element.append(...options.map(([place, text]) => new Option(text, place)));
  return element;
}

function line(kind, texts, scope) {
  const row = document.createElement("tr");
  texts.forEach((text, place) => {
    const cell = document.createElement(place === 0 || kind === "th" ? "th" : "td");
    if (cell.tagName === "TH") cell.scope = kind === "th" ? "col" : scope;
    cell.textContent = text;
    row.append(cell);
  });
  return row;
}

function fixed(value, measure) {
  return (value * measure.scale).toFixed(measure.digits).replace("-", MINUS);
}

function written(value, measure) {
  return `${fixed(value, measure)}${measure.level === "%" ? "\u202f" : " "}${measure.level}`.trimEnd();
}

function signed(value, measure) {
  const text = fixed(value, measure);
  return text.startsWith(MINUS) || Number(text) === 0 ? text : `+${text}`;
}

function interval({ low, high, alike, changed, difference }, measure) {
  if (Number.isFinite(low) && Number.isFinite(high) && low !== null) return `${signed(low, measure)} to ${signed(high, measure)}`;
  if (alike === null || alike === undefined) return "–";
  const share = `${(100 * alike).toFixed(1)}\u202f%`;
  return changed === 0 || difference === 0 ? `none differs; so in at least ${share} of all` : `all alike; so in at least ${share} of all`;
}
