// The left side: which worlds, and what is changed in the one that is being changed.

import { escaped, label, monthName, number, t } from "./say.mjs";
import { comparable, shipped } from "./address.mjs";

/** How many figures are shown before the others are asked for. */
const DOZEN = 12;

/** Whether a world is as shipped. */
export function isShipped(state) {
  return !Object.keys(state.figures).length && !state.off.length && !state.struck.length && !state.path;
}

/** What was changed in a world, in words. */
export function changes(world, state) {
  const parts = world.figures
    .filter((figure) => figure.key in state.figures)
    .map((figure) => `${label(figure.label)} ${number(state.figures[figure.key])}`);
  parts.push(...world.switches.filter((one) => state.off.includes(one.key)).map((one) => label(one.label)));
  if (state.path) parts.push(label(world.paths.find((one) => one.key === state.path)?.label ?? state.path));
  if (state.struck.length) parts.push(t("struck", { n: state.struck.length }));
  return parts;
}

/** What both worlds are called in a legend: by their titles, or by what was changed where the title is the same. */
export function called(worlds, state) {
  const name = (side) => {
    const list = changes(worlds[side], state[side]);
    const title = label(worlds[side].title);
    if (!list.length) return title;
    return state.a.world === state.b.world && list.length < 3 ? list.join(", ") : `${title} (${t("changed")})`;
  };
  return { a: name("a"), b: name("b") };
}

/** The controls, drawn anew when worlds or language change, and set when figures do. */
export class Controls {
  /** `act(change, {moving})` is called with a function that changes the state. */
  constructor(element, worlds, act) {
    Object.assign(this, { element, worlds, act, state: null, shown: "" });
    element.addEventListener("input", (event) => this.moved(event, true));
    element.addEventListener("change", (event) => this.moved(event, false));
    element.addEventListener("click", (event) => this.clicked(event));
  }

  get world() {
    return this.worlds.find((one) => one.id === this.state[this.state.side].world);
  }

  /** Show a state. */
  show(state) {
    this.state = state;
    const shape = JSON.stringify([state.a.world, state.b.world, state.side, state.lang, state.view]);
    if (shape !== this.shown) {
      this.shown = shape;
      const open = new Set([...this.element.querySelectorAll("details[open]")].map((one) => one.dataset.id));
      this.element.innerHTML = this.markup();
      for (const one of this.element.querySelectorAll("details")) one.open = open.has(one.dataset.id);
    }
    this.set();
  }

  markup() {
    const { state, world } = this;
    const option = (one, chosen) => `<option value="${escaped(one.id)}"${one.id === chosen ? " selected" : ""}>${escaped(label(one.title))}</option>`;
    const choose = (side, list) => `<label class="world ${side}"><b>${side.toUpperCase()}</b> <span class="sr">${t("world_of", { side: side.toUpperCase() })}</span><select data-world="${side}">${list.map((one) => option(one, state[side].world)).join("")}</select></label>`;
    const side = (one) => `<label><input type="radio" name="side" value="${one}"${state.side === one ? " checked" : ""}> ${one.toUpperCase()}</label>`;
    const figures = world.figures;
    const later = new Map();
    for (const figure of figures.slice(DOZEN)) {
      const group = this.group(figure.group ?? "");
      later.set(group, [...(later.get(group) ?? []), figure]);
    }
    const more = [...later].map(([group, list]) => `${group ? `<h4>${escaped(group)}</h4>` : ""}${list.map((one) => this.slider(one)).join("")}`).join("");
    return `
      <h2>${t("worlds")}</h2>
      <p class="note">${t("same_luck")}</p>
      ${choose("a", this.worlds)}
      ${choose("b", comparable(this.worlds, state.a.world))}
      <fieldset class="side"><legend>${t("change_which")}</legend>${side("a")}${side("b")}
        <button type="button" data-do="reset">${t("as_shipped")}</button>
        <button type="button" data-do="copy">${t("make_before")}</button></fieldset>
      <p class="changes" id="changes"></p>
      ${world.switches.length ? `<h3>${t("ablations")}</h3><p class="note">${t("ablations_note")}</p><div class="chips">${world.switches.map((one) => this.chip("off", one)).join("")}</div>` : ""}
      ${world.paths.length ? `<h3>${t("paths")}</h3><div class="chips">${world.paths.map((one) => this.chip("path", one)).join("")}</div>` : ""}
      <h3>${t("figures")}</h3>
      ${figures.slice(0, DOZEN).map((one) => this.slider(one)).join("")}
      ${more ? `<details class="more" data-id="more"><summary>${t("more_figures", { n: figures.length - DOZEN })}</summary>${more}</details>` : ""}
      ${world.events.length ? `<details class="more" data-id="events"><summary>${t("events", { n: world.events.length })}</summary>${this.events()}</details>` : ""}`;
  }

  /** What a group of figures is called: a client by its name, others by a text. */
  group(key) {
    const client = this.world.clients.find((one) => `clients.${one.id}` === key);
    return client ? label(client.name) : label(`group.${key}`).replace(/^group\./, "");
  }

  chip(kind, one) {
    const words = label(one.why ?? "");
    return `<button type="button" class="chip" data-${kind}="${escaped(one.key)}" aria-pressed="false" title="${escaped(words)}">${escaped(label(one.label))}</button>`;
  }

  slider(figure) {
    const id = `figure-${figure.key}`;
    const unit = figure.unit ? ` <span class="unit">${escaped(t(`unit.${figure.unit}`))}</span>` : "";
    const source = figure.source ? `<p class="source">${t("source")}: ${escaped(Array.isArray(figure.source) ? figure.source.join("; ") : figure.source)}</p>` : "";
    const why = figure.why || figure.source || figure.what ? `<details data-id="${escaped(id)}"><summary>${t("why_this")}</summary>${figure.what ? `<p>${escaped(label(figure.what))}.</p>` : ""}<p>${escaped(label(figure.why ?? ""))}</p>${source}</details>` : "";
    const bounds = `min="${figure.low}" max="${figure.high}" step="${figure.step}"`;
    return `<div class="slider" data-slider="${escaped(figure.key)}">
      <label for="${escaped(id)}">${escaped(label(figure.label))}${unit}</label>
      <input class="value" type="number" aria-label="${escaped(label(figure.label))}" data-figure="${escaped(figure.key)}" min="${figure.low}" max="${figure.high}" step="any">
      <input id="${escaped(id)}" type="range" data-figure="${escaped(figure.key)}" ${bounds}>
      <p class="range"><span>${number(figure.low)}</span><span class="as">${t("shipped_value")} ${number(figure.value)}</span><span>${number(figure.high)}</span></p>
      <button type="button" class="back" data-reset="${escaped(figure.key)}" aria-label="${escaped(t("reset_one", { figure: label(figure.label) }))}" hidden>↺</button>
      ${why}</div>`;
  }

  events() {
    const names = new Map(this.world.clients.map((one) => [one.id, label(one.name)]));
    const rows = this.world.events.map((event) => {
      const who = (event.clients ?? []).map((id) => names.get(id) ?? id).join(", ");
      return `<label class="event" data-clients="${escaped((event.clients ?? []).join("|"))}"><input type="checkbox" data-event="${escaped(event.key)}" checked><span><b>${monthName(event.month)}${who ? ` · ${escaped(who)}` : ""}</b> ${escaped(label(event.label))}</span></label>`;
    });
    return `<p class="note">${t("events_note")}</p>
      <label class="only"><input type="checkbox" data-only> ${t("events_only")}</label>
      <button type="button" data-do="strike">${t("strike_shown")}</button><div class="events">${rows.join("")}</div>`;
  }

  /** Set every control to the state. */
  set() {
    const { state, world } = this;
    const own = state[state.side];
    for (const input of this.element.querySelectorAll("[data-figure]")) {
      const figure = world.figures.find((one) => one.key === input.dataset.figure);
      const value = own.figures[figure.key] ?? figure.value;
      if (document.activeElement !== input || input.type === "range") input.value = input.type === "range" ? value : String(Math.round(value * 1e6) / 1e6);
    }
    for (const box of this.element.querySelectorAll("[data-slider]")) {
      const differs = box.dataset.slider in own.figures;
      box.classList.toggle("differs", differs);
      box.querySelector(".back").hidden = !differs;
    }
    for (const chip of this.element.querySelectorAll("[data-off]")) chip.setAttribute("aria-pressed", String(own.off.includes(chip.dataset.off)));
    for (const chip of this.element.querySelectorAll("[data-path]")) chip.setAttribute("aria-pressed", String((own.path ?? world.path) === chip.dataset.path));
    for (const box of this.element.querySelectorAll("[data-event]")) box.checked = !own.struck.includes(box.dataset.event);
    for (const box of this.element.querySelectorAll("[name=side]")) box.checked = box.value === state.side;
    for (const box of this.element.querySelectorAll("[data-world]")) box.value = state[box.dataset.world].world;
    const list = changes(world, own);
    this.element.querySelector("#changes").textContent = list.length ? `${state.side.toUpperCase()}: ${list.join(" · ")}` : t("nothing_changed", { side: state.side.toUpperCase() });
    this.filter();
  }

  filter() {
    const only = this.element.querySelector("[data-only]")?.checked;
    for (const row of this.element.querySelectorAll(".event")) {
      row.hidden = Boolean(only) && !row.dataset.clients.split("|").includes(this.state.client);
    }
  }

  moved(event, moving) {
    const { target } = event;
    const { figure, world: side } = target.dataset;
    if (figure) {
      const one = this.world.figures.find((other) => other.key === figure);
      const value = Number(target.value);
      if (target.value === "" || !Number.isFinite(value)) return;
      const inside = Math.min(one.high, Math.max(one.low, value));
      this.act((state) => setFigure(state[state.side], one, inside), { moving });
      return;
    }
    if (moving) return;
    if (side) this.act((state) => this.choose(state, side, target.value));
    else if (target.name === "side") this.act((state) => (state.side = target.value));
    else if (target.dataset.event) this.act((state) => toggle(state[state.side].struck, target.dataset.event));
    else if (target.dataset.only !== undefined) this.filter();
  }

  choose(state, side, id) {
    state[side] = shipped(id);
    if (side === "a") {
      const others = comparable(this.worlds, id);
      if (!others.some((one) => one.id === state.b.world)) {
        const twin = others.find((one) => one.twin === id) ?? others[0];
        state.b = shipped(twin.id);
      }
    }
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { off, path, reset } = button.dataset;
    if (off) this.act((state) => toggle(state[state.side].off, off));
    else if (path) this.act((state) => (state[state.side].path = path === this.world.path ? null : path));
    else if (reset) this.act((state) => delete state[state.side].figures[reset]);
    else if (button.dataset.do === "reset") this.act((state) => (state[state.side] = shipped(state[state.side].world)));
    else if (button.dataset.do === "copy") this.act((state) => (state.a = structuredClone(state.b)));
    else if (button.dataset.do === "strike") this.strike();
  }

  strike() {
    const keys = [...this.element.querySelectorAll(".event:not([hidden]) [data-event]")].map((box) => box.dataset.event);
    this.act((state) => {
      const own = state[state.side];
      const all = keys.every((key) => own.struck.includes(key));
      own.struck = all ? own.struck.filter((key) => !keys.includes(key)) : [...new Set([...own.struck, ...keys])];
    });
  }
}

/** Set a figure of a world; at its shipped value it is no change. */
export function setFigure(world, figure, value) {
  if (Math.abs(value - figure.value) < 1e-12) delete world.figures[figure.key];
  else world.figures[figure.key] = value;
}

function toggle(list, key) {
  const at = list.indexOf(key);
  if (at < 0) list.push(key);
  else list.splice(at, 1);
}

