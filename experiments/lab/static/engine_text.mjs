// A state of the page as a file that the command line reads, and that gives the same numbers there.

/** A number as YAML reads it back to the last bit. */
function yamlNumber(value) {
  const text = String(value);
  const [digits, power] = text.split("e");
  return power === undefined ? text : `${digits.includes(".") ? digits : `${digits}.0`}e${power}`;
}

function monthOf(number) {
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

/** Any text as YAML reads it back: in double quotes, as JSON writes it. */
function quoted(text) {
  return JSON.stringify(text);
}

/** What a state changes of its world: figures by path, events left out, and the war's path if it is another. */
export function changesOf(world, state) {
  const figures = { ...(state.figures ?? {}) };
  for (const key of state.off ?? []) figures[world.switchPaths[key]] = 0;
  const known = new Set(state.struck ?? []);
  const gone = (path) => path.startsWith("events.") && known.has(path.split(".")[1]);
  const changed = Object.entries(figures).filter(([path, value]) => value !== world.figures[path] && !gone(path));
  return {
    figures: Object.fromEntries(changed),
    struck: world.events.filter((event) => known.has(event.id)).map((event) => event.id),
    path: state.path && state.path !== world.war.after ? state.path : null,
  };
}

function nested(figures) {
  const tree = {};
  for (const [path, value] of Object.entries(figures)) {
    const names = path.split(".");
    let part = tree;
    for (const name of names.slice(0, -1)) part = part[name] ??= {};
    part[names.at(-1)] = value;
  }
  return tree;
}

function written(tree, indent) {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === "object"
      ? [`${indent}${quoted(name)}:`, ...written(value, `${indent}  `)]
      : [`${indent}${quoted(name)}: ${yamlNumber(value)}`],
  );
}

/** The text of a scenario file that gives the numbers of a state. */
export function scenarioText(world, state) {
  const { figures, struck, path } = changesOf(world, state);
  const lines = [
    "# A world put together in the lab; it is run by: papertiger run THIS_FILE --runs 1000 --no-figures",
    `extends: ${world.id}`,
    `counterfactual_to: ${world.id}`,
    `title: ${quoted(`${world.title}, changed in the lab`)}`,
    'description: "What the lab changed of it, and nothing else."',
  ];
  const tree = nested(figures);
  if (path !== null) tree.war = { ...(tree.war ?? {}) };
  for (const [section, part] of Object.entries(tree)) {
    lines.push(`${section}:`);
    if (section === "war") lines.push(`  after: ${path}`);
    lines.push(...written(part, "  "));
  }
  if (struck.length > 0) lines.push("remove:", "  events:", ...struck.map((key) => `    - ${quoted(key)}`));
  return `${lines.join("\n")}\n`;
}

function settingsOf(world, state) {
  const { figures, struck, path } = changesOf(world, state);
  const settings = Object.entries(figures).map(([key, value]) => `${quoted(key)}: ${yamlNumber(value)}`);
  if (path !== null) settings.push(`war.after: ${path}`);
  for (const key of struck) {
    const event = world.events.find((one) => one.id === key);
    settings.push(`${quoted(`events.${key}.kind`)}: background`);
    for (const field of event.only ?? []) settings.push(`${quoted(`events.${key}.${field}`)}: null`);
  }
  return settings;
}

/** The text of an experiment file that compares two states run by run. */
export function experimentText(worlds, states, runs, seed) {
  const labels = ["before", "after"];
  const lines = [
    "# Two worlds put together in the lab, with the same luck; it is run by: papertiger experiment THIS_FILE",
    'title: "Two worlds from the lab"',
    'question: "What does the change do to the clients?"',
    'description: "What the lab showed side by side, run by run on the same luck."',
    `seed: ${seed}`,
    `replicates: ${runs}`,
    "scenarios:",
  ];
  states.forEach((state, n) => {
    const settings = settingsOf(worlds[n], state);
    lines.push(`  - scenario: ${worlds[n].id}`, `    label: ${labels[n]}`);
    lines.push(`    title: ${quoted(`${worlds[n].title} (${labels[n]})`)}`);
    if (settings.length > 0) lines.push("    settings:", ...settings.map((line) => `      ${line}`));
  });
  lines.push("measures:", "  share: {kind: share_defected, at: end}");
  lines.push("  credibility: {kind: patron, measure: credibility, at: end}");
  worlds[0].clients.forEach((client, n) => {
    const both = worlds.map((world) => world.clients.find((one) => one.id === client.id));
    if (both.includes(undefined)) return;
    // The last month in which it is in the network of both.
    const last = Math.min(...worlds.map((world, k) => world.first + Math.min(world.months, both[k].leaves) - 1));
    if (worlds.some((world, k) => last < world.first + Math.max(0, both[k].enters))) return;
    const ends = worlds.every((world) => last === world.first + world.months - 1);
    const at = ends ? "end" : monthOf(last);
    lines.push(`  posture_${n}: {kind: posture, client: ${quoted(client.id)}, at: ${at}}`);
  });
  lines.push("comparisons:", "  - {baseline: before, against: after, headline: true}");
  return `${lines.join("\n")}\n`;
}
