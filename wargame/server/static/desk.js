// Saves what is typed as it is typed, counts the points, and shows where a slider stands. Forms work without any of it.

const form = document.getElementById("sheet");
const said = document.getElementById("saved");
const WAIT = 600;
const AGAIN = 2000;
const STORE = form && form.dataset.save ? `papertiger ${form.dataset.name}` : "";
const SENT = `${STORE} sent`;
const touched = new Set();
let timer = 0;
let version = 0; // of what is typed here
let kept = 0; // the version that the server has
let sending = false;
let over = false;

function values() {
  const data = new FormData(form);
  return Object.fromEntries([...touched].map((name) => [name, String(data.get(name) ?? "")]));
}

function tell(what) {
  said.textContent = what ? said.dataset[what] : "";
  said.classList.toggle("failed", what === "failed" || what === "late");
}

function body() {
  const text = new URLSearchParams(values());
  for (const name of ["csrf", "turn", "whole"]) {
    if (form.elements[name]) {
      text.set(name, form.elements[name].value);
    }
  }
  text.set("as", "draft");
  text.set("auto", "1");
  text.set("touched", JSON.stringify([...touched]));
  return text;
}

async function save() {
  clearTimeout(timer);
  if (sending || over || kept === version) {
    return;
  }
  sending = true;
  document.body.dataset.saving = "1";
  const now = version;
  tell("saving");
  try {
    const answer = await fetch(form.dataset.save, { method: "POST", body: body(), keepalive: true, redirect: "error" });
    if (answer.status === 409 || answer.status === 404) {
      over = true; // the turn is closed, or nobody's page any more
      tell("late");
      return;
    }
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const told = await answer.json();
    if (told.version !== undefined) {
      document.body.dataset.version = told.version;
    }
    kept = now;
    if (kept === version) {
      sessionStorage.removeItem(STORE);
      tell("saved");
    } else {
      timer = setTimeout(save, WAIT);
    }
  } catch {
    tell("failed");
    timer = setTimeout(save, AGAIN);
  } finally {
    sending = false;
    delete document.body.dataset.saving;
  }
}

function write(name) {
  touched.add(name);
  version += 1;
  form.elements.touched.value = JSON.stringify([...touched]);
  sessionStorage.setItem(STORE, JSON.stringify(values()));
}

function heard(event) {
  const field = event.target;
  if (!field.name || field.form !== form) {
    return;
  }
  // A slider says nothing without its question, and a list of names nothing without a message.
  write(field.name);
  const partner = { chance: "ask", ask: "chance" };
  const match = /^(chance|ask)(\d)$/.exec(field.name);
  if (match) {
    write(partner[match[1]] + match[2]);
  }
  if (field.name === "text") {
    write("to");
  }
  clearTimeout(timer);
  if (form.dataset.lazy && event.type === "input") {
    return;
  }
  timer = setTimeout(save, event.type === "change" ? 50 : WAIT);
}

// Typed a moment before the page was left, and not on the server yet: of this tab alone, and gone with it.
function restore() {
  const left = sessionStorage.getItem(STORE);
  const answered = document.querySelector(".did, .problems") !== null;
  if (!left || (sessionStorage.getItem(SENT) && answered)) {
    // What the server answered to is on the server; a form that never got there is taken up again.
    sessionStorage.removeItem(STORE);
    sessionStorage.removeItem(SENT);
    return;
  }
  for (const [name, value] of Object.entries(JSON.parse(left))) {
    const field = form.elements[name];
    if (field && String(field.value) !== value) {
      field.value = value;
    }
    if (field) {
      write(name);
    }
  }
  save();
}

function points() {
  const spent = document.getElementById("spent");
  if (!spent) {
    return;
  }
  const chosen = [...form.querySelectorAll("input:checked[data-cost], option:checked[data-cost]")];
  const total = chosen.reduce((sum, one) => sum + Number(one.dataset.cost), 0);
  if (spent.value !== String(total)) {
    spent.value = String(total);
  }
  spent.parentElement.classList.toggle("over", total > Number(spent.dataset.have));
}

function sliders() {
  for (const slider of form.querySelectorAll("input[type=range]")) {
    const shown = form.querySelector(`output[for="${slider.id}"]`);
    const ask = form.elements[slider.name.replace("chance", "ask")];
    shown.value = slider.value;
    slider.closest(".slide").classList.toggle("idle", !ask.value);
  }
}

if (form) {
  points();
  sliders();
  addEventListener("input", () => { points(); sliders(); });
}
if (STORE) {
  addEventListener("input", heard);
  addEventListener("change", heard);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    over = true; // the form brings it all itself
    sessionStorage.setItem(SENT, "1");
  });
  addEventListener("pagehide", () => { save(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      save();
    }
  });
  restore();
}
