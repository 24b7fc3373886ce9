// Run the kernel of Papertiger in a page or in Node, without a server: load it, put an image of memory into it, run.
// What an image holds is said in image.py, beside this file.

const PAGE = 65536;
const MAGIC = "PTIMAGE1";
const PATHS = ["postures", "destinations", "regimes", "beliefs", "levels", "offers", "patron"];
const ARRAYS = { "<f8": Float64Array, "<i8": BigInt64Array, "|i1": Int8Array, "<i2": Int16Array };

/** Load the kernel from its bytes. */
export async function load(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return new Kernel(instance.exports);
}

/** The kernel in a memory of its own, with room for one image at a time. */
export class Kernel {
  constructor(exports) {
    this.exports = exports;
    this.free = align(exports.__heap_base ? exports.__heap_base.value : exports.memory.buffer.byteLength);
  }

  /** Hash of the sources that the kernel was made of. */
  get sources() {
    const memory = new Uint8Array(this.exports.memory.buffer);
    let at = this.exports.papertiger_sources.value;
    let text = "";
    while (memory[at] !== 0) text += String.fromCharCode(memory[at++]);
    return text;
  }

  /** Put an image into memory, in the place of the one before, whose world must not be used again. */
  place(image) {
    const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
    for (let i = 0; i < MAGIC.length; i++) {
      if (view.getUint8(i) !== MAGIC.charCodeAt(i)) throw new Error("this is no image of memory of Papertiger");
    }
    const [words, addresses, size, text] = [8, 16, 24, 32].map((at) => Number(view.getBigUint64(at, true)));
    if (image.byteLength !== 40 + 8 * (words + addresses) + size + text) {
      throw new Error("the image of memory is not whole");
    }
    const table = this.free;
    const data = align(table + 8 * words);
    const missing = data + size - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / PAGE));
    const start = 40 + 8 * (words + addresses);
    new Uint8Array(this.exports.memory.buffer, data, size).set(image.subarray(start, start + size));
    const memory = new DataView(this.exports.memory.buffer);
    for (let i = 0; i < words; i++) memory.setBigUint64(table + 8 * i, view.getBigUint64(40 + 8 * i, true), true);
    for (let i = 0; i < addresses; i++) {
      const at = table + 8 * Number(view.getBigUint64(40 + 8 * (words + i), true));
      memory.setBigUint64(at, memory.getBigUint64(at, true) + BigInt(data), true);
    }
    const described = JSON.parse(new TextDecoder().decode(image.subarray(start + size)));
    return new World(this, table, words, data, size, described);
  }
}

/** A scenario in the kernel's memory. */
class World {
  constructor(kernel, table, words, data, size, described) {
    Object.assign(this, { kernel, table, words, data, size, described });
    const paths = PATHS.map((name) => described.arrays[name].shape).filter((shape) => shape[0] > 0);
    /** How many runs there is room for: without paths, any number. */
    this.limit = Math.min(Number.MAX_SAFE_INTEGER, ...paths.map((shape) => shape[0]));
  }

  /** Run so many runs from a first one on; counts are added to those before. */
  run(first, runs) {
    if (!(runs >= 1 && runs <= this.limit)) throw new Error(`expected 1 to ${this.limit} runs, got ${runs}`);
    const memory = new DataView(this.kernel.exports.memory.buffer);
    memory.setBigUint64(this.table + 8 * (this.words - 2), BigInt(first), true);
    memory.setBigUint64(this.table + 8 * (this.words - 1), BigInt(runs), true);
    const status = this.kernel.exports.papertiger_run_months(this.table);
    if (status !== 0) throw new Error(`the kernel ended with the status ${status}`);
  }

  /** An array that runs write to, as it lies in memory, with its shape. */
  array(name) {
    const { offset, dtype, shape } = this.described.arrays[name];
    const count = shape.reduce((product, length) => product * length, 1);
    return { shape, values: new ARRAYS[dtype](this.kernel.exports.memory.buffer, this.data + offset, count) };
  }

  /** All data as bytes. */
  bytes() {
    return new Uint8Array(this.kernel.exports.memory.buffer, this.data, this.size);
  }
}

function align(at) {
  return Math.ceil(at / 64) * 64;
}
