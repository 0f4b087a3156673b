// SPDX-License-Identifier: MIT
// Threads under Node, one process a test, because a module is loaded once: node --test
// threads.test.mjs, in a folder where the package is installed. LINNET_MODELS as in
// package.test.mjs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { promisify } from "node:util";

const SHARED = `
  import assert from "node:assert/strict";
  import fs from "node:fs";
  import * as linnet from "linnet";
  const { Classifier, LinnetError, Session, Tensor, load } = linnet;
  const file = (name) => fs.readFileSync(process.env.LINNET_MODELS + "/" + name + ".onnx");
  const fails = async (code, text, call) => assert.rejects(async () => call(), (error) => {
    assert(error instanceof LinnetError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, text);
    return true;
  });
  const x = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => ((i * 7919) % 1000) / 1000);
  const answer = (options) => {
    const session = new Session(linnet.defaultModel(), options);
    const [{ data }] = session.run(x);
    session.close();
    return data;
  };
`;

/** Runs a program; it must end by itself and print no more than "done". */
async function program(code, before = "") {
  const child = await promisify(execFile)(process.execPath, ["--expose-gc", "--input-type=module",
    "-e", `${before}\n${SHARED}\n${code}\nconsole.log("done");`], { timeout: 120_000 });
  assert.equal(child.stderr, "");
  assert.equal(child.stdout, "done\n");
}

test("who does not ask has one thread", () => program(`
  await fails("INVALID_ARGUMENT", /threads must be 1 to 64, but is 0/, () => load({ threads: 0 }));
  await fails("INVALID_ARGUMENT", /but is 1.5/, () => load({ threads: 1.5 }));
  await fails("INVALID_ARGUMENT", /but is 65/, () => load({ threads: 65 }));
  await fails("UNSUPPORTED", /without vectors/, () => load({ threads: 2, simd: false }));
  await load();
  answer({ threads: 1 });
  await fails("WRONG_STATE", /load\\(\\) started 1; await load\\(\\{ threads: 2 \\}\\)/,
    () => answer({ threads: 2 }));
  await fails("INVALID_ARGUMENT", /threads/, () => answer({ threads: 0 }));
  await fails("WRONG_STATE", /loaded already, with 1 thread: the first/, () => load({ threads: 2 }));
`));

test("without SharedArrayBuffer there is one thread, and an error that says why", () => program(`
  assert(!linnet.hasThreads());
  await Promise.all([load(), fails("UNSUPPORTED", /cross-origin isolated.*Cross-Origin-Opener/,
    () => load({ threads: 2 }))]);
  assert.equal(answer().length, 10);
`, "delete globalThis.SharedArrayBuffer;"));

test("the same bits from sessions of every number of threads, made and closed", () => program(`
  assert(linnet.hasThreads());
  await load({ threads: 3 });
  await load({ threads: 2 });
  await load();
  await fails("WRONG_STATE", /loaded already, with 3 threads/, () => load({ threads: 4 }));
  await fails("WRONG_STATE", /load\\(\\) started 3/, () => answer({ threads: 4 }));
  const one = answer({ threads: 1 });
  const open = [1, 2, 3].map((threads) => new Session(linnet.defaultModel(), { threads }));
  for (let i = 0; i < 150; ++i) {
    assert.deepEqual(answer({ threads: 1 + (i % 3) }), one);
    assert.deepEqual(open[(i * 2) % 3].run(x)[0].data, one);
    if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 50)); // workers sleep
  }
  assert.deepEqual(answer(), one);
  const picture = { data: new Uint8Array(3072).fill(99), width: 32, height: 32 };
  const there = new Classifier();
  assert.deepEqual(there.classify(picture), there.classify(picture));
  assert.equal([...open[2].steps(x)].at(-1).done, open[2].profile().length);
  open[2].cancel();
  await fails("CANCELLED", /./, () => open[2].run(x));
  assert.deepEqual(open[2].run(x)[0].data, one);
`));

test("shared memory grows, is freed, and ends", () => program(`
  await load({ threads: 2 });
  const one = answer({ threads: 1 });
  const session = new Session(file("free"));
  for (const rows of [1, 4e6, 2, 8e6]) { // 200 MB and more
    const [large] = session.run(new Tensor(new Float32Array(3 * rows).fill(1), [rows, 3]));
    assert(large.data.every((value, i) => value === (i % 2 ? 12 : 9)));
    assert(large.data.buffer instanceof ArrayBuffer);
    assert.deepEqual(answer(), one);
  }
  session.close();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 300; ++i) new Classifier().close(); // each 1.2 MB and more
  assert(process.memoryUsage().rss - before < 100e6, "close() frees");
  await fails("LIMIT", /./, () => new Session(file("free")).setShape("x", [3e8, 3]));
  assert.deepEqual(answer(), one);
`));

test("in a worker that is terminated, and by require()", () => program(`
  import { createRequire } from "node:module";
  import { Worker } from "node:worker_threads";
  const required = createRequire(process.cwd() + "/")("linnet");
  await required.load({ threads: 2 });
  const two = new required.Classifier();
  const picture = { data: new Uint8Array(3072).fill(99), width: 32, height: 32 };
  const code = \`const { parentPort, workerData } = require("node:worker_threads");
    const { Classifier, load } = require("linnet");
    load({ threads: 2 }).then(() => {
      const classifier = new Classifier();
      parentPort.postMessage(classifier.classify(workerData));
      for (;;) classifier.classify(workerData);
    });\`;
  for (let i = 0; i < 5; ++i) {
    const worker = new Worker(code, { eval: true, execArgv: [], workerData: picture });
    const there = await new Promise((resolve, reject) =>
      worker.once("message", resolve).once("error", reject));
    assert.deepEqual(there, two.classify(picture));
    await worker.terminate();
  }
`));
