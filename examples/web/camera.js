// SPDX-License-Identifier: MIT
// Frames of the camera at a steady rate.

const WINDOW = 3000; // milliseconds over which the rate and the share of a core are measured

const REASONS = {
  NotAllowedError: "This page may not use the camera. Allow it in the browser's settings for " +
    "this site, then start it again.",
  NotFoundError: "No camera was found. Connect one, then start it again.",
  NotReadableError: "The camera cannot be used: another program may hold it.",
};

async function openCamera() {
  if (!navigator.mediaDevices) {
    throw new Error("Browsers give the camera only to pages from https:// or localhost.");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false,
      video: { facingMode: "environment", width: { ideal: 640 }, height: { ideal: 480 } } });
  } catch (error) {
    throw new Error(REASONS[error.name] ?? `The camera cannot be used: ${error.message}`);
  }
}

const until = (time) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));

export class Camera {
  rate = 10;
  #video;
  #stream = null;
  #frames = [];

  constructor(video) {
    this.#video = video;
  }

  get running() {
    return this.#stream !== null;
  }

  /** Calls `each(bitmap)` for a frame at a time, `rate` times a second, or as often as it can. It
   * resolves to the milliseconds of work that it took. Nothing runs while the page is hidden.
   * Returns when the camera is stopped. */
  async run(each, onStart) {
    const stream = await openCamera();
    this.stop();
    this.#stream = stream;
    this.#frames = [];
    this.#video.srcObject = stream;
    try {
      await this.#video.play();
      onStart();
      let due = performance.now();
      while (this.#stream === stream) {
        if (!stream.active) throw new Error("The camera has gone. Connect it and start again.");
        if (!document.hidden) await this.#frame(each);
        due = Math.max(due + 1000 / this.rate, performance.now()); // what is late stays late
        await until(due);
      }
    } catch (error) {
      if (this.#stream !== stream) return; // it was stopped meanwhile: nobody waits for the frame
      this.stop();
      throw error;
    }
  }

  async #frame(each) {
    const at = performance.now();
    const busy = await each(await createImageBitmap(this.#video));
    this.#frames.push({ at, busy });
    while (this.#frames[0].at < at - WINDOW) this.#frames.shift();
  }

  /** Frames a second and the share of a core, both as measured; null before there are any. */
  measured() {
    if (this.#frames.length < 2) return null;
    const passed = this.#frames.at(-1).at - this.#frames[0].at;
    const done = this.#frames.slice(0, -1); // in the time that has passed between first and last
    const busy = done.reduce((sum, frame) => sum + frame.busy, 0);
    return { rate: ((this.#frames.length - 1) / passed) * 1000, share: busy / passed };
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }
}
