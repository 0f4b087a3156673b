// SPDX-License-Identifier: MIT
// The package as a program sees it: node --expose-gc --test package.test.mjs, in a folder where it
// is installed. LINNET_MODELS is a folder of small models, which test_package.py writes.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { Worker } from "node:worker_threads";

import * as linnet from "linnet";
import { Classifier, LinnetError, Model, Session, Tensor } from "linnet";

const file = (name) => fs.readFileSync(path.join(process.env.LINNET_MODELS, `${name}.onnx`));
const fails = (code, text, call) => assert.throws(call, (error) => {
  assert(error instanceof LinnetError && error instanceof Error, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, text);
  return true;
});
const picture = (width, height, channels, seed = 1) => {
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; ++i) data[i] = seed = (seed * 1103515245 + 12345) & 0xff;
  return { data, width, height, channels };
};

test("nothing works before load()", () => {
  fails("WRONG_STATE", /await load\(\) first/, () => new Classifier());
  fails("WRONG_STATE", /await load\(\) first/, () => new Model(file("free")));
  fails("WRONG_STATE", /await load\(\) first/, () => linnet.version());
});

test("the default model is loaded only where it is wanted", async () => {
  await linnet.load({ defaultModel: false });
  fails("WRONG_STATE", /default model is not loaded/, () => new Classifier());
  await Promise.all([linnet.load(), linnet.load()]);
  assert.equal(new Classifier().model.labels.length, 10);
  assert.equal(linnet.version(), 1000000);
  assert.match(linnet.buildInfo(), /isa=wasm/);
});

test("pictures of every number of channels", () => {
  const classifier = new Classifier();
  const rgba = picture(40, 30, 4);
  const rgb = new Uint8Array(40 * 30 * 3).map((_, i) => rgba.data[Math.floor(i / 3) * 4 + (i % 3)]);
  const best = classifier.classify(rgba, { top: 3 });
  assert.equal(best.length, 3);
  assert(best[0].probability >= best[1].probability && best[0].probability <= 1);
  assert.equal(classifier.model.labels[best[0].index], best[0].label);
  assert.deepEqual(classifier.classify({ data: rgb, width: 40, height: 30 }, { top: 3 }), best);
  const clamped = { ...rgba, data: new Uint8ClampedArray(rgba.data) };
  assert.deepEqual(classifier.classify(clamped, { top: 3 }), best);
  assert.equal(classifier.classify(picture(7, 9, 1)).length, 5);
  assert.equal(classifier.classify(picture(7, 9, 1), { top: 99 }).length, 10);
  const together = classifier.classifyBatch([rgba, picture(7, 9, 1), rgba], { top: 3 });
  assert.deepEqual(together, [best, classifier.classify(picture(7, 9, 1), { top: 3 }), best]);
  assert.deepEqual(classifier.classifyBatch([]), []);
  classifier.close();
  classifier.close();
  assert(classifier.closed && classifier.model.closed);
  fails("INVALID_ARGUMENT", /is closed/, () => classifier.classify(rgba));
});

test("wrong pictures are refused", () => {
  const classifier = new Classifier();
  const bad = (text, it, options) =>
    fails("INVALID_ARGUMENT", text, () => classifier.classify(it, options));
  bad(/a picture is an ImageData/, "cat.png");
  bad(/got null/, null);
  bad(/a picture is an ImageData/, { data: new Float32Array(12), width: 2, height: 2 });
  bad(/0 x 2 pixels/, { data: new Uint8Array(0), width: 0, height: 2 });
  bad(/1, 3 or 4 channels, not 2/, { data: new Uint8Array(8), width: 2, height: 2 });
  bad(/has 12 samples, but there are 8/,
    { data: new Uint8Array(8), width: 2, height: 2, channels: 3 });
  bad(/top is 0/, picture(2, 2, 3), { top: 0 });
});

test("a model tells what it is", () => {
  const model = new Model(file("free"), { metadata: { "my.key": "sch\u00f6n" } });
  assert.deepEqual(model.inputs, [{ name: "x", shape: [null, 3], dtype: "float32", layout: null }]);
  assert.deepEqual(model.outputs.map(({ name }) => name), ["y"]);
  assert.deepEqual(model.labels, []);
  assert.equal(model.metadata("my.key"), "sch\u00f6n");
  assert.equal(model.metadata("none"), null);
  assert.equal(model.metadata("none", "else"), "else");
  assert.match(model.digest, /^[0-9a-f]{64}$/);
  assert.equal(model.parameters, 6);
  assert.equal(model.macs, 6);
  assert.deepEqual(model.operators, { MatMul: 1, Relu: 1 });
  fails("NOT_FOUND", /checksum/, () => model.verify());
});

test("wrong models are refused", () => {
  fails("MALFORMED", /./, () => new Model(new Uint8Array(100).fill(7)));
  fails("INVALID_ARGUMENT", /the bytes of its file/, () => new Model("model.onnx"));
  const limited = (limits) => () => new Model(file("free"), { limits });
  fails("INVALID_ARGUMENT", /no limit "many"/, limited({ many: 1 }));
  fails("LIMIT", /./, limited({ nodes: 1 }));
  const using = (isa) => () => new Session(file("free"), { isa });
  fails("INVALID_ARGUMENT", /no instruction set "avx"/, using("avx"));
  fails("UNSUPPORTED", /avx2/, using("avx2"));
});

test("tensors in and out", () => {
  const session = new Session(file("free"));
  const x = new Float32Array([1, 2, 3]);
  assert.deepEqual([...session.run(x)[0].data], [22, 28]);
  assert.deepEqual([...session.run({ x })[0].data], [22, 28]);
  const [y] = session.run(new Tensor(new Float32Array([1, 2, 3, -1, -2, -3]), [2, 3]));
  assert.deepEqual(y, new Tensor(new Float32Array([22, 28, 0, 0]), [2, 2], { name: "y" }));
  assert.deepEqual(session.inputShapes, [[2, 3]]);
  session.setShape("x", [1, 3]);
  session.setInput("x", new Float32Array([0, 0, 1]));
  session.execute();
  assert.deepEqual([...session.outputs()[0].data], [5, 6]);
  assert(session.arenaBytes > 0);
  assert(session.profile().every((step) => step.milliseconds >= 0 && step.kernel && step.tensor));
  assert.equal(session.tune(), "");
  const inner = session.watch("product");
  assert.deepEqual([...session.run(new Float32Array([-1, -2, -3]))[inner].data], [-22, -28]);
  fails("INVALID_ARGUMENT", /no input "z"; its inputs are "x"/, () => session.run({ z: x }));
  fails("INVALID_ARGUMENT", /./, () => session.run(new Float32Array(4)));
  fails("INVALID_ARGUMENT", /./, () => session.run(new Int32Array(3)));
  fails("INVALID_ARGUMENT", /typed array/, () => session.run({ x: [1, 2, 3] }));
  fails("INVALID_ARGUMENT", /has 6 elements, but there are 3/, () => new Tensor(x, [2, 3]));
  fails("WRONG_STATE", /./, () => new Session(file("free")).execute());
});

test("every element type", () => {
  for (const [dtype, kind] of Object.entries({ float32: Float32Array, float64: Float64Array,
    int8: Int8Array, uint8: Uint8Array, int32: Int32Array, int64: BigInt64Array })) {
    const one = dtype === "int64" ? 1n : 1;
    const data = new kind(3).fill(one);
    const [y] = new Session(file(`same_${dtype}`)).run(data);
    assert.deepEqual([y.data, y.dtype], [data, dtype]);
  }
  const [bools] = new Session(file("same_bool")).run(new Uint8Array([1, 0, 1]));
  assert.deepEqual([bools.data, bools.dtype], [new Uint8Array([1, 0, 1]), "bool"]);
  const [halves] = new Session(file("same_float16")).run(new Uint16Array([0x3c00, 0xc000, 0]));
  assert.deepEqual([halves.data, halves.dtype], [new Float32Array([1, -2, 0]), "float32"]);
  const [from32] = new Session(file("same_float16")).run(new Float32Array([1, -2, 0]));
  assert.deepEqual(from32.data, new Float32Array([1, -2, 0]));
});

test("several inputs are told apart by name", () => {
  const session = new Session(file("two"));
  const one = new Float32Array([5]), two = new Float32Array([3]);
  assert.deepEqual([...session.run({ b: two, a: one })[0].data], [2]);
  fails("INVALID_ARGUMENT", /has 2 inputs/, () => session.run(one));
});

test("step by step, and given up", () => {
  const session = new Session(linnet.defaultModel());
  const x = new Float32Array(3 * 32 * 32).fill(0.5);
  const [whole] = session.run(x);
  const seen = [...session.steps(x)];
  assert.equal(seen.at(-1).done, seen.at(-1).steps);
  assert.equal(seen.length, seen.at(-1).steps);
  assert.deepEqual(session.outputs()[0], whole);
  const without = new Session(file("same_float32"));
  assert([...without.steps(new Float32Array([1, 2, 3]))].length > 0);
  assert.deepEqual([...without.outputs()[0].data], [1, 2, 3]);
  session.cancel();
  fails("CANCELLED", /./, () => session.run(x));
  assert.deepEqual(session.run(x)[0], whole);
});

test("what was handed out stays when the module's memory grows", () => {
  const session = new Session(file("free"));
  const x = new Float32Array([1, 2, 3]);
  const [before] = session.run(x);
  const labels = new Classifier().model.labels;
  const bytes = linnet.defaultModel();
  const models = [];
  for (let i = 0; i < 100; ++i) models.push(new Model(bytes)); // 115 MB
  for (const each of models) each.close();
  const batch = new Tensor(new Float32Array(3 * 4e6).fill(1), [4e6, 3]); // 48 MB, and as much out
  const [large] = session.run(batch);
  assert(large.data.every((value, i) => value === (i % 2 ? 12 : 9)));
  assert.deepEqual([...before.data], [22, 28]);
  assert.deepEqual(labels, new Classifier().model.labels);
  assert.deepEqual([...session.run(new Tensor(x, [1, 3]))[0].data], [22, 28]);
  fails("LIMIT", /./, () => session.setShape("x", [3e8, 3]));
  assert.deepEqual([...session.run(x)[0].data], [22, 28], "all is as before");
});

test("close() frees, and so does the collector", async () => {
  const bytes = linnet.defaultModel();
  const memory = () => process.memoryUsage().arrayBuffers;
  const settle = async () => {
    for (let i = 0; i < 4; ++i) {
      global.gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  for (let i = 0; i < 50; ++i) new Classifier().close();
  await settle();
  const before = memory();
  for (let i = 0; i < 300; ++i) new Classifier(bytes).close(); // each 1.2 MB and more
  await settle();
  assert(memory() - before < 8e6, `close() left ${memory() - before} bytes`);
  for (let round = 0; round < 30; ++round) {
    for (let i = 0; i < 10; ++i) new Classifier(bytes);
    await settle();
  }
  assert(memory() - before < 60e6, `the collector left ${memory() - before} bytes`);
});

test("a session owns a model that it made of bytes", () => {
  const session = new Session(file("free"));
  assert(!session.model.closed);
  session.close();
  assert(session.closed && session.model.closed);
});

test("a session outlives its model", () => {
  const model = new Model(file("free"));
  const session = new Session(model);
  model.close();
  assert.deepEqual([...session.run(new Float32Array([1, 2, 3]))[0].data], [22, 28]);
});

test("the same bits from every run, a worker, require() and the scalar module", async () => {
  const shared = picture(64, 48, 3);
  const here = new Classifier().classify(shared);
  assert.deepEqual(new Classifier().classify(shared), here);
  const code = `const { parentPort, workerData } = require("node:worker_threads");
    const linnet = require("linnet");
    linnet.load({ simd: workerData.simd }).then(() => parentPort.postMessage(
      [linnet.buildInfo(), new linnet.Classifier().classify(workerData.picture)]));`;
  for (const simd of [true, false]) {
    const worker = new Worker(code, { eval: true, workerData: { picture: shared, simd } });
    const [info, there] = await new Promise((resolve, reject) =>
      worker.once("message", resolve).once("error", reject));
    assert.match(info, simd ? /isa=wasm/ : /isa=plain/);
    assert.deepEqual(there, here);
    await worker.terminate();
  }
  const required = createRequire(import.meta.url)("linnet");
  assert.deepEqual(Object.keys(required).sort(), Object.keys(linnet).sort());
});
