// SPDX-License-Identifier: MIT
// The network. It answers one message after the other: { id, kind, ... } by { id, result } or
// { id, error }.
import { Classifier, LinnetError, load } from "linnet";

let classifier;

/** A picture of the size that the model asks for, or any, where it resizes. */
function emptyPicture({ inputs }) {
  const { layout, shape } = inputs.find((input) => input.layout !== null) ?? {};
  const [height, width] = layout === "NHWC" ? shape.slice(1) : (shape ?? []).slice(2);
  const size = { width: width ?? 224, height: height ?? 224, channels: 3 };
  return { ...size, data: new Uint8Array(size.width * size.height * 3) };
}

/** Takes another model. The one in use stays until the new one has classified a picture: a model
 * that cannot is refused now, and the first picture does not pay for preparing the weights. */
async function open({ file }) {
  await load();
  const next = new Classifier(file ? await file.arrayBuffer() : undefined);
  try {
    next.classify(emptyPicture(next.model));
  } catch (error) {
    next.close();
    throw error;
  }
  classifier?.close();
  classifier = next;
  const { model } = next;
  return { name: model.metadata("linnet.name"), classes: model.labels.length,
    parameters: model.parameters, macs: model.macs };
}

function classified(bitmap) {
  const began = performance.now();
  try {
    const predictions = classifier.classify(bitmap, { top: 5 });
    return { predictions, milliseconds: performance.now() - began };
  } finally {
    bitmap.close();
  }
}

/** A picture file, its samples as they are: what the other languages see. */
async function classifyPicture({ file }) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    throw new LinnetError("MALFORMED", "this browser cannot read it as a picture. It knows PNG, " +
      "JPEG, WebP, GIF and some more; the file may also be damaged.");
  }
  return classified(bitmap);
}

const KINDS = { open, picture: classifyPicture, frame: ({ bitmap }) => classified(bitmap) };

let last = Promise.resolve();

async function answer({ id, kind, ...what }) {
  try {
    postMessage({ id, result: await KINDS[kind](what) });
  } catch (error) {
    postMessage({ id, error: error.message });
  }
}

onmessage = ({ data }) => {
  last = last.then(() => answer(data));
};
