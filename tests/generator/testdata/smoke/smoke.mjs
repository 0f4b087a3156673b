// Calls each function of the fixture through the generated module: node smoke.mjs STUB.wasm
import assert from "node:assert/strict";
import fs from "node:fs";

import * as n from "./generated.js";
import { LinnetError, attach } from "./native_support.js";

const fails = (code, text, call) => assert.throws(call, (error) => {
  assert(error instanceof LinnetError, String(error));
  assert.equal(error.code, code);
  assert(error.message.includes(text), error.message);
  return true;
});

fails("WRONG_STATE", "not loaded", () => n.StoreHandle.open("x", 1));
const module = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const imports = {};
for (const each of WebAssembly.Module.imports(module)) {
  (imports[each.module] ??= {})[each.name] = () => 8;
}
const { exports } = new WebAssembly.Instance(module, imports);
exports._initialize();
fails("UNSUPPORTED", "the module is Linnet 2.3, but 3.0 is needed",
  () => attach(exports, n.Status, [3, 0]));
fails("UNSUPPORTED", "but 2.4 is needed", () => attach(exports, n.Status, [2, 4]));
attach(exports, n.Status, n.GENERATED_FOR);

const store = n.StoreHandle.open("x", n.Access.READ | n.Access.WRITE);
n.StoreHandle.open("\u{1F426}", 1, store).close();
assert(!store.closed && n.version() === 2003004 && n.MOST === 8);
assert.equal(n.statusHint(n.Status.OK), "linnet_status_hint");
assert.equal(n.pause(1, 0.5), undefined);

n.StoreHandle.over(new Uint8Array([1, 2, 3, 4])).close();
store.attach(new Float32Array(3));
assert.equal(store.sum(new Float64Array(3)), 6);
assert.equal(store.sum(new Float64Array(3), new Float32Array(2)), 6);
const numbers = new Int32Array([10, 20]);
store.doubleAll(numbers);
assert.deepEqual([...numbers], [11, 22]);
assert.equal(store.move(40n), 42n);
store.setShape(new BigInt64Array([1n, 2n]));
store.put(new Uint16Array(4), n.Dtype.FLOAT16);
store.put(new Uint8Array(4), n.Dtype.BOOL);
const out = new Float32Array(4).fill(1);
store.get(out, n.Dtype.FLOAT32);
assert.equal(out[0], 0);
const indices = new Int32Array(5), scores = new Float32Array(5);
assert.equal(store.best(indices, scores), 2);
assert.deepEqual([...indices.subarray(0, 2)], [1, 2]);
const copied = new Uint8Array(3);
store.copy(new Uint8Array(3), copied);
assert.deepEqual([...copied], [1, 2, 3]);
assert(store.note().endsWith("\u00fc \u{1F426}") && store.note("key"));
const { name, ...others } = store.describe(7);
assert(name.startsWith("linnet_store_describe"));
assert.deepEqual(others, { dtype: n.Dtype.FLOAT32, level: 5, bytes: 6n, share: 7 });
assert.equal(store.access(), n.Access.READ);
const walker = store.walk();
assert.equal(walker.next(), n.Dtype.FLOAT32);

const bad = (text, call) => fails("INVALID_ARGUMENT", text, call);
bad("numbers must be a Float64Array, but is Float32Array", () => store.sum(new Float32Array(3)));
bad("numbers must be a Int32Array, but is Array", () => store.doubleAll([1]));
bad("data must be a Float32Array", () => store.put(new Float64Array(1), n.Dtype.FLOAT32));
bad("no such element type", () => store.put(new Float64Array(1), 99));
bad("of the same length", () => store.best(new Int32Array(2), new Float32Array(3)));
bad("zero character", () => n.StoreHandle.open("a\0b", 1));
bad("path must be text", () => n.StoreHandle.open(1, 1));
bad("parent must be a StoreHandle", () => n.StoreHandle.open("x", 1, walker));
bad("must be a BigInt", () => store.move(1));
bad("limit must be a whole number", () => store.describe(-1));
bad("status must be a whole number", () => n.statusHint(1.5));

store.close();
store.close();
assert(store.closed);
bad("this StoreHandle is closed", () => store.move(1n));
bad("this StoreHandle is closed", () => n.StoreHandle.open("x", 1, store));
walker.close();
console.log("javascript: all functions answered");
