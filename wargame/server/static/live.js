// Tells a page that it is old, and lets the room's clock run. Pages work without any of this.

const page = document.body;
const stale = document.getElementById("stale");
let touched = false;
let leaving = false;
let wait = 1000;

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { leaving = true; });
}

function becomeOld() {
  // A form on its way brings its own page; a reload would get there first and hide its answer.
  if (leaving) {
    return;
  }
  // What somebody is typing is never taken away: then the page only says that it is old.
  if (touched || page.dataset.quiet) {
    stale.hidden = false;
  } else {
    location.reload();
  }
}

function listen() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/live`);
  socket.addEventListener("open", () => { wait = 1000; });
  socket.addEventListener("message", (event) => {
    if (JSON.parse(event.data).version !== Number(page.dataset.version)) {
      becomeOld();
    }
  });
  socket.addEventListener("close", (event) => {
    if (event.code === 4401) {
      location.assign("/");
      return;
    }
    if (event.code !== 4429) {
      setTimeout(listen, wait);
      wait = Math.min(2 * wait, 15000);
    }
  });
}

if (page.dataset.version) {
  listen();
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

const clock = document.getElementById("clock");
if (clock && clock.dataset.running) {
  const end = performance.now() + 1000 * Number(clock.dataset.left);
  const show = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("short", left < 60);
  };
  show();
  setInterval(show, 500);
}
