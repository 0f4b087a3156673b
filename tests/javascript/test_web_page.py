# SPDX-License-Identifier: MIT
"""The page of examples/web in Debian's Chromium, used as people do: pictures chosen, dropped and
pasted, models, the camera (Chromium's fake one), the keyboard alone, on a phone's width. It is
served with a Content-Security-Policy that also binds the worker; the console must stay empty.
"""
import base64
import functools
import http.server
import pathlib
import re
import shutil
import subprocess
import threading

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from playwright.sync_api import expect, sync_playwright

import linnet

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "examples/web"
PICTURES = ROOT / "examples/pictures"
MODEL = ROOT / "examples/model/default.onnx"
POLICY = ("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
          "style-src 'self'; img-src 'self' blob: data:; connect-src 'self'")
# For a page: files as a user drops or pastes them.
GIVE = """([kind, files]) => {
  const data = new DataTransfer();
  for (const [name, type, base64] of files) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""
# The longest time between two frames of the page, in milliseconds, over a given time.
LONGEST_GAP = """(milliseconds) => new Promise((resolve) => {
  const end = performance.now() + milliseconds;
  let last = performance.now(), longest = 0;
  requestAnimationFrame(function frame() {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (now < end) requestAnimationFrame(frame);
    else resolve(longest);
  });
})"""
# Pairs of colours that are too much alike: WCAG 2.1's ratio of text to what it stands on.
CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (color) => color.slice(0, 3)
    .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (it) => {
    for (; it; it = it.parentElement) {
      const color = rgb(getComputedStyle(it).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const it of document.querySelectorAll("body *")) {
    const own = [...it.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !it.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(it).color)), light(behind(it))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push([it.textContent.trim(), ratio]);
  }
  return poor;
}"""


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    for command in (["install", "--no-audit", "--no-fund"], ["run", "build"]):
        done = subprocess.run(["npm", "--prefix", PAGE, *command], capture_output=True, text=True,
                              timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
    handler = functools.partial(Handler, directory=PAGE / "dist")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[
            "--no-sandbox", "--disable-dev-shm-usage", "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream"])
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser, address):
    """Opens the page and waits until it is ready; at the end, no page may have complained."""
    contexts, complaints = [], []

    def opened(prepare=None, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("console", lambda it: complaints.append(it.text)
                if it.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if prepare:
            page.add_init_script(prepare)
        page.goto(address)
        expect(page.locator("#status")).to_have_text("Ready for a picture", timeout=30_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture(scope="module")
def classifier():
    return linnet.Classifier()


def give(page, kind, *files):
    page.evaluate(GIVE, [kind, [(path.name, "image/png" if path.suffix == ".png" else "",
                                 base64.b64encode(path.read_bytes()).decode()) for path in files]])


def answers(page):
    """[(label, share of one)] as they are shown."""
    lines = [line.split("\n")[:2] for line in page.locator("#predictions li").all_inner_texts()]
    return [(label, float(text.rstrip("%")) / 100) for label, text in lines]


def expect_shown(page, name):
    expect(page.locator("#status")).to_have_text(re.compile(f"^{re.escape(name)}: "))


def test_pictures_as_in_python(page, classifier):
    """Every sample: the same first class, and the same probabilities in the digits shown."""
    for path in sorted(PICTURES.glob("*.png")):
        page.set_input_files("#pictures", path)
        expect_shown(page, path.name)
        expected = classifier.classify(Image.open(path).convert("RGB"), top=5)
        shown = answers(page)
        assert len(shown) == 5 and shown[0][0] == expected[0].label, path.name
        probability = {each.label: each.probability for each in expected}
        for label, share in shown:
            assert abs(share - probability.get(label, expected[-1].probability)) < 6e-4, path.name
        assert re.fullmatch(r"\d+\.\d ms for this picture", page.inner_text("#timing"))
    assert page.locator("#strip button").count() == 30


def check_bars(page):
    """The bars have the lengths of the numbers, at any moment."""
    lines = page.evaluate("""() => [...document.querySelectorAll("#predictions li")].map((line) => [
      parseFloat(line.querySelectorAll("span")[1].textContent) / 100,
      line.querySelector(".bar").getBoundingClientRect().width /
        line.querySelector(".track").getBoundingClientRect().width])""")
    assert len(lines) == 5
    for number, length in lines:
        assert abs(number - length) < 0.01


def test_bars(page):
    page.emulate_media(reduced_motion="reduce")  # no transition to wait for
    page.set_input_files("#pictures", PICTURES / "cat_1.png")
    expect_shown(page, "cat_1.png")
    check_bars(page)


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_drop_and_paste(page, kind):
    give(page, kind, PICTURES / "ship_1.png", PICTURES / "truck_1.png")
    expect_shown(page, "truck_1.png")
    assert answers(page)[0][0] == "truck"
    page.get_by_role("button", name="ship_1.png").click()
    expect_shown(page, "ship_1.png")
    assert answers(page)[0][0] == "ship"
    give(page, kind)
    expect(page.get_by_role("alert")).to_contain_text(
        "There is no picture in the clipboard" if kind == "paste" else "That was no file")


def test_samples(page):
    for name in ("frog", "cat"):
        page.get_by_role("button", name=name, exact=True).click()
        expect_shown(page, name)
        assert answers(page)[0][0] == name


def test_a_model_of_ones_own(page, tmp_path):
    model = onnx.load(MODEL)
    entries = {each.key: each.value for each in model.metadata_props}
    labels = [f"class of {label}" for label in entries["linnet.labels"].split("\n")]
    onnx.helper.set_model_props(model, {**entries, "linnet.labels": "\n".join(labels)})
    onnx.save(model, tmp_path / "mine.onnx")
    saved = tmp_path / "mine.linnet"
    linnet.Model(MODEL).save(saved)
    page.set_input_files("#pictures", PICTURES / "cat_1.png")
    expect_shown(page, "cat_1.png")
    page.set_input_files("#model-file", tmp_path / "mine.onnx")
    expect(page.locator("#predictions li").first).to_contain_text("class of cat")
    expect(page.locator("#model")).to_contain_text("mine.onnx, 10 classes, 570.3K weights")
    give(page, "drop", saved, PICTURES / "ship_1.png")
    expect_shown(page, "ship_1.png")
    assert answers(page)[0][0] == "ship"
    expect(page.locator("#model")).to_contain_text("mine.linnet")
    page.get_by_role("button", name="Use the built-in one").click()
    expect(page.locator("#model")).not_to_contain_text("mine")
    expect(page.get_by_role("button", name="Use the built-in one")).to_be_hidden()
    expect(page.locator("#problem-text")).to_be_empty()


def test_errors_say_what_to_do(page, tmp_path):
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(MODEL.read_bytes()[:5000])
    bare = onnx.load(MODEL)
    del bare.metadata_props[:]
    onnx.save(bare, tmp_path / "bare.onnx")
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    alert = page.get_by_role("alert")
    page.set_input_files("#model-file", cut)
    expect(alert).to_contain_text("cut.onnx was not taken, and the model stays as it was: ")
    page.set_input_files("#model-file", tmp_path / "bare.onnx")
    expect(alert).to_contain_text("bare.onnx was not taken")
    expect(alert).to_contain_text("linnet.color")
    page.set_input_files("#pictures", [text, PICTURES / "cat_1.png"])
    expect(alert).to_contain_text("text.png was not classified: this browser cannot read it")
    expect(alert).not_to_contain_text("bare.onnx")
    expect_shown(page, "cat_1.png")  # what can be read is, with the model that works
    assert answers(page)[0][0] == "cat"
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#problem-text")).to_be_empty()
    page.get_by_role("button", name="frog").click()
    expect_shown(page, "frog")


@pytest.mark.parametrize("name, text", [
    ("NotAllowedError", "This page may not use the camera. Allow it"),
    ("NotFoundError", "No camera was found"),
    ("NotReadableError", "another program may hold it"),
    (None, "only to pages from https://")])
def test_no_camera(new_page, name, text):
    prepare = (f"navigator.mediaDevices.getUserMedia = () => "
               f"Promise.reject(new DOMException('refused', '{name}'));" if name else
               "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    page = new_page(prepare)
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("alert")).to_contain_text(text)
    expect(page.get_by_role("button", name="Use the camera")).to_be_enabled()


def set_rate(page, rate):
    page.locator("#rate").fill(str(rate))
    expect(page.locator("#rate-text")).to_have_text(str(rate))


def measured(page):
    """(frames a second, share of a core) as the page says."""
    match = re.fullmatch(r"([\d.]+) frames a second, ([\d.]+)% of a core",
                         page.inner_text("#load"))
    return float(match[1]), float(match[2]) / 100


def test_camera_keeps_its_rate(page):
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator("#video")).to_be_visible()
    for rate in (5, 12):
        set_rate(page, rate)
        page.wait_for_timeout(4500)
        found, share = measured(page)
        assert 0.3 * rate < found < 1.1 * rate  # 0.95 and more where the machine is not busy
        assert 0 < share < 1
    for _ in range(20):
        check_bars(page)
        page.wait_for_timeout(30)
    assert page.evaluate(LONGEST_GAP, 2000) < 1000, "the page freezes"
    expect(page.locator("#status")).to_contain_text("Camera: ")
    page.get_by_role("button", name="Stop the camera").click()
    expect(page.locator("#video")).to_be_hidden()
    assert page.evaluate("document.getElementById('video').srcObject") is None
    expect(page.locator("#load")).to_be_empty()
    page.get_by_role("button", name="Use the camera").click()  # and once more
    expect(page.locator("#load")).to_contain_text("of a core")
    give(page, "drop", PICTURES / "cat_1.png")  # a picture takes the place of the camera
    expect_shown(page, "cat_1.png")
    expect(page.locator("#video")).to_be_hidden()


def write_slow_model(path):
    """Two convolutions of 7 billion multiply-adds each."""
    random = np.random.default_rng(1)
    value = functools.partial(helper.make_tensor_value_info, elem_type=TensorProto.FLOAT)
    shapes = {"a": (128, 3, 3, 3), "b": (128, 128, 3, 3), "c": (128, 128, 3, 3)}
    weights = [numpy_helper.from_array(random.normal(0, 0.03, shape).astype(np.float32), name)
               for name, shape in shapes.items()]
    nodes, last = [], "x"
    for name in shapes:
        nodes.append(helper.make_node("Conv", [last, name], [f"{name}y"], pads=[1] * 4))
        last = f"{name}y"
    nodes += [helper.make_node("GlobalAveragePool", [last], ["pooled"]),
              helper.make_node("Flatten", ["pooled"], ["y"])]
    graph = helper.make_graph(nodes, "slow", [value("x", shape=[1, 3, 224, 224])],
                              [value("y", shape=[1, 128])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"linnet.color": "RGB", "linnet.resize": "exact",
                                   "linnet.scale": "0.01"})
    onnx.save(model, path)


def test_a_slow_model_does_not_freeze_the_page(page, tmp_path):
    write_slow_model(tmp_path / "slow.onnx")
    page.set_input_files("#model-file", tmp_path / "slow.onnx")
    assert page.evaluate(LONGEST_GAP, 1000) < 1000
    expect(page.locator("#model")).to_contain_text("slow.onnx, classes without names",
                                                     timeout=30_000)
    page.set_input_files("#pictures", PICTURES / "cat_1.png")
    longest = page.evaluate(LONGEST_GAP, 1000)
    expect(page.locator("#status")).to_contain_text("cat_1.png: class ", timeout=30_000)
    assert 2 * longest < float(page.inner_text("#timing").split()[0])  # of one frame
    page.get_by_role("button", name="Use the camera").click()  # which takes what there is
    set_rate(page, 30)
    expect(page.locator("#load")).to_contain_text("of a core", timeout=30_000)
    found, share = measured(page)
    assert found < 5 and 0.6 < share <= 1


def test_keyboard_alone(page):
    """Tab reaches everything in the order of the page, and the focus is seen."""
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || "
                                     "document.activeElement.textContent"))
        assert page.evaluate("""() => {
          const it = document.activeElement.closest(".button") ?? document.activeElement;
          return parseFloat(getComputedStyle(it).outlineWidth) >= 2;
        }"""), reached[-1]
    assert reached == ["pictures", "camera", "cat", "frog", "ship", "model-file"]
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect_shown(page, "cat")
    with page.expect_file_chooser() as chooser:
        page.locator("#pictures").focus()
        page.keyboard.press("Space")
    chooser.value.set_files(PICTURES / "ship_1.png")
    expect_shown(page, "ship_1.png")
    page.locator("#camera").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#load")).to_contain_text("of a core")
    assert page.evaluate("document.activeElement.id") == "camera"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#rate-text")).to_have_text("11")
    expect(page.get_by_role("slider")).to_have_accessible_name("Camera frames a second")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator("#camera")).to_have_text("Use the camera")


def test_names_for_screen_readers(page):
    page.get_by_role("button", name="cat", exact=True).click()
    expect_shown(page, "cat")
    for label in ("Choose pictures", "Choose a model"):
        assert page.get_by_label(label).count() == 1, label
    expect(page.get_by_role("img", name="cat")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("cat, ")
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("listitem").count() == 6  # five answers and a picture
    page.locator("#strip button").click()
    assert page.locator("#strip button[aria-current=true]").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_looks(new_page, tmp_path, scheme, width):
    """No scrolling sideways, targets that fingers hit, text that can be read."""
    page = new_page(viewport={"width": width, "height": 740}, color_scheme=scheme,
                    reduced_motion="reduce")
    text = tmp_path / f"{'a_very_long_name_' * 6}.png"
    text.write_text("not a picture")
    page.set_input_files("#pictures", [*sorted(PICTURES.glob("*_1.png")), text])
    expect_shown(page, "truck_1.png")
    expect(page.get_by_role("alert")).to_contain_text("was not classified")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for it in page.locator("button:visible, label.button").all():
        assert it.bounding_box()["height"] >= 44, it.inner_text()
    assert page.evaluate(CONTRAST) == []
    assert page.locator(".bar").first.evaluate("(it) => getComputedStyle(it).transitionDuration") \
        == "0s"
