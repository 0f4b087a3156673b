// SPDX-License-Identifier: MIT
// The threads of the module that has some: workers that share its memory. They are started while it
// loads, because nothing can be waited for later. They sleep while no session runs, and end with
// the page, worker or process that loaded the module.
import { LinnetError } from "./native_support.js";

const STACK_BYTES = 2 ** 20; // as build.py gives the caller
const [FIRST_PAGES, MOST_PAGES] = [64, 65535]; // as build.py says
const READY = "ready";

// One text for the workers of pages and of Node. It is a classic script, of no file: bundlers need
// not know of it.
const WORKER = `
const port = typeof require === "function" ? require("node:worker_threads").parentPort : self;
port.onmessage = ({ data: { module, memory, stack, tls } }) => {
  const imports = {};
  for (const each of WebAssembly.Module.imports(module)) {
    (imports[each.module] ??= {})[each.name] = each.kind === "memory" ? memory : () => 8;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  exports.__stack_pointer.value = stack;
  exports.__wasm_init_tls(tls);
  port.postMessage("${READY}");
  exports.linnet_wasm_serve();
};`;

const unsupported = (message, cause) =>
  Object.assign(new LinnetError("UNSUPPORTED", message), cause ? { cause } : {});

/** Whether memory can be shared here: a page must be cross-origin isolated for that. */
export const hasThreads = () => typeof SharedArrayBuffer !== "undefined";

export function checkThreads(threads, simd) {
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw new LinnetError("INVALID_ARGUMENT", `threads must be 1 to 64, but is ${threads}`);
  }
  if (threads === 1) return;
  if (!hasThreads()) {
    throw unsupported(`${threads} threads need SharedArrayBuffer, which a page has only if it is ` +
      "cross-origin isolated: send it with Cross-Origin-Opener-Policy: same-origin and " +
      "Cross-Origin-Embedder-Policy: require-corp, or load() with one thread");
  }
  if (!simd) throw unsupported("the module without vectors has one thread");
}

/** Memory that workers can share. Where the machine does not reserve as much, less. */
export function sharedMemory() {
  for (let maximum = MOST_PAGES; ; maximum = Math.trunc(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared: true });
    } catch (error) {
      if (maximum < 16 * FIRST_PAGES) {
        throw new LinnetError("OUT_OF_MEMORY", `no memory to share: ${error.message}`);
      }
    }
  }
}

/** What makes a worker, with its events by name. */
async function workerMaker() {
  if (typeof Worker !== "undefined") {
    const url = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    return {
      make: () => new Worker(url, { name: "linnet" }),
      listen: (worker, name, call) =>
        worker.addEventListener(name, (event) => call(event.data ?? event)),
      end: () => URL.revokeObjectURL(url),
    };
  }
  const name = "node:worker_threads"; // no bundler may look for it
  const node = await import(/* @vite-ignore */ /* webpackIgnore: true */ name).catch((error) => {
    throw unsupported("threads need workers, which are not to be had here", error);
  });
  return {
    make: () => new node.Worker(WORKER, { eval: true, execArgv: [] }),
    listen: (worker, name, call) => worker.on(name, call),
    end: () => {},
  };
}

function started({ listen }, worker, message) {
  return new Promise((resolve, reject) => {
    listen(worker, "message", resolve);
    listen(worker, "error", (error) => reject(unsupported("a worker for the threads did not " +
      `start: ${error.message || "its policy (CSP) must allow worker-src blob:"}`, error)));
    worker.postMessage(message);
  });
}

/** Starts `count` workers on the module, and returns when all wait for work. */
export async function startWorkers(count, module, memory, exports) {
  const maker = await workerMaker();
  const workers = [];
  try {
    const ready = [];
    for (let i = 0; i < count; ++i) {
      const stack = exports.malloc(STACK_BYTES) >>> 0;
      const tls = exports.malloc(exports.__tls_size.value) >>> 0;
      if (stack === 0 || tls === 0) throw new LinnetError("OUT_OF_MEMORY", "no stack for a thread");
      const worker = maker.make();
      workers.push(worker);
      ready.push(started(maker, worker, { module, memory, stack: stack + STACK_BYTES, tls }));
    }
    await Promise.all(ready);
  } catch (error) {
    for (const each of workers) each.terminate();
    if (error instanceof LinnetError) throw error;
    throw unsupported(`no worker for the threads: ${error.message}`, error);
  } finally {
    maker.end();
  }
  for (const each of workers) each.unref?.(); // of Node: it ends when its work is done
  if (maySleep()) exports.linnet_wasm_let_caller_sleep();
}

/** The main thread of a page must not; all others may. */
function maySleep() {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
