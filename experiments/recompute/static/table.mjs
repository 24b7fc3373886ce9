// The canonical form of a part, as canonical.py of the program writes it; docs/result_folders.md says what it is.

const TITLE = "papertiger table 1";

/** Return the bytes of a part: what it is of, and its columns in their order as {name, kind, values}. */
export function canonicalTable(block, seed, columns) {
  const place = [seed, block.first_point, block.points, block.first_replicate, block.replicates].join(" ");
  const lines = [TITLE, block.scenario, place, ...columns.map(({ kind, name }) => `${kind} ${name}`), ""];
  const encoder = new TextEncoder();
  const pieces = [encoder.encode(lines.map((line) => line + "\n").join(""))];
  for (const { kind, values } of columns) pieces.push(...(kind === "text" ? texts(values, encoder) : [numbers(values)]));
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Return numbers as doubles, the lowest byte first; all that are no numbers have the same bytes. */
export function numbers(values) {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) view.setBigUint64(8 * i, 0x7ff8000000000000n, true);
    else view.setFloat64(8 * i, values[i], true);
  }
  return bytes;
}

function* texts(values, encoder) {
  for (const value of values) {
    const text = encoder.encode(value);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, text.length, true);
    yield length;
    yield text;
  }
}
