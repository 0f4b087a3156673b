// SPDX-License-Identifier: MIT
// tests/cross/run_models.cc in JavaScript: run_models.mjs PACKAGE LIST simd|scalar|THREADS.
import fs from "node:fs";
import { pathToFileURL } from "node:url";

const [entry, list, kind] = process.argv.slice(2);
const { Session, Tensor, buildInfo, load } = await import(pathToFileURL(entry));
await load({ simd: kind !== "scalar", threads: Number(kind) || 1, defaultModel: false });

const KINDS = { 1: [Float32Array, "float32"], 2: [Uint8Array, "uint8"], 3: [Int8Array, "int8"],
  6: [Int32Array, "int32"], 7: [BigInt64Array, "int64"], 9: [Uint8Array, "bool"],
  10: [Uint16Array, "float16"], 11: [Float64Array, "float64"] };

function readTensors(path) {
  const file = fs.readFileSync(path), tensors = [];
  for (let at = 0; at < file.length;) {
    const [Kind, dtype] = KINDS[file.readInt32LE(at)];
    const rank = file.readInt32LE(at + 4);
    const shape = [];
    for (let i = 0; i < rank; ++i) shape.push(Number(file.readBigInt64LE(at + 8 + 8 * i)));
    at += 8 + 8 * rank;
    const bytes = shape.reduce((a, b) => a * b, 1) * Kind.BYTES_PER_ELEMENT;
    const data = new Kind(Uint8Array.from(file.subarray(at, at + bytes)).buffer);
    tensors.push(new Tensor(data, shape, { dtype }));
    at += bytes;
  }
  return tensors;
}

function written({ data, shape, dtype }) {
  const head = Buffer.alloc(8 + 8 * shape.length);
  head.writeInt32LE(Number(Object.keys(KINDS).find((number) => KINDS[number][1] === dtype)), 0);
  head.writeInt32LE(shape.length, 4);
  shape.forEach((length, i) => head.writeBigInt64LE(BigInt(length), 8 + 8 * i));
  return Buffer.concat([head, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

let failed = 0;
for (const line of fs.readFileSync(list, "utf8").trim().split("\n")) {
  const [model, from, to] = line.split(" ");
  try {
    const session = new Session(fs.readFileSync(model));
    const tensors = readTensors(from);
    const inputs = session.model.inputs.map(({ name }, i) => [name, tensors[i]]);
    fs.writeFileSync(to, Buffer.concat(session.run(Object.fromEntries(inputs)).map(written)));
    session.close();
  } catch (error) {
    fs.writeFileSync(to, String(error));
    failed = 1;
  }
}
console.log(buildInfo());
process.exitCode = failed;
