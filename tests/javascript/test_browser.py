# SPDX-License-Identifier: MIT
"""The package in a page and in a Web Worker, with every kind of picture that a page has, in Debian's
Chromium: without cross-origin isolation, and with it and threads."""
import pathlib
import shutil
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/bench"))

from web import ISOLATED, PACKAGE, ask_browser  # noqa: E402

PAGE = """<!doctype html><script type="module">
import { Classifier, LinnetError, buildInfo, load } from "/linnet/src/index.js";

async function answers() {
  await load();
  const classifier = new Classifier();
  const canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 40 });
  const context = canvas.getContext("2d");
  for (let i = 0; i < 200; ++i) {
    context.fillStyle = `rgb(${(i * 37) % 256}, ${(i * 91) % 256}, ${(i * 53) % 256})`;
    context.fillRect((i * 17) % 48, (i * 29) % 40, 13, 9);
  }
  context.globalCompositeOperation = "destination-over";
  context.fillRect(0, 0, 48, 40);
  const pixels = context.getImageData(0, 0, 48, 40);
  const image = new Image();
  image.src = canvas.toDataURL();
  await image.decode();
  const offscreen = new OffscreenCanvas(48, 40);
  offscreen.getContext("2d").drawImage(canvas, 0, 0);
  const frame = new VideoFrame(pixels.data, { format: "RGBA", codedWidth: 48, codedHeight: 40,
    timestamp: 0 });
  const kinds = { pixels, canvas, image, offscreen, frame,
    bitmap: await createImageBitmap(canvas),
    plain: { data: pixels.data, width: 48, height: 40, channels: 4 } };
  const found = {};
  for (const [name, it] of Object.entries(kinds)) found[name] = classifier.classify(it);
  const source = `import { Classifier, load } from "${location.origin}/linnet/src/index.js";
    onmessage = async ({ data }) => {
      await load();
      postMessage(new Classifier().classify(data));
    };`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  found.worker = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage(pixels);
  });
  const errors = {};
  frame.close();
  for (const [name, it] of Object.entries({ frame, empty: new Image(),
      flat: Object.assign(document.createElement("canvas"), { width: 0 }) })) {
    try {
      classifier.classify(it);
    } catch (error) {
      errors[name] = error instanceof LinnetError ? `${error.code}: ${error.message}` : `${error}`;
    }
  }
  return { info: buildInfo(), isolated: crossOriginIsolated, found, errors };
}

let result;
try {
  result = await answers();
} catch (error) {
  result = { error: String(error.stack ?? error) };
}
await fetch("/result", { method: "POST", body: JSON.stringify(result) });
</script>"""


# What happens with `threads` in a page and in a worker of it: answers, or the error of load().
THREADS_PAGE = """<!doctype html><script type="module">
const source = `
  import { Classifier, LinnetError, Session, defaultModel, hasThreads, load }
    from "${location.origin}/linnet/src/index.js";
  globalThis.answers = async (threads) => {
    let error = "";
    try {
      await load({ threads });
    } catch (it) {
      error = it instanceof LinnetError ? it.code + ": " + it.message : String(it);
      threads = 1;
      await load();
    }
    const x = Float32Array.from({ length: 3072 }, (_, i) => ((i * 7919) % 1000) / 1000);
    const picture = { data: new Uint8Array(3072).fill(99), width: 32, height: 32 };
    const classifier = new Classifier();
    const bits = [];
    for (let i = 0; i < 60; ++i) {
      const session = new Session(defaultModel(), { threads: 1 + (i % threads) });
      bits.push([...session.run(x)[0].data].join());
      session.close();
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { error, hasThreads: hasThreads(), isolated: crossOriginIsolated,
      distinct: new Set(bits).size, bits: bits[0],
      classes: classifier.classify(picture).length, labels: classifier.model.labels.length };
  };`;
let result;
try {
  await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const page = await answers(3);
  const url = URL.createObjectURL(new Blob([source, `
    onmessage = async () => postMessage(await answers(3));`], { type: "text/javascript" }));
  const worker = await new Promise((resolve, reject) => {
    const it = new Worker(url, { type: "module" });
    it.onmessage = ({ data }) => resolve(data);
    it.onerror = (error) => reject(new Error(error.message || "no worker"));
    it.postMessage(0);
  }).catch(String);
  result = { page, worker };
} catch (error) {
  result = { error: String(error.stack ?? error) };
}
await fetch("/result", { method: "POST", body: JSON.stringify(result) });
</script>"""


def needs_chromium():
    if not shutil.which("chromium"):
        pytest.skip("chromium is not installed")


def test_every_picture_of_a_page():
    needs_chromium()
    result = ask_browser("chromium", PAGE, {"linnet": PACKAGE}, {})
    assert "isa=wasm" in result["info"] and result["isolated"] is False
    found = result["found"]
    assert len(found) == 8 and len(found["plain"]) == 5
    for name, predictions in found.items():
        if name == "frame":  # made of RGBA, it may pass through YUV
            assert abs(predictions[0]["probability"] - found["plain"][0]["probability"]) < 0.05
        else:
            assert predictions == found["plain"], name
    assert set(result["errors"]) == {"frame", "empty", "flat"}
    for message in result["errors"].values():
        assert message.startswith("INVALID_ARGUMENT: the ") and "has no pixels" in message, message


def test_threads():
    """The page, which may not sleep, and its worker, which may, have the same bits."""
    needs_chromium()
    result = ask_browser("chromium", THREADS_PAGE, {"linnet": PACKAGE}, ISOLATED)
    for found in result["page"], result["worker"]:
        assert found["error"] == "" and found["isolated"] and found["hasThreads"]
        assert found["distinct"] == 1 and found["classes"] == 5 and found["labels"] == 10
    assert result["page"]["bits"] == result["worker"]["bits"]


def test_threads_without_isolation():
    needs_chromium()
    result = ask_browser("chromium", THREADS_PAGE, {"linnet": PACKAGE}, {})
    for found in result["page"], result["worker"]:
        assert found["error"].startswith("UNSUPPORTED: 3 threads need SharedArrayBuffer")
        assert not found["isolated"] and not found["hasThreads"]
        assert found["distinct"] == 1 and found["classes"] == 5


def test_threads_where_no_worker_may_be_made():
    needs_chromium()
    policy = ("default-src 'self'; script-src 'self' blob: 'unsafe-inline' 'wasm-unsafe-eval'; "
              "worker-src 'self'")
    result = ask_browser("chromium", THREADS_PAGE, {"linnet": PACKAGE},
                         {**ISOLATED, "Content-Security-Policy": policy})
    page = result["page"]
    assert page["error"].startswith("UNSUPPORTED: ") and "worker-src blob:" in page["error"]
    assert page["isolated"] and page["distinct"] == 1 and page["classes"] == 5
