// Films the last turn step by step when the facilitator asks for it. Without this the wall is a still of the same.

const page = document.body;
const STEP = 4500;
const key = "films";
const films = Number(page.dataset.films);
const steps = [...document.querySelectorAll("#headline .step")].map((one) => one.dataset.step);

function remembered() {
  try {
    const before = sessionStorage.getItem(key);
    sessionStorage.setItem(key, String(films));
    return before;
  } catch {
    return String(films); // no storage here: then nothing is known to be new
  }
}

function show(step) {
  for (const one of document.querySelectorAll("[data-step]")) {
    one.classList.toggle("on", one.dataset.step === step);
  }
  for (const one of document.querySelectorAll(`[data-moved="${step}"]`)) {
    one.classList.add("shown");
  }
}

function film() {
  page.classList.add("filming");
  let at = 0;
  const next = () => {
    if (at === steps.length) {
      page.classList.remove("filming");
      return;
    }
    show(steps[at]);
    at += 1;
    setTimeout(next, STEP);
  };
  next();
}

// Only a page that was open before the facilitator asked films: whoever comes later sees the still.
const before = remembered();
if (before !== null && films > Number(before) && steps.length > 0) {
  film();
}
