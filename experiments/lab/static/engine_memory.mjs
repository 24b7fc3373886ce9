// Put the kernel's arguments into its memory, run it, and read what it wrote; see image.py of the kernel's build.

const MEMORY_PAGE = 65536;
const MEMORY_ALIGNMENT = 64;
const READERS = { f8: Float64Array, i8: BigInt64Array, i1: Int8Array, i2: Int16Array };

function aligned(at) {
  return Math.ceil(at / MEMORY_ALIGNMENT) * MEMORY_ALIGNMENT;
}

/** Arguments in the memory of a kernel, until others are put there. */
export class Placed {
  /**
   * Lay arguments out: what is not in `values` is zero, and has the shape of `shapes` or else that of the world.
   */
  constructor(kernel, layout, world, values, shapes) {
    this.kernel = kernel;
    this.layout = layout;
    this.places = {};
    this.scalars = {};
    const words = [];
    let size = 0;
    layout.leaves.forEach(([name, type, itemsize], n) => {
      if (type === "") {
        this.scalars[name] = words.length;
        words.push(BigInt(values[name] ?? 0));
        return;
      }
      const shape = shapes[name] ?? world.shapes[n];
      const count = shape.reduce((product, length) => product * length, 1);
      const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, itemsize));
      size = aligned(size);
      this.places[name] = { offset: size, type, itemsize, shape, count };
      words.push(0n, 0n, BigInt(count), BigInt(itemsize));
      words.push({ offset: size }, ...shape.map(BigInt), ...strides.map(BigInt));
      size += count * itemsize;
    });
    this.table = kernel.free;
    this.data = aligned(this.table + 8 * words.length);
    const memory = kernel.exports.memory;
    const missing = this.data + size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / MEMORY_PAGE));
    new Uint8Array(memory.buffer, this.data, size).fill(0);
    const view = new DataView(memory.buffer);
    words.forEach((word, n) => {
      view.setBigUint64(this.table + 8 * n, typeof word === "bigint" ? BigInt.asUintN(64, word) : BigInt(this.data + word.offset), true);
    });
    for (const name of Object.keys(this.places)) if (values[name] !== undefined) this.write(name, values[name]);
  }

  write(name, values) {
    const { offset, type, shape, count, itemsize } = this.places[name];
    const buffer = this.kernel.exports.memory.buffer;
    if (type === "record") {
      const fields = this.layout.records[name];
      if (values.length !== shape[0]) throw new Error(`${name}: ${values.length} rows, expected ${shape[0]}`);
      const view = new DataView(buffer, this.data + offset, count * itemsize);
      values.forEach((row, n) =>
        fields.forEach((field, f) => {
          const value = row[field.slice(2)] ?? 0;
          const at = n * itemsize + 8 * f;
          if (field[0] === "i") view.setBigInt64(at, BigInt(value), true);
          else view.setFloat64(at, value, true);
        }),
      );
      return;
    }
    if (values.length !== count) throw new Error(`${name}: ${values.length} numbers, expected ${count}`);
    const into = new READERS[type](buffer, this.data + offset, count);
    if (type === "i8") values.forEach((value, n) => { into[n] = BigInt(value); });
    else into.set(values);
  }

  /** A number of the table itself, such as `batch.runs`. */
  set(name, value) {
    new DataView(this.kernel.exports.memory.buffer).setBigInt64(this.table + 8 * this.scalars[name], BigInt(value), true);
  }

  run(firstRun, runs, firstMonth, lastMonth) {
    this.set("batch.first_run", firstRun);
    this.set("batch.runs", runs);
    this.set("batch.first_month", firstMonth);
    this.set("batch.last_month", lastMonth);
    const status = this.kernel.exports.papertiger_run_months(this.table);
    if (status !== 0) throw new Error(`the kernel ended with the status ${status}`);
    if (this.places["moving.written"] && this.numbers("moving.written")[4] !== 0n) {
      throw new Error("a figure led to a number that is not finite");
    }
  }

  /** An array as it lies in memory now. */
  numbers(name) {
    const { offset, type, count } = this.places[name];
    return new READERS[type](this.kernel.exports.memory.buffer, this.data + offset, count);
  }

  shape(name) {
    return this.places[name].shape;
  }

  /** Some rows of records, as objects. */
  records(name, first = 0, count = this.places[name].count - first) {
    const { offset, itemsize } = this.places[name];
    const view = new DataView(this.kernel.exports.memory.buffer, this.data + offset);
    const fields = this.layout.records[name];
    const rows = [];
    for (let n = first; n < first + count; n++) {
      const row = {};
      fields.forEach((field, f) => {
        const at = n * itemsize + 8 * f;
        row[field.slice(2)] = field[0] === "i" ? Number(view.getBigInt64(at, true)) : view.getFloat64(at, true);
      });
      rows.push(row);
    }
    return rows;
  }

  /** One column of whole numbers of all records. */
  column(name, field) {
    const { offset, itemsize, count } = this.places[name];
    const view = new DataView(this.kernel.exports.memory.buffer, this.data + offset);
    const at = 8 * this.layout.records[name].indexOf(`i:${field}`);
    return Array.from({ length: count }, (_, n) => Number(view.getBigInt64(n * itemsize + at, true)));
  }

  /** Put bytes of one array into another of the same shape. */
  copy(from, to) {
    const source = this.places[from], target = this.places[to];
    const memory = new Uint8Array(this.kernel.exports.memory.buffer);
    const at = this.data + source.offset;
    memory.copyWithin(this.data + target.offset, at, at + source.count * source.itemsize);
  }
}
