# SPDX-License-Identifier: MIT
"""Builds the package: the modules of WebAssembly, the default model, the CommonJS entry.

usage: npm run build            (or: python3 build.py, after npm install)

The compiler is the Zig of PyPI (`pip install ziglang`), for its clang 22: that of Debian's emscripten
(clang 14) makes a module that is 10 % smaller and, at the same -Os, runs SqueezeNet 20 times as long;
and what Zig links is asked of WASI alone, so that no glue is needed but src/module.js.
"""
import argparse
import base64
import gzip
import importlib.util
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DIST = HERE / "dist"
CALLERS = [HERE / "src/generated.js", HERE / "src/native_support.js"]

FLAGS = ["--target=wasm32-wasi", "-std=c++17", "-Os", "-DNDEBUG", "-fno-exceptions", "-fno-rtti",
         "-ffunction-sections", "-fdata-sections", "-fvisibility=hidden", "-mexec-model=reactor",
         "-D_WASI_EMULATED_MMAN", "-lwasi-emulated-mman", "-D_WASI_EMULATED_GETPID",
         "-lwasi-emulated-getpid", "-Wno-deprecated-declarations",
         "-Wno-tautological-constant-out-of-range-compare",
         "-Wl,--gc-sections", "-Wl,--strip-all", "-Wl,-z,stack-size=1048576"]
# The third has threads. They share a memory that src/threads.js makes, which has these bytes at
# first; its C library locks nothing, since workers only compute.
MODULES = {"simd": ["-msimd128"], "scalar": [],
           "threads": ["-msimd128", "-matomics", "-mbulk-memory", "-Wl,--shared-memory",
                       "-Wl,--import-memory", "-Wl,--initial-memory=4194304",
                       "-Wl,--max-memory=4294901760",
                       *(f"-Wl,--export={each}" for each in (
                           "__stack_pointer", "__tls_size", "__wasm_init_tls"))]}


def exported():
    """What JavaScript calls."""
    text = "".join(each.read_text(encoding="utf-8") for each in CALLERS)
    return [*sorted(set(re.findall(r"\blinnet_\w+", text))), "malloc", "free"]


def compile_module(name, folder):
    target, source = folder / f"linnet_{name}.wasm", ROOT / "bindings/go/linnet.cc"
    made_of = [source, pathlib.Path(__file__), *CALLERS]
    if target.exists() and target.stat().st_mtime > max(p.stat().st_mtime for p in made_of):
        return target.read_bytes()
    if not importlib.util.find_spec("ziglang"):
        sys.exit(f"build.py needs the Zig compiler: {sys.executable} -m pip install ziglang")
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "ziglang", "c++", *FLAGS, *MODULES[name], source,
                    *(f"-Wl,--export={each}" for each in exported()), "-o", target], check=True)
    return target.read_bytes()


def write_data(name, data):
    """Bytes as a module of JavaScript, which no bundler can lose. The scalar module is not
    compressed: what lacks vectors may lack DecompressionStream, too."""
    text = base64.b64encode(data).decode()
    (DIST / f"{name}.js").write_text(f'export default "{text}";\n', encoding="ascii")


def write_commonjs():
    subprocess.run(["npx", "--no-install", "esbuild", "src/index.js", "--bundle", "--format=cjs",
                    "--platform=neutral", "--target=es2022", "--external:../dist/*",
                    "--outfile=dist/index.cjs", "--log-level=warning"], cwd=HERE, check=True)
    bundle = DIST / "index.cjs"
    bundle.write_text(bundle.read_text(encoding="utf-8").replace("../dist/", "./"),
                      encoding="utf-8")
    for name in ("index", "generated"):
        types = (HERE / f"src/{name}.d.ts").read_text(encoding="utf-8")
        (DIST / f"{name}.d.cts").write_text(types.replace("./generated.js", "./generated.cjs"),
                                            encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--modules", type=pathlib.Path, default=ROOT / "build/wasm",
                        help="where the .wasm files go")
    folder = parser.parse_args().modules
    DIST.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as executor:
        modules = list(executor.map(lambda name: compile_module(name, folder), MODULES))
    for name, data in zip(MODULES, modules):
        packed = gzip.compress(data, 9, mtime=0)
        print(f"{name}: {len(data)} bytes, {len(packed)} gzipped")
        write_data(name, data if name == "scalar" else packed)
    write_data("default_model", (ROOT / "examples/model/default.onnx").read_bytes())
    write_commonjs()


if __name__ == "__main__":
    main()
