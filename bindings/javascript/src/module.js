// SPDX-License-Identifier: MIT
// Loading: the module of WebAssembly, and the default model.
import { GENERATED_FOR, Status } from "./generated.js";
import { LinnetError, attach } from "./native_support.js";
import { checkThreads, sharedMemory, startWorkers } from "./threads.js";

// (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)): where this is valid, so is
// the module with vectors.
const PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65,
  0, 253, 15, 253, 98, 11];
const BAD_DESCRIPTOR = 8; // of WASI: there are no files

/** Whether this machine runs the module with vectors. */
export const hasSimd = () => WebAssembly.validate(new Uint8Array(PROBE));

async function bytesOf({ default: base64 }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  if (bytes[0] !== 0x1f) return bytes; // not gzip
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What the module asks of its surroundings: the time. Files it finds none, and it never exits. */
function importsOf(module, memory) {
  const imports = {};
  for (const each of WebAssembly.Module.imports(module)) {
    imports[each.module] ??= {};
    imports[each.module][each.name] = () => BAD_DESCRIPTOR;
  }
  Object.assign(imports.wasi_snapshot_preview1, {
    clock_time_get(clock, precision, at) {
      const nanoseconds = BigInt(Math.round(performance.now() * 1e6));
      new DataView(memory().buffer).setBigUint64(at, nanoseconds, true);
      return 0;
    },
    proc_exit(code) {
      throw new LinnetError("INTERNAL", `the module has ended with ${code}`);
    },
  });
  return imports;
}

async function loadModule(simd, threads) {
  const bytes = await bytesOf(threads > 1 ? await import("../dist/threads.js")
    : simd ? await import("../dist/simd.js") : await import("../dist/scalar.js"));
  const module = await WebAssembly.compile(bytes);
  let memory = threads > 1 ? sharedMemory() : undefined;
  const imports = importsOf(module, () => memory);
  if (memory) imports.env.memory = memory;
  const { exports } = await WebAssembly.instantiate(module, imports);
  memory ??= exports.memory;
  exports._initialize();
  if (threads > 1) await startWorkers(threads - 1, module, memory, exports);
  attach({ ...exports, memory }, Status, GENERATED_FOR);
  loadedThreads = threads;
}

let loading, loadingModel, model;
let loadedThreads = 1;

/** How many threads there are, the caller's included. */
export const threadCount = () => loadedThreads;

async function loadDefaultModel() {
  model = await bytesOf(await import("../dist/default_model.js"));
}

export async function load({ simd = hasSimd(), threads = 1, defaultModel = true } = {}) {
  checkThreads(threads, simd);
  loading ??= loadModule(simd, threads);
  if (defaultModel) loadingModel ??= loadDefaultModel();
  try {
    await loading;
  } catch (error) {
    loading = undefined; // to be tried again
    throw error;
  }
  if (threads > loadedThreads) {
    throw new LinnetError("WRONG_STATE", `the module is loaded already, with ${loadedThreads} ` +
      `thread${loadedThreads > 1 ? "s" : ""}: the first load() must ask for ${threads}`);
  }
  try {
    await loadingModel;
  } catch (error) {
    loadingModel = undefined;
    throw error;
  }
}

export function defaultModel() {
  if (!model) {
    throw new LinnetError("WRONG_STATE", "the default model is not loaded: await load() first");
  }
  return model.slice();
}
