// Tells a page that it is old, and lets the room's clock run. Pages work without any of this.

const page = document.body;
const stale = document.getElementById("stale");
let touched = false;
let leaving = false;
let patience = new AbortController();
let wait = 1000;
// Of one group of a class, whose pages stand beside those of the others.
const at = /^\/group\/\d+(?=\/)/.exec(location.pathname)?.[0] ?? "";

const clock = document.getElementById("clock");
let setClock = null;
if (clock && clock.dataset.running) {
  let end = 0;
  const show = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("short", left < 60);
  };
  // Set anew when the server says so: in some browsers the page's own clock stands while the machine sleeps.
  setClock = (left) => {
    end = performance.now() + 1000 * left;
    show();
  };
  setClock(Number(clock.dataset.left));
  setInterval(show, 500);
}

// A field may stand outside of the form that it belongs to.
addEventListener("input", (event) => { touched ||= Boolean(event.target.form); });
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    leaving = true;
    // The form may bring another cookie, and this question would be answered to nobody's.
    patience.abort();
  });
}

async function becomeOld() {
  // What somebody is typing is never taken away: then the page only says that it is old.
  if (!touched && !page.dataset.quiet && !leaving) {
    try {
      // Loaded from a server that has just gone, the page would be the browser's own, on which nothing listens.
      await fetch(`${at}/edition`, { cache: "no-store" });
    } catch {
      told = false;
      return;
    }
  }
  // A form on its way brings its own page; a reload would get there first and hide its answer.
  if (leaving) {
    return;
  }
  if (touched || page.dataset.quiet) {
    stale.hidden = false;
  } else {
    location.reload();
  }
}

// The socket tells at once; where a proxy forbids it, or too many are open, the page asks every few seconds. With a
// socket it still asks now and then, since a line that broke while the machine slept looks open for minutes.
const lost = document.getElementById("lost");
const ASK = 5000;
const ASK_WITH_SOCKET = 30000;
const LOST_AFTER = 4000;
let socket = null;
let asking = false;
let told = false;
let heard = performance.now();
let slept = Date.now();
let asked = 0;

function hear(said) {
  heard = performance.now();
  lost.hidden = true;
  if (page.dataset.saving) {
    // What this page itself is saving may be the change; its answer says which version that makes.
    setTimeout(ask, 500);
    return;
  }
  const isOld = said.version !== Number(page.dataset.version)
    || (page.dataset.place !== undefined && said.place !== Number(page.dataset.place));
  // Once is enough: a page that only says that it is old goes on listening.
  if (isOld && !told) {
    told = true;
    becomeOld();
  }
}

function isOpen() {
  return socket !== null && socket.readyState === WebSocket.OPEN;
}

async function ask() {
  if (asking || leaving) {
    return;
  }
  asking = true;
  asked = performance.now();
  patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ASK);
  try {
    const answer = await fetch(`${at}/edition`, { cache: "no-store", redirect: "error", signal: patience.signal });
    if (answer.status === 404) {
      // Nobody's page any more, unless a form on its way has just brought another cookie and brings its own page.
      if (!leaving) {
        location.assign("/");
      }
      return;
    }
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const said = await answer.json();
    hear(said);
    if (said.left !== null && setClock !== null) {
      setClock(said.left);
    }
  } catch {
    if (performance.now() - heard > LOST_AFTER && !leaving) {
      lost.hidden = false;
    }
  } finally {
    clearTimeout(timer);
    asking = false;
  }
}

function listen() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  try {
    socket = new WebSocket(`${scheme}//${location.host}${at}/live`);
  } catch {
    return; // forbidden here; the page asks
  }
  socket.addEventListener("open", () => { wait = 1000; });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    if (event.code === 4401) {
      location.assign("/");
      return;
    }
    ask();
    setTimeout(listen, event.code === 4429 ? 60000 : wait);
    wait = Math.min(2 * wait, 15000);
  });
}

function watch() {
  const now = Date.now();
  const woke = now - slept > 10000 || now < slept;
  slept = now;
  if (woke || performance.now() - asked > (isOpen() ? ASK_WITH_SOCKET : ASK)) {
    ask();
  }
}

if (page.dataset.version) {
  listen();
  setInterval(watch, 1000);
  for (const name of ["online", "focus"]) {
    addEventListener(name, () => ask());
  }
  addEventListener("offline", () => { lost.hidden = false; });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      ask();
    }
  });
}

if (!page.dataset.version) {
  sessionStorage.clear(); // nobody sits here: what was typed a moment ago is nobody else's
}

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});

// What scrolls inside the page can be scrolled with the keyboard, too; what does not is no stop for it.
function reachable() {
  for (const box of document.querySelectorAll(".scroll")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  }
}

reachable();
addEventListener("resize", reachable);
document.addEventListener("toggle", reachable, true);
