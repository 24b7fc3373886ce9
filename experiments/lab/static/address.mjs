// Keep the whole state of the page in its address, in words that a reader can understand and change.
//
//   #a=partners_2020&b=partners_2020&b.standing_cost=0&client=Armenia&month=2024-12&seed=1

/** A world as shipped. */
export function shipped(id) {
  return { world: id, figures: {}, off: [], struck: [], path: null };
}

/** The worlds that can be held against a world on the same luck: same clients, same months. */
export function comparable(worlds, id) {
  const signature = (world) => `${world.months[0]} ${world.months.at(-1)} ${world.clients.map((one) => one.id)}`;
  const own = signature(worlds.find((world) => world.id === id));
  return worlds.filter((world) => signature(world) === own);
}

/** Write a state as the part of an address behind the #. */
export function written(state) {
  const parts = new URLSearchParams();
  for (const side of ["a", "b"]) {
    const world = state[side];
    parts.set(side, world.world);
    for (const key of Object.keys(world.figures).sort()) parts.set(`${side}.${key}`, String(world.figures[key]));
    if (world.off.length) parts.set(`${side}:off`, [...world.off].sort().join(","));
    if (world.struck.length) parts.set(`${side}:struck`, [...world.struck].sort().join(","));
    if (world.path) parts.set(`${side}:path`, world.path);
  }
  for (const key of ["client", "rung", "month", "seed", "run", "of", "at", "side", "view", "lang"]) {
    if (state[key] !== undefined && state[key] !== null) parts.set(key, String(state[key]));
  }
  return `#${parts}`;
}

/** Read a state from an address; what the worlds do not have is left out, so that an old address still opens. */
export function read(hash, worlds, initial) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const state = structuredClone(initial);
  const byId = new Map(worlds.map((world) => [world.id, world]));
  for (const side of ["a", "b"]) {
    const id = parts.get(side);
    if (!byId.has(id)) continue;
    const world = byId.get(id);
    state[side] = shipped(id);
    for (const figure of world.figures) {
      const text = parts.get(`${side}.${figure.key}`);
      const value = Number(text);
      if (text === null || text.trim() === "" || !Number.isFinite(value)) continue;
      // A file may say more than a slider reaches, and so may an address.
      const inside = Math.min(figure.greatest, Math.max(figure.least, value));
      if (inside !== figure.value) state[side].figures[figure.key] = inside;
    }
    const among = (key, list) => (parts.get(`${side}:${key}`) ?? "").split(",").filter((one) => list.some((other) => other.key === one));
    state[side].off = among("off", world.switches);
    state[side].struck = among("struck", world.events);
    state[side].path = among("path", world.paths)[0] ?? null;
  }
  const others = comparable(worlds, state.a.world);
  if (!others.some((one) => one.id === state.b.world)) state.b = shipped(state.a.world);
  const world = byId.get(state.a.world);
  const whole = (key, low, high, otherwise) => {
    const value = Number(parts.get(key) ?? NaN);
    return Number.isInteger(value) && value >= low && value <= high ? value : otherwise;
  };
  const one = (key, values, otherwise) => (values.includes(parts.get(key)) ? parts.get(key) : otherwise);
  const names = world.clients.map((client) => client.id);
  state.client = one("client", names, names.includes(state.client) ? state.client : names[0]);
  state.rung = whole("rung", 1, world.postures.length - 1, state.rung);
  state.month = one("month", world.months, world.months.at(-1));
  state.seed = whole("seed", 0, 2 ** 31, state.seed);
  state.run = whole("run", 0, 1_000_000, state.run);
  state.of = one("of", ["a", "b"], state.of);
  state.at = one("at", world.months, null);
  state.side = one("side", ["a", "b"], state.side);
  state.view = one("view", ["lab", "class"], "lab");
  state.lang = one("lang", ["en", "de"], state.lang);
  return state;
}
