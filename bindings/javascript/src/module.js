// SPDX-License-Identifier: MIT
// Loading: the module of WebAssembly, and the default model.
import { GENERATED_FOR, Status } from "./generated.js";
import { LinnetError, attach } from "./native_support.js";

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

async function loadModule(simd) {
  const bytes = await bytesOf(simd ? await import("../dist/simd.js")
    : await import("../dist/scalar.js"));
  const module = await WebAssembly.compile(bytes);
  let memory;
  const instance = await WebAssembly.instantiate(module, importsOf(module, () => memory));
  memory = instance.exports.memory;
  instance.exports._initialize();
  attach(instance.exports, Status, GENERATED_FOR);
}

let loading, loadingModel, model;

async function loadDefaultModel() {
  model = await bytesOf(await import("../dist/default_model.js"));
}

export async function load({ simd = hasSimd(), defaultModel = true } = {}) {
  loading ??= loadModule(simd);
  if (defaultModel) loadingModel ??= loadDefaultModel();
  try {
    await loading;
  } catch (error) {
    loading = undefined; // to be tried again
    throw error;
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
