// Do what a test asks of the lab's engine; the same in Node and in a browser.

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
const hashed = async (values) => hex(await crypto.subtle.digest("SHA-256", new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));

const doing = {
  async table(lab, state, seed, batches) {
    const session = lab.session(state, seed);
    for (const [first, runs] of batches) session.run(first, runs);
    const paths = session.paths(lab.layout.paths);
    const hashes = {};
    for (const name of lab.layout.paths) hashes[name] = await hashed(paths[name].values);
    const firsts = session.firsts().map((row) => Array.from(row));
    return { counts: Array.from(session.table().counts), runs: session.runs, firsts, hashes, scenario: lab.scenario(state) };
  },
  async tables(lab, state) {
    const placed = lab.session(state, 1).place([], 1);
    const hashes = {};
    for (const [name, { offset, itemsize, count }] of Object.entries(placed.places)) {
      if (!/^(fixed|start)\./.test(name)) continue;
      hashes[name] = await hashed(new Uint8Array(lab.kernel.exports.memory.buffer, placed.data + offset, itemsize * count));
    }
    return hashes;
  },
  async history(lab, state, seed, run) {
    const history = lab.history(state, seed, run);
    const plain = Object.entries(history).filter(([, held]) => held.values !== undefined);
    return Object.fromEntries(plain.map(([name, held]) => [name, { ...held, values: Array.from(held.values) }]));
  },
  explain: async (lab, ...given) => lab.explain(...given),
  experiment: async (lab, ...given) => lab.experiment(...given),
  scenario: async (lab, state) => lab.scenario(state),
  worlds: async (lab) => lab.worlds,
  async refusal(lab, state) {
    try {
      lab.session(state, 1);
    } catch (error) {
      return String(error.message);
    }
    return "";
  },
};

export async function doAll(lab, jobs) {
  const results = [];
  for (const [what, ...given] of jobs) results.push(await doing[what](lab, ...given));
  return results;
}
