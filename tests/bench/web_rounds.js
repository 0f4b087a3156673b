// SPDX-License-Identifier: MIT
// Linnet and ONNX Runtime Web in turns, one thread each, and Linnet with more, under Node or in a
// page: see web.py.

const RUNS_TO_WARM = 5;

// Numbers in [0, 1), the same everywhere.
function numbers(count) {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  });
}

const middle = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

async function measureOne(linnet, ort, bytes, rounds, threads) {
  const session = new linnet.Session(bytes, { threads: 1 });
  const threaded = new linnet.Session(bytes, { threads });
  const other = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const [shape] = session.inputShapes;
  const x = numbers(shape.reduce((a, b) => a * b, 1));
  const feeds = { [other.inputNames[0]]: new ort.Tensor("float32", x, shape) };
  const ours = [], theirs = [], ratios = [], together = [];
  let mine, yours;
  for (let round = -RUNS_TO_WARM; round < rounds; ++round) {
    const start = performance.now();
    [mine] = session.run(x);
    const between = performance.now();
    yours = (await other.run(feeds))[other.outputNames[0]];
    const end = performance.now();
    threaded.run(x);
    const last = performance.now();
    if (round < 0) continue;
    ours.push(between - start);
    theirs.push(end - between);
    together.push(last - end);
    ratios.push((between - start) / (end - between));
  }
  const difference = Math.max(...mine.data.map((value, i) => Math.abs(value - yours.data[i])));
  session.close();
  threaded.close();
  await other.release();
  return { linnet: middle(ours), ort: middle(theirs), ratio: middle(ratios), difference,
    threaded: middle(together) };
}

/** The medians of each network, in milliseconds; `read` gives the bytes of one. */
export async function measure(linnet, ort, networks, rounds, threads, read) {
  ort.env.wasm.numThreads = 1;
  await linnet.load({ threads, defaultModel: false });
  const results = {};
  for (const name of networks) {
    results[name] = await measureOne(linnet, ort, await read(name), rounds, threads);
  }
  return { build: linnet.buildInfo(), ort: ort.env.versions.web, results };
}
