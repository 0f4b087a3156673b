# SPDX-License-Identifier: MIT
"""The package in a page and in a Web Worker, with every kind of picture that a page has, in Debian's
Chromium: without cross-origin isolation."""
import pathlib
import shutil
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/bench"))

from web import PACKAGE, ask_browser  # noqa: E402

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


def test_every_picture_of_a_page():
    if not shutil.which("chromium"):
        pytest.skip("chromium is not installed")
    result = ask_browser("chromium", PAGE, {"linnet": PACKAGE})
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
