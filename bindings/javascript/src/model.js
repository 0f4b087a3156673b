// SPDX-License-Identifier: MIT
import { Layout, Limit, MAX_RANK, ModelHandle, OptionsHandle, Port } from "./generated.js";
import { LinnetError } from "./native_support.js";
import { dtypeName } from "./tensor.js";

const LIMITS = {
  fileBytes: Limit.FILE_BYTES,
  nodes: Limit.NODES,
  tensorElements: Limit.TENSOR_ELEMENTS,
};

export function bytesOf(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  throw new LinnetError("INVALID_ARGUMENT", "a model is the bytes of its file: a Uint8Array or " +
    `an ArrayBuffer; got ${source?.constructor?.name ?? source}`);
}

export function withOptions(set, use) {
  const options = OptionsHandle.create();
  try {
    set(options);
    return use(options);
  } finally {
    options.close();
  }
}

export function shapeOf(handle, port, index) {
  const shape = new BigInt64Array(MAX_RANK);
  return [...shape.subarray(0, handle.shape(port, index, shape))].map(Number);
}

export class Model {
  #handle;

  constructor(source, { metadata = {}, limits = {} } = {}) {
    const bytes = bytesOf(source);
    this.#handle = withOptions((options) => {
      for (const [key, value] of Object.entries(metadata)) options.setMetadata(key, value);
      for (const [name, value] of Object.entries(limits)) {
        if (!(name in LIMITS)) {
          throw new LinnetError("INVALID_ARGUMENT", `there is no limit "${name}"; there are ` +
            Object.keys(LIMITS).join(", "));
        }
        options.setLimit(LIMITS[name], value);
      }
    }, (options) => ModelHandle.openMemory(bytes, options));
  }

  get handle() {
    return this.#handle;
  }

  close() {
    this.#handle.close();
  }

  get closed() {
    return this.#handle.closed;
  }

  get inputs() {
    return this.#ports(Port.INPUT);
  }

  get outputs() {
    return this.#ports(Port.OUTPUT);
  }

  #ports(port) {
    return Array.from({ length: this.#handle.count(port) }, (_, index) => {
      const layout = this.#handle.layout(port, index);
      return {
        name: this.#handle.name(port, index),
        shape: shapeOf(this.#handle, port, index).map((length) => (length < 0 ? null : length)),
        dtype: dtypeName(this.#handle.dtype(port, index)),
        layout: layout === Layout.NONE ? null : layout === Layout.NCHW ? "NCHW" : "NHWC",
      };
    });
  }

  get labels() {
    const label = (_, index) => this.#handle.label(index);
    return Array.from({ length: this.#handle.labelCount() }, label);
  }

  metadata(key, otherwise = null) {
    try {
      return this.#handle.metadata(key);
    } catch (error) {
      if (error.code === "NOT_FOUND") return otherwise;
      throw error;
    }
  }

  get digest() {
    return this.#handle.digest();
  }

  get parameters() {
    return Number(this.#handle.cost().parameters);
  }

  get macs() {
    return Number(this.#handle.cost().macs);
  }

  get operators() {
    const counts = {};
    for (let index = 0; ; ++index) {
      try {
        const { name, nodes } = this.#handle.operator(index);
        counts[name] = nodes;
      } catch (error) {
        if (error.code === "NOT_FOUND") return counts;
        throw error;
      }
    }
  }

  verify() {
    this.#handle.verify();
  }
}
