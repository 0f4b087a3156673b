// SPDX-License-Identifier: MIT
// Pictures of every kind that a page has, as rows of 8-bit samples.
import { PixelFormat } from "./generated.js";
import { LinnetError } from "./native_support.js";

const FORMATS = { 1: PixelFormat.GRAY, 3: PixelFormat.RGB, 4: PixelFormat.RGBA };

const invalid = (message, cause) =>
  Object.assign(new LinnetError("INVALID_ARGUMENT", message), cause ? { cause } : {});

// What is drawn, with the width and height that it has itself.
const DRAWN = [
  ["HTMLImageElement", (it) => [it.naturalWidth, it.naturalHeight]],
  ["HTMLVideoElement", (it) => [it.videoWidth, it.videoHeight]],
  ["HTMLCanvasElement", (it) => [it.width, it.height]],
  ["OffscreenCanvas", (it) => [it.width, it.height]],
  ["ImageBitmap", (it) => [it.width, it.height]],
  ["VideoFrame", (it) => [it.displayWidth, it.displayHeight]],
];

let context; // of a canvas that is used again: cameras send one size

function contextOf(width, height) {
  if (!context) {
    const canvas = typeof OffscreenCanvas === "undefined" ? document.createElement("canvas")
      : new OffscreenCanvas(1, 1);
    context = canvas.getContext("2d", { willReadFrequently: true });
  }
  const { canvas } = context;
  if (canvas.width !== width || canvas.height !== height) {
    Object.assign(canvas, { width, height });
  } else {
    context.clearRect(0, 0, width, height);
  }
  return context;
}

function drawn(picture, kind, [width, height]) {
  if (!(width > 0 && height > 0)) {
    throw invalid(`the ${kind} has no pixels: it is empty, closed or not loaded yet`);
  }
  const target = contextOf(width, height);
  try {
    target.drawImage(picture, 0, 0, width, height);
    return target.getImageData(0, 0, width, height);
  } catch (error) {
    throw invalid(`the ${kind} cannot be read: ${error.message}`, error);
  }
}

/** The samples of a picture, its format and its size. */
export function pixelsOf(picture) {
  const found = DRAWN.find(([kind]) => globalThis[kind] && picture instanceof globalThis[kind]);
  if (found) picture = drawn(picture, found[0], found[1](picture));
  const { data, width, height } = picture ?? {};
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw invalid("a picture is an ImageData, an image, canvas or video of the page, an " +
      "ImageBitmap, a VideoFrame, or { data, width, height, channels } with a Uint8Array; got " +
      (picture?.constructor?.name ?? picture));
  }
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw invalid(`a picture cannot be ${width} x ${height} pixels`);
  }
  const channels = picture.channels ?? data.length / (width * height);
  if (!(channels in FORMATS)) {
    throw invalid(`a picture has 1, 3 or 4 channels, not ${channels}`);
  }
  if (data.length !== width * height * channels) {
    throw invalid(`a picture of ${width} x ${height} pixels with ${channels} channels has ` +
      `${width * height * channels} samples, but there are ${data.length}`);
  }
  return { data, format: FORMATS[channels], width, height, stride: width * channels };
}
