// SPDX-License-Identifier: MIT
// Asks the worker.

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let broken; // why the worker is of no use any more
let asked = 0;

worker.onmessage = ({ data: { id, result, error } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) resolve(result);
  else reject(new Error(error));
};

worker.onerror = (event) => {
  broken = new Error(`the worker has failed: ${event.message ?? "it could not be loaded"}`);
  for (const { reject } of waiting.values()) reject(broken);
  waiting.clear();
};

function ask(kind, what, transfer = []) {
  if (broken) return Promise.reject(broken);
  return new Promise((resolve, reject) => {
    const id = ++asked;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, kind, ...what }, transfer);
  });
}

/** Opens a model file, or the embedded model; resolves to what it is. */
export const openModel = (file = null) => ask("open", { file });

/** { predictions, milliseconds } of a picture file. */
export const classifyPicture = (file) => ask("picture", { file });

/** The same of an ImageBitmap, which is the worker's from now on. */
export const classifyFrame = (bitmap) => ask("frame", { bitmap }, [bitmap]);
