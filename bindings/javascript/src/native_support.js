// SPDX-License-Identifier: MIT
// What the generated functions need: the memory of the module for the time of one call.
//
// The module's memory moves when it grows, and every view of it that was made before is then empty.
// So no view outlives the statement that made it, and nothing that is handed out is a view: data
// are copied in before a call and out after it.

let exported; // what the module exports, once it is loaded

/** An error of Linnet. `code` is a name of Status, such as "INVALID_ARGUMENT". */
export class LinnetError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "LinnetError";
    this.code = code;
  }
}

const invalid = (message) => new LinnetError("INVALID_ARGUMENT", message);
const statusNames = new Map();

/** Sets the module that calls go to. `status` maps names to numbers. */
export function attach(exports, status, [major, minor]) {
  const version = exports.linnet_version();
  const [hasMajor, hasMinor] = [Math.trunc(version / 1e6), Math.trunc((version / 1000) % 1000)];
  if (hasMajor !== major || hasMinor < minor) {
    throw new LinnetError("UNSUPPORTED", `the module is Linnet ${hasMajor}.${hasMinor}, but ` +
      `${major}.${minor} is needed`);
  }
  for (const [name, number] of Object.entries(status)) statusNames.set(number, name);
  exported = exports;
}

export const isLoaded = () => exported !== undefined;

export function library() {
  if (!exported) {
    throw new LinnetError("WRONG_STATE", "the module is not loaded yet: await load() first");
  }
  return exported;
}

const view = () => new DataView(exported.memory.buffer);

function stringAt(at) {
  const bytes = new Uint8Array(exported.memory.buffer, at);
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
}

const describe = (value) =>
  value === null || typeof value !== "object" ? String(value) : value.constructor?.name ?? "object";

/** One call: what it takes of the module's memory is given back at its end. */
class Call {
  #blocks = [];
  #copies = [];

  allocate(bytes) {
    const at = library().malloc(Math.max(bytes, 1)) >>> 0;
    if (at === 0) throw new LinnetError("OUT_OF_MEMORY", `${bytes} bytes are not to be had`);
    this.#blocks.push(at);
    return at;
  }

  check(status) {
    if (status === 0) {
      for (const copy of this.#copies) copy();
      return;
    }
    const code = statusNames.get(status) ?? `STATUS_${status}`;
    throw new LinnetError(code, stringAt(exported.linnet_last_error() >>> 0));
  }

  end() {
    for (const at of this.#blocks) exported.free(at);
  }

  /** Leaves what was allocated to a handle, to be freed with it. */
  retain(handle, blocks) {
    this.#blocks = this.#blocks.filter((at) => !blocks.includes(at));
    handle.keep(blocks);
  }

  // -- what goes in ------------------------------------------------------------------------------

  handle(value, kind, name) {
    if (!(value instanceof kind)) {
      throw invalid(`${name} must be a ${kind.name}, but is ${describe(value)}`);
    }
    return value.pointer;
  }

  optionalHandle(value, kind, name) {
    return value === null || value === undefined ? 0 : this.handle(value, kind, name);
  }

  text(value, name) {
    if (typeof value !== "string") throw invalid(`${name} must be text, but is ${describe(value)}`);
    if (value.includes("\0")) throw invalid(`${name} must not contain a zero character`);
    const bytes = new TextEncoder().encode(value);
    const at = this.allocate(bytes.length + 1);
    const target = new Uint8Array(exported.memory.buffer, at, bytes.length + 1);
    target.set(bytes);
    target[bytes.length] = 0;
    return at;
  }

  optionalText(value, name) {
    return value === null || value === undefined ? 0 : this.text(value, name);
  }

  whole(value, name) {
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31) {
      throw invalid(`${name} must be a whole number of 32 bits, but is ${describe(value)}`);
    }
  }

  sizeOf(value, name) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
      throw invalid(`${name} must be a whole number from 0 to 2^32 - 1, but is ${describe(value)}`);
    }
  }

  long(value, name) {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      throw invalid(`${name} must be a BigInt of 64 bits, but is ${describe(value)}`);
    }
  }

  real(value, name) {
    if (typeof value !== "number") {
      throw invalid(`${name} must be a number, but is ${describe(value)}`);
    }
  }

  int64Value(value, name) {
    this.long(value, name);
    const at = this.allocate(8);
    view().setBigInt64(at, value, true);
    return at;
  }

  int32Value(value, name) {
    this.whole(value, name);
    const at = this.allocate(8);
    view().setInt32(at, value, true);
    return at;
  }

  // -- arrays ------------------------------------------------------------------------------------

  #take(array, kind, name) {
    if (!kind) throw invalid(`there is no such element type for ${name}`);
    const bytes = kind === Uint8Array && array instanceof Uint8ClampedArray;
    if (!(array instanceof kind) && !bytes) {
      throw invalid(`${name} must be a ${kind.name}, but is ${describe(array)}`);
    }
    return this.allocate(array.byteLength);
  }

  #bytesOf(array) {
    return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  }

  #copyOut(array, at) {
    this.#copies.push(() =>
      this.#bytesOf(array).set(new Uint8Array(exported.memory.buffer, at, array.byteLength)));
  }

  arrayIn(array, kind, name, nullable = false) {
    if (nullable && (array === null || array === undefined)) return 0;
    const at = this.#take(array, kind, name);
    new Uint8Array(exported.memory.buffer, at, array.byteLength).set(this.#bytesOf(array));
    return at;
  }

  arrayOut(array, kind, name) {
    const at = this.#take(array, kind, name);
    this.#copyOut(array, at);
    return at;
  }

  arrayInOut(array, kind, name) {
    const at = this.arrayIn(array, kind, name);
    this.#copyOut(array, at);
    return at;
  }

  length(arrays, names) {
    const [first, ...others] = arrays.map((each) => each?.length ?? 0);
    if (others.some((each) => each !== first)) throw invalid(`${names} must be of the same length`);
    return first;
  }

  // -- what comes out ----------------------------------------------------------------------------

  pointer(at) {
    return view().getUint32(at, true);
  }
  string(at) {
    return at === 0 ? null : stringAt(at >>> 0);
  }
  uint8(at) {
    return view().getUint8(at);
  }
  int32(at) {
    return view().getInt32(at, true);
  }
  int64(at) {
    return view().getBigInt64(at, true);
  }
  size(at) {
    return view().getUint32(at, true);
  }
  float32(at) {
    return view().getFloat32(at, true);
  }
  float64(at) {
    return view().getFloat64(at, true);
  }
}

export function invoke(body) {
  const call = new Call();
  try {
    return body(call);
  } finally {
    call.end();
  }
}

function giveBack({ pointer, release, kept }) {
  release(pointer);
  for (const at of kept) exported.free(at);
}

// What is forgotten without close() is freed some time after it was collected.
const forgotten = new FinalizationRegistry(giveBack);

/** An object of the module; its class says how it is freed. */
export class Handle {
  #held;

  constructor(pointer) {
    this.#held = { pointer, release: new.target.release, kept: [] };
    forgotten.register(this, this.#held, this);
  }

  get closed() {
    return this.#held === null;
  }

  get pointer() {
    if (this.closed) throw invalid(`this ${this.constructor.name} is closed`);
    return this.#held.pointer;
  }

  keep(blocks) {
    this.#held.kept.push(...blocks);
  }

  close() {
    if (this.closed) return;
    forgotten.unregister(this);
    const held = this.#held;
    this.#held = null;
    giveBack(held);
  }
}
