// SPDX-License-Identifier: MIT
// Arrays with a shape, and the element types of the library as arrays of JavaScript.
import { Dtype } from "./generated.js";
import { LinnetError } from "./native_support.js";

const ARRAYS = {
  float32: Float32Array, uint8: Uint8Array, int8: Int8Array, int32: Int32Array,
  int64: BigInt64Array, bool: Uint8Array, float16: Uint16Array, float64: Float64Array,
  bfloat16: Uint16Array,
};
const NAMES = new Map(Object.entries(Dtype).map(([name, value]) => [value, name.toLowerCase()]));

export const dtypeName = (dtype) => NAMES.get(dtype);

/** The element type as which an array is offered to a port whose own is `port`. */
export function dtypeFor(data, port) {
  const own = ARRAYS[port];
  if (data instanceof own || (own === Uint8Array && data instanceof Uint8ClampedArray)) return port;
  const found = Object.keys(ARRAYS).find((name) => data instanceof ARRAYS[name]);
  if (found) return found;
  throw new LinnetError("INVALID_ARGUMENT", "data must be a typed array of an element type, but " +
    `is ${data?.constructor?.name ?? data}`);
}

export const dtypeNumber = (name) => Dtype[name.toUpperCase()];

/** Memory for an output, and the type in which it is asked for: halves come as float32. */
export function newData(dtype, count) {
  const name = dtype === "float16" || dtype === "bfloat16" ? "float32" : dtype;
  return [new ARRAYS[name](count), name];
}

export const elementCount = (shape) => shape.reduce((product, length) => product * length, 1);

export class Tensor {
  constructor(data, shape, { name = "", dtype = dtypeFor(data, "float32") } = {}) {
    if (elementCount(shape) !== data.length) {
      throw new LinnetError("INVALID_ARGUMENT", `a tensor of the shape [${shape.join(", ")}] has ` +
        `${elementCount(shape)} elements, but there are ${data.length}`);
    }
    this.data = data;
    this.shape = [...shape];
    this.dtype = dtype;
    this.name = name;
  }
}
