# SPDX-License-Identifier: MIT
"""Times Linnet in WebAssembly beside ONNX Runtime Web (wasm, SIMD, one thread), in turns.

usage: web.py FOLDER [--networks NAME...] [--rounds N] [--threads N] [--browser COMMAND]

Runs under Node, or in a page of the browser that is named, such as chromium. The package in
bindings/javascript must be built; ONNX Runtime Web is fetched by npm into build/. With --threads,
Linnet alone is timed with so many, too: the threads of ONNX Runtime Web stay awake between runs and
so slow down whoever has the next turn.
"""
import argparse
import functools
import http.server
import json
import pathlib
import subprocess
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGE = ROOT / "bindings/javascript"
PLACE = ROOT / "build/onnxruntime-web"
ORT = PLACE / "node_modules/onnxruntime-web/dist"
ORT_VERSION = "1.30.0"
# With these a page is cross-origin isolated: it may share memory, and its clock is finer.
ISOLATED = {"Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp"}
PAGE = """<!doctype html><script type="module">
import * as linnet from "/linnet/src/index.js";
import * as ort from "/ort/ort.wasm.min.mjs";
import { measure } from "/bench/web_rounds.js";
ort.env.wasm.wasmPaths = location.origin + "/ort/";
const { networks, rounds, threads } = ARGUMENTS;
const read = async (name) =>
  new Uint8Array(await (await fetch(`/networks/${name}.onnx`)).arrayBuffer());
let result;
try {
  result = await measure(linnet, ort, networks, rounds, threads, read);
} catch (error) {
  result = { error: String(error.stack ?? error) };
}
await fetch("/result", { method: "POST", body: JSON.stringify(result) });
</script>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the page and what it needs; takes its result."""
    extensions_map = {".js": "text/javascript", ".mjs": "text/javascript", "": "text/plain",
                      ".wasm": "application/wasm", ".onnx": "application/octet-stream"}

    def __init__(self, *arguments, page, folders, headers, done, **more):
        self.page, self.folders, self.headers_sent, self.done = page, folders, headers, done
        super().__init__(*arguments, **more)

    def translate_path(self, path):
        first, _, rest = path.lstrip("/").partition("/")
        folder = self.folders.get(first, pathlib.Path("/nowhere"))
        return str(folder / rest) if ".." not in rest else "/nowhere"

    def do_GET(self):
        if self.path != "/":
            return super().do_GET()
        body = self.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self):
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        super().end_headers()

    def do_POST(self):
        self.done(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def ask_browser(command, page, folders, headers):
    """Opens the page in a browser of its own; returns what the page posts to /result. `folders` maps
    the first part of a path to what is served there, with `headers`."""
    found, ready = [], threading.Event()

    def done(result):
        found.append(result)
        ready.set()

    handler = functools.partial(Handler, page=page, folders=folders, headers=headers,
                                done=done)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, \
            tempfile.TemporaryDirectory() as profile:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = subprocess.Popen(
            [command, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", f"--user-data-dir={profile}",
             f"http://127.0.0.1:{server.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ready.wait(600)
        browser.terminate()
        browser.wait()
        server.shutdown()
    if not found or "error" in found[0]:
        raise SystemExit(found[0]["error"] if found else "the page did not answer")
    return found[0]


def in_browser(command, folder, networks, rounds, threads):
    page = PAGE.replace("ARGUMENTS", json.dumps({"networks": networks, "rounds": rounds,
                                                 "threads": threads}))
    return ask_browser(command, page, {"linnet": PACKAGE, "ort": ORT, "bench": HERE,
                                       "networks": folder}, ISOLATED)


def under_node(folder, networks, rounds, threads):
    done = subprocess.run(["node", HERE / "web_node.mjs", PACKAGE / "src/index.js",
                           ORT / "ort.wasm.min.mjs", folder, str(rounds), str(threads), *networks],
                          stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path, help="of ONNX files")
    parser.add_argument("--networks", nargs="+", default=["squeezenet1_1", "mobilenet_v2"])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--threads", type=int, default=1, help="of Linnet, in a column of its own")
    parser.add_argument("--browser", help="the command of a Chromium")
    options = parser.parse_args()
    if not (ORT / "ort.wasm.min.mjs").exists():
        subprocess.run(["npm", "--prefix", PLACE, "install", "--no-audit", "--no-fund",
                        "--silent", f"onnxruntime-web@{ORT_VERSION}"], check=True)
    arguments = options.folder.resolve(), options.networks, options.rounds, options.threads
    found = in_browser(options.browser, *arguments) if options.browser else under_node(*arguments)
    print(f"{found['build']}; ONNX Runtime Web {found['ort']}")
    more = options.threads > 1
    print("| network | ONNX Runtime Web | Linnet | ratio | largest difference |"
          + f" {options.threads} threads |" * more)
    print("|---|---|---|---|---|" + "---|" * more)
    for name, each in found["results"].items():
        print(f"| {name} | {each['ort']:.1f} | {each['linnet']:.1f} | {each['ratio']:.2f} | "
              f"{each['difference']:.1e} |" + f" {each['threaded']:.1f} |" * more)


if __name__ == "__main__":
    main()
