# SPDX-License-Identifier: MIT
"""The npm package, packed and installed in a project outside the repository: used, compiled against
by TypeScript, and built into pages and programs by esbuild and Vite."""
import gzip
import json
import os
import pathlib
import shutil
import subprocess

import onnx
import pytest
from onnx import TensorProto, helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/javascript"
PACKAGE = ROOT / "bindings/javascript"
TYPES = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE, "int8": TensorProto.INT8,
         "uint8": TensorProto.UINT8, "int32": TensorProto.INT32, "int64": TensorProto.INT64,
         "bool": TensorProto.BOOL, "float16": TensorProto.FLOAT16}
PROGRAM = """import { Classifier, load } from "linnet";
await load();
const picture = { data: new Uint8Array(3072).fill(99), width: 32, height: 32 };
console.log(new Classifier().classify(picture, { top: 1 })[0].label);
"""
LOADS = ["load()", "load({ threads: 2 })"]


def run(*command, cwd, **options):
    done = subprocess.run([str(each) for each in command], cwd=cwd, capture_output=True, text=True,
                          timeout=300, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder in which the packed package is installed, and nothing leads to the repository."""
    folder = tmp_path_factory.mktemp("project")
    run("npm", "pack", "--pack-destination", folder, cwd=PACKAGE)
    shutil.copy(HERE / "package.json", folder)
    run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", *folder.glob("*.tgz"),
        cwd=folder)
    (folder / "main.js").write_text(PROGRAM)
    return folder


@pytest.fixture(scope="module")
def label(project):
    return run("node", "main.js", cwd=project)


def value(name, dtype, shape):
    return helper.make_tensor_value_info(name, dtype, shape)


def save(path, nodes, inputs, outputs, weights=()):
    graph = helper.make_graph(nodes, "g", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)


def write_models(folder):
    real = TensorProto.FLOAT
    weights = helper.make_tensor("w", real, [3, 2], [1, 2, 3, 4, 5, 6])
    save(folder / "free.onnx", [helper.make_node("MatMul", ["x", "w"], ["product"]),
                                helper.make_node("Relu", ["product"], ["y"])],
         [value("x", real, ["n", 3])], [value("y", real, ["n", 2])], [weights])
    save(folder / "two.onnx", [helper.make_node("Sub", ["a", "b"], ["y"])],
         [value("a", real, [1]), value("b", real, [1])], [value("y", real, [1])])
    for name, dtype in TYPES.items():
        save(folder / f"same_{name}.onnx", [helper.make_node("Identity", ["x"], ["y"])],
             [value("x", dtype, [3])], [value("y", dtype, [3])])


@pytest.mark.parametrize("program", ["package.test.mjs", "threads.test.mjs"])
def test_as_a_program_sees_it(project, tmp_path, program):
    write_models(tmp_path)
    shutil.copy(HERE / program, project)
    text = run("node", "--expose-gc", "--test", program, cwd=project,
               env={**os.environ, "LINNET_MODELS": str(tmp_path)})
    assert "# fail 0" in text and "# skipped 0" in text


def test_only_what_is_needed_is_packed(project):
    package = project / "node_modules/linnet"
    assert sorted(each.name for each in package.iterdir()) == ["README.md", "dist", "package.json",
                                                               "src"]
    assert not list(package.rglob("*.wasm")), "modules are inside, not beside"
    assert json.loads((package / "package.json").read_text()).get("dependencies") is None


@pytest.mark.parametrize("module", ["simd", "threads"])
def test_size_of_the_module(module):
    """At most 250 KB gzipped with every operator: what the loader unpacks, and what is built."""
    data = (ROOT / f"build/wasm/linnet_{module}.wasm").read_bytes()
    assert len(gzip.compress(data, 9)) <= 250_000


@pytest.mark.parametrize("module, resolution, name", [
    ("esnext", "bundler", "types.ts"), ("nodenext", "nodenext", "types.mts"),
    ("nodenext", "nodenext", "types.cts")])
def test_declarations(project, module, resolution, name):
    shutil.copy(HERE / "types.ts", project / name)
    run("npx", "tsc", "--noEmit", "--strict", "--target", "es2022", "--lib",
        "es2022,dom,esnext.disposable", "--module", module, "--moduleResolution", resolution,
        "--types", "node", name, cwd=project)


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("form", ["esm", "cjs"])
def test_esbuild(project, label, form, load):
    program = PROGRAM
    if form == "cjs":
        program = ('const { Classifier, load } = require("linnet");\nload().then(() => {\n'
                   + PROGRAM.split("\n", 2)[2] + "});\n")
    (project / f"entry_{form}.js").write_text(program.replace("load()", load))
    if form == "cjs":
        (project / f"entry_{form}.js").rename(project / f"entry_{form}.cjs")
    entry = "entry_cjs.cjs" if form == "cjs" else "entry_esm.js"
    split = ["--splitting"] if form == "esm" else []
    run("npx", "esbuild", entry, "--bundle", f"--format={form}", *split, f"--outdir=out_{form}",
        "--platform=browser", "--target=es2022", "--minify",
        f"--out-extension:.js={'.mjs' if form == 'esm' else '.cjs'}", cwd=project)
    built = project / f"out_{form}" / pathlib.Path(entry).with_suffix(
        ".mjs" if form == "esm" else ".cjs").name
    # Elsewhere, where no package is installed.
    moved = project.parent / f"moved_{form}"
    shutil.copytree(built.parent, moved, dirs_exist_ok=True)
    assert run("node", moved / built.name, cwd=moved) == label


@pytest.mark.parametrize("load", LOADS)
def test_vite(project, label, load):
    (project / "main.js").write_text(PROGRAM.replace("load()", load))
    (project / "index.html").write_text('<script type="module" src="/main.js"></script>')
    run("npx", "vite", "build", "--outDir", "out_vite", "--target", "es2022", cwd=project)
    made = sorted((project / "out_vite/assets").glob("*.js"))
    names = [each.name.split("-")[0] for each in made]
    assert names == ["default_model", "index", "scalar", "simd", "threads"], "loaded where needed"
    (project / "out_vite/package.json").write_text('{"type": "module"}')
    page = ('globalThis.document = { createElement: () => ({ relList: null }), '
            'querySelector: () => null, querySelectorAll: () => [], '
            'getElementsByTagName: () => [], head: { appendChild() {} } };\n'
            'globalThis.window = globalThis;\n'
            'globalThis.MutationObserver = class { observe() {} };\n'
            f'await import("./assets/{made[1].name}");\n')
    (project / "out_vite/run.js").write_text(page)
    assert run("node", "run.js", cwd=project / "out_vite").endswith(label)
