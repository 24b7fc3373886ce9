// Start the page: read the address, run both worlds, draw what they come to, and keep the address as the state is.

import { Lab } from "./engine.mjs";
import { comparable, read, shipped, written } from "./address.mjs";
import { Classroom } from "./classroom.mjs";
import { Controls, called, changes } from "./controls.mjs";
import { Levers } from "./levers.mjs";
import { PANELS, View, answer } from "./panels.mjs";
import { FIRST, Gathered, Pool, runOn } from "./runs.mjs";
import { escaped, label, languages, monthName, speak, t, useTexts } from "./say.mjs";
import { csv, picturesIn, png, poster, save } from "./takeaway.mjs";
import { Why } from "./why.mjs";

const [GLANCE, STILL, MANY] = [100, 1_000, 10_000];
/** Difference of shares from which two worlds differ in a question. */
const LEAST_GAP = 0.02;
/** Milliseconds without a move after which more runs are made. */
const REST = 400;
const PAINT_EVERY = 1_000;

const $ = (selector) => document.querySelector(selector);

class Page {
  constructor(lab, pool, initial) {
    Object.assign(this, { lab, pool, token: 0, wanted: 0, latency: [] });
    this.worlds = lab.worlds;
    // What an experiment sets and the page has no figure for is left out.
    this.initial = read(written(initial), this.worlds, initial);
    this.state = read(location.hash, this.worlds, this.initial);
    this.gathered = { a: null, b: null };
    this.act = (change, { moving = false } = {}) => this.change(change, moving);
    this.controls = new Controls($("#controls"), this.worlds, this.act);
    this.levers = new Levers($("#levers"), pool, this.act);
    this.why = new Why($("#why"), lab, this.act);
    this.classroom = new Classroom($("#class"), this.act);
    this.listen();
  }

  listen() {
    addEventListener("hashchange", () => {
      if (location.hash === this.hash) return;
      this.state = read(location.hash, this.worlds, this.initial);
      this.refresh();
    });
    let timer = 0;
    addEventListener("resize", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.draw(), 150);
    });
    document.addEventListener("click", (event) => this.clicked(event));
    for (const id of ["client", "rung", "seed"]) {
      $(`#${id}`).addEventListener("change", ({ target }) => {
        const value = id === "client" ? target.value : Math.max(0, Math.floor(Number(target.value)) || 0);
        this.change((state) => (state[id] = value));
      });
    }
    const month = $("#month");
    month.addEventListener("input", () => this.change((state) => (state.month = this.view.months[Number(month.value)]), true));
    month.addEventListener("change", () => this.change((state) => (state.month = this.view.months[Number(month.value)])));
  }

  clicked(event) {
    const button = event.target.closest("button, a.skip");
    if (!button) return;
    const { do: what, lang, view, client, save: panel, kind } = button.dataset;
    if (button.matches("a.skip")) {
      event.preventDefault();
      $("#main").focus();
    } else if (lang) this.change((state) => (state.lang = lang));
    else if (view) this.change((state) => (state.view = view));
    else if (client) this.change((state) => (state.client = client));
    else if (panel) this.take(panel, kind);
    else if (what === "many") this.more(MANY);
    else if (what === "stop") this.stop();
    else if (what === "levers") this.levers.run();
    else if (what === "scenario") this.takeScenario(button.dataset.side);
    else if (what === "experiment") save("experiment.yaml", this.lab.experiment(this.state.a, this.state.b, this.view.runs, this.state.seed), "text/yaml");
    else if (what === "link") this.copy(button);
    else if (what === "print") print();
    else if (what === "controls") {
      $("#controls").scrollIntoView();
      $("#controls select").focus({ preventScroll: true });
    }
  }

  /** Change the state; a slider's whole move is one step of the history, made at its end. */
  change(change, moving = false) {
    change(this.state);
    this.state = read(written(this.state), this.worlds, this.initial);
    this.hash = written(this.state);
    if (!moving && this.hash !== location.hash) history.pushState(null, "", this.hash);
    this.refresh(moving);
  }

  /** Show the state: what is drawn already at once, and runs where a world has changed. */
  refresh(moving = false) {
    speak(this.state.lang);
    this.hash = written(this.state);
    this.frame();
    this.controls.show(this.state);
    this.moving = moving;
    const began = performance.now();
    const stale = ["a", "b"].filter((side) => !this.fits(side));
    if (!stale.length) {
      this.believe().then(() => this.draw(), (error) => this.fail(String(error.message ?? error)));
      this.rest();
      return;
    }
    this.wanted++;
    if (!this.busy) this.runFirst(began);
  }

  fits(side) {
    const one = this.gathered[side];
    return one && one.seed === this.state.seed && JSON.stringify(one.state) === JSON.stringify(this.state[side]);
  }

  /** Run the first runs of what has changed; what changes meanwhile is run next. */
  async runFirst(began) {
    this.busy = true;
    try {
      for (let now = -1; now !== this.wanted; ) {
        now = this.wanted;
        this.token++;
        const { state } = this;
        const same = JSON.stringify(state.a) === JSON.stringify(state.b);
        const client = this.clientOf(state);
        const fresh = {};
        await Promise.all(
          (same ? ["a"] : ["a", "b"]).filter((side) => !this.fits(side)).map((side) => {
            const world = this.worlds.find((one) => one.id === state[side].world);
            fresh[side] = new Gathered(world, structuredClone(state[side]), state.seed);
            // A browser's first code for the kernel is slow, and is replaced meanwhile: the first picture takes few runs.
            const runs = this.drawn ? FIRST : GLANCE;
            return runOn(this.pool, fresh[side], runs, { client, urgent: true, size: Math.ceil(runs / this.pool.size) });
          }),
        );
        Object.assign(this.gathered, fresh);
        if (same) this.gathered.b = this.gathered.a;
        if (!this.drawn) {
          if (this.openTwin()) continue;
          this.ask();
        }
        await this.believe();
        this.fail("");
        this.draw();
        this.drawn ??= performance.now();
        this.latency.push(performance.now() - began);
        began = performance.now();
      }
    } catch (error) {
      this.fail(String(error.message ?? error));
    } finally {
      this.busy = false;
    }
    this.rest();
  }

  fail(words) {
    $("#failed").hidden = !words;
    $("#failed").textContent = words ? t("failed", { words }) : "";
  }

  clientOf(state) {
    return this.worlds.find((one) => one.id === state.a.world).clients.findIndex((one) => one.id === state.client);
  }

  /** Whether what is gathered is of the worlds that are chosen, if perhaps not yet of the last move. */
  shows(side) {
    return this.gathered[side]?.world.id === this.state[side].world;
  }

  /**
   * Where the address asks nothing, ask what the two worlds differ in: of the first client if it can be, of the one that
   * differs most, or of a nearer rung.
   */
  ask() {
    if (/[#&](?:client|rung)=/.test(location.hash)) return;
    const { a } = this.gathered;
    const { state } = this;
    const gap = (client, rung) => this.gap(client, rung);
    const first = this.clientOf(state);
    const others = this.asked ? [] : a.world.clients.map((_, client) => client);
    for (const rung of [3, 2, 1]) {
      const most = others.reduce((best, client) => (gap(client, rung) > gap(best, rung) ? client : best), first);
      const client = gap(first, rung) > LEAST_GAP ? first : most;
      if (gap(client, rung) > LEAST_GAP) {
        Object.assign(state, { client: a.world.clients[client].id, rung });
        this.frame();
        return;
      }
    }
  }

  /** How far the shares of both worlds lie apart at the end. */
  gap(client, rung) {
    const [a, b] = ["a", "b"].map((side) => this.gathered[side]);
    return Math.abs(a.beyond(a.months - 1, client, rung) / a.runs - b.beyond(b.months - 1, client, rung) / b.runs);
  }

  /** Where the first picture would show no difference, show the world's twin instead; returns whether it does. */
  openTwin() {
    const { a, b } = this.gathered;
    const twin = comparable(this.worlds, a.world.id).find((one) => one.id === a.world.twin);
    const differs = a.world.clients.some((_, client) => [1, 2, 3].some((rung) => this.gap(client, rung) > LEAST_GAP));
    if (differs || !twin || /[#&][ab][=.%:]/.test(location.hash) || this.opened || b.world === twin) return false;
    this.state.b = shipped(twin.id);
    this.wanted++;
    this.controls.show(this.state);
    return true;
  }

  /** Gather the belief of the client that is asked about, which may be another one by the time that runs come in. */
  async believe() {
    while (this.shows("a") && this.shows("b")) {
      const at = this.clientOf(this.state);
      const lacking = [...new Set([this.gathered.a, this.gathered.b])].filter((one) => one.client !== at);
      if (!lacking.length) return;
      for (const one of lacking) {
        const other = new Gathered(one.world, one.state, one.seed);
        await runOn(this.pool, other, FIRST, { client: at, urgent: true, size: Math.ceil(FIRST / this.pool.size) });
        if (this.clientOf(this.state) !== at) break;
        Object.assign(one, { protection: other.protection, believed: other.believed, client: at });
      }
    }
  }

  /** Once nothing has moved for a while, run on. */
  rest() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.moving) {
        this.moving = false;
        this.draw();
      }
      if (!this.busy && this.view && this.view.runs < STILL) this.more(STILL);
      else this.tell();
    }, REST);
  }

  /** Run on to so many runs. */
  async more(upTo) {
    clearTimeout(this.timer);
    const token = ++this.token;
    const isWanted = () => token === this.token;
    const side = this.gathered.a === this.gathered.b ? ["a"] : ["a", "b"];
    let painted = performance.now();
    const progress = () => {
      const done = Math.min(...side.map((one) => this.gathered[one].runs));
      this.running(done, upTo);
      if (performance.now() - painted > PAINT_EVERY) {
        this.moving = true;
        this.draw();
        this.moving = false;
        painted = performance.now();
      }
    };
    progress();
    try {
      await Promise.all(side.map((one) => runOn(this.pool, this.gathered[one], upTo, { client: this.gathered[one].client, isWanted, onMore: progress })));
    } catch (error) {
      this.fail(String(error.message ?? error));
    }
    if (isWanted()) {
      this.running(0, 0);
      this.draw();
      this.tell();
    }
  }

  stop() {
    this.token++;
    this.running(0, 0);
    this.draw();
  }

  running(done, upTo) {
    const is = upTo > STILL;
    $("#progress").hidden = $("#stop").hidden = !is;
    $("#many").hidden = is;
    $("#progress").max = upTo || 1;
    $("#progress").value = done;
  }

  /** Words around the panels, and the choices above them. */
  frame() {
    const { state } = this;
    const world = this.worlds.find((one) => one.id === state.a.world);
    const shape = JSON.stringify([state.lang, state.a.world]);
    document.documentElement.lang = state.lang;
    document.body.dataset.view = state.view;
    if (shape !== this.framed) {
      this.framed = shape;
      for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
      for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
      $("#client").innerHTML = world.clients.map((one) => `<option value="${escaped(one.id)}">${escaped(label(one.name))}</option>`).join("");
      $("#rung").innerHTML = world.postures.slice(1).map((id, k) => `<option value="${k + 1}">${t(`beyond.${id}`)}</option>`).join("");
      $("#month").max = world.months.length - 1;
      document.title = t("title");
    }
    for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === state.lang));
    for (const button of document.querySelectorAll("[data-view]:not(body)")) button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
    $("#client").value = state.client;
    $("#rung").value = String(state.rung);
    $("#month").value = world.months.indexOf(state.month);
    $("#month").setAttribute("aria-valuetext", monthName(state.month));
    $("#month-name").textContent = monthName(state.month);
    if (document.activeElement !== $("#seed")) $("#seed").value = state.seed;
  }

  /** Draw everything from what is gathered. */
  draw() {
    if (!this.shows("a") || !this.shows("b")) return;
    const view = new View(this.state, this.worlds, this.gathered);
    view.called = called(view.worlds, this.state);
    this.view = view;
    $("#runs").textContent = t("n_runs", { n: view.runs });
    if (this.state.view === "class") {
      this.classroom.show(view);
      return;
    }
    $("#answer").innerHTML = answer(view);
    for (const panel of PANELS) {
      const place = $(`#panel-${panel.id}`);
      // While a slider moves only what is in sight is drawn; the rest follows once it is still.
      if (this.moving && !isInSight(place)) continue;
      place.querySelector("h2").textContent = this.titleOf(panel.id);
      this.drawPanel(panel, place.querySelector(".drawn"));
    }
    if (!this.moving) {
      this.levers.show(view);
      this.explain();
    }
  }

  drawPanel(panel, place) {
    const focus = place.contains(document.activeElement) ? document.activeElement.dataset.client : null;
    place.innerHTML = panel.draw(this.view, Math.max(280, Math.floor(place.clientWidth)));
    if (focus) place.querySelector(`[data-client="${CSS.escape(focus)}"]`)?.focus();
  }

  explain() {
    try {
      this.why.show(this.view);
    } catch (error) {
      this.fail(String(error.message ?? error));
    }
  }

  /** Say to those who listen what has come out, once it is still. */
  tell() {
    if (!this.view) return;
    this.explain();
    $("#said").textContent = this.state.view === "lab" ? $("#answer").innerText : "";
    document.body.dataset.still = String(this.view.runs);
  }

  titleOf(id) {
    return t(`panel.${id}`, { client: this.view.name, rung: this.view.rung });
  }

  origin() {
    const { view, state } = this;
    const world = (side) => `${side.toUpperCase()}: ${[label(view.worlds[side].title), ...changes(view.worlds[side], state[side])].join(", ")}`;
    return `${world("a")} · ${world("b")} · ${t("n_runs", { n: view.runs })} · ${t("seed_is", { seed: state.seed })} · Papertiger ${document.body.dataset.version} · ${t("argument")}`;
  }

  async take(id, kind) {
    const panel = PANELS.find((one) => one.id === id);
    const name = `papertiger-${id}`;
    if (kind === "csv") {
      const rows = id === "levers" ? this.levers.table() : id === "why" ? this.why.table() : panel.csv(this.view);
      save(`${name}.csv`, csv(rows), "text/csv");
      return;
    }
    const drawn = panel?.picture ? [panel.picture(this.view)] : picturesIn($(`#panel-${id}`));
    const svg = poster(this.titleOf(id), this.origin(), drawn);
    if (kind === "svg") save(`${name}.svg`, svg, "image/svg+xml");
    else save(`${name}.png`, await png(svg), "image/png");
  }

  takeScenario(side) {
    save(`${this.state[side].world}_lab_${side}.yaml`, this.lab.scenario(this.state[side]), "text/yaml");
  }

  async copy(button) {
    try {
      await navigator.clipboard.writeText(location.href);
      $("#said").textContent = button.textContent = t("copied");
    } catch {
      prompt(t("copy_this"), location.href);
    }
  }
}

/** Whether any of an element can be seen now. */
function isInSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** The panels' places, with what can be taken away of each. */
function places() {
  const save = (id) => `<div class="save">${["png", "svg", "csv"].map((kind) => `<button type="button" data-save="${id}" data-kind="${kind}">${kind.toUpperCase()}</button>`).join("")}</div>`;
  for (const { id, wide } of PANELS) {
    const place = document.createElement("section");
    place.className = `panel${wide ? " whole" : ""}`;
    place.id = `panel-${id}`;
    place.innerHTML = `<h2></h2>${save(id)}<div class="drawn"></div>`;
    $("#panels").append(place);
  }
}

/** The state of a page whose address says nothing. */
function initialState(lab, opening) {
  const a = opening.a ?? shipped(lab.worlds[0].id);
  const others = comparable(lab.worlds, a.world);
  const world = lab.worlds.find((one) => one.id === a.world);
  // Without anything changed there would be nothing to see: the last of the causes is taken away.
  const taken = world.switches.slice(-1).map((one) => one.key);
  const b = opening.b ?? { ...structuredClone(a), off: opening.a ? a.off : taken };
  return {
    a, b: others.some((one) => one.id === b.world) ? b : shipped(a.world), seed: opening.seed ?? 1, client: opening.client ?? world.clients[0].id,
    rung: 3, month: world.months.at(-1), run: 0, of: "b", at: null, side: "b", view: "lab",
    lang: languages().find((one) => navigator.language.startsWith(one)) ?? "en",
  };
}

/** Start the page. */
export async function start() {
  const { program, texts, wasm, payload } = globalThis.carried;
  useTexts(texts);
  places();
  const size = Math.max(1, Math.min(4, navigator.hardwareConcurrency || 2));
  const lab = Lab.open(wasm.slice(), payload.slice());
  const pool = new Pool(program, { wasm, payload }, size);
  const opened = await lab;
  const opening = JSON.parse($("#opening").textContent);
  const page = new Page(opened, pool, initialState(opened, opening));
  Object.assign(page, { opened: opening.b !== undefined, asked: opening.client !== undefined });
  globalThis.papertiger = page;
  page.refresh(true); // what is in sight first
}

