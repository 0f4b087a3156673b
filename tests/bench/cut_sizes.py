#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints how large the library is in a program, whole and cut to a model, for several processors.

Each figure is the code and constants of a stripped program that classifies with a model in memory,
without the model and with the C and C++ runtime apart (shared libraries; only of wasm it is
inside), and the same as gzip leaves it. "planned" is `linnet single-file --planned`. KB are 1024
bytes. Compilers that are not here leave out their column. Needs the package `linnet` of this tree
and what requirements.txt names.

    cut_sizes.py              the table
    cut_sizes.py --check      also fails where a size is more than 3 % above sizes.json
    cut_sizes.py --accept     also writes sizes.json: what is so now is accepted
"""
import argparse
import concurrent.futures
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from typing import Dict, List, NamedTuple, Optional, Tuple

from linnet import single_file
from linnet.classifier import default_model
from phone_networks import NETWORKS

HERE = pathlib.Path(__file__).resolve().parent
BASELINE = HERE / "sizes.json"
GROWTH = 1.03
_MODELS = {"SqueezeNet 1.1": "squeezenet", "MobileNet v1": "mobilenet_v1",
           "MobileNet v2": "mobilenet_v2", "default model": "default"}
PLANNED = ", planned"
BUILDS = {"whole": None, **_MODELS,
          **{name + PLANNED: network for name, network in _MODELS.items()}}
LEVELS = ("-O2", "-Os")
FLAGS = ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-unwind-tables",
         "-fno-asynchronous-unwind-tables", "-ffunction-sections", "-fdata-sections",
         "-fvisibility=hidden", "-w"]
# What CI compares each time: the smallest, and one of each kind of processor.
QUICK = [("armv7", "-Os", "default model" + PLANNED),
         ("aarch64", "-Os", "SqueezeNet 1.1" + PLANNED), ("x86-64", "-O2", "default model"),
         ("armv7", "-Os", "MobileNet v2"), ("aarch64", "-Os", "whole")]


class Target(NamedTuple):
    """A processor: how programs are made for it, and the bodies that they have when cut."""
    compiler: List[str]
    isas: Tuple[str, ...]
    size: Optional[str] = None   # the command that tells code and constants; None: the file's bytes
    strip: Optional[str] = None
    link: Tuple[str, ...] = ("-no-pie", "-Wl,--gc-sections", "-pthread")
    output: str = "program"

    def is_here(self) -> bool:
        return shutil.which(self.compiler[0]) is not None


def binutils(prefix: str, isas: Tuple[str, ...]) -> Target:
    return Target([f"{prefix}g++", "-fno-pie"], isas, f"{prefix}size", f"{prefix}strip")


TARGETS = {"x86-64": binutils("x86_64-linux-gnu-", ("plain", "avx2", "avx512")),
           "aarch64": binutils("aarch64-linux-gnu-", ("neon",)),
           "armv7": binutils("arm-linux-gnueabihf-", ("plain",)),
           "wasm": Target(["em++"], ("plain",), link=("-sSTANDALONE_WASM",),
                          output="program.wasm")}

PROGRAM = """
#include "linnet.h"
#include <stdio.h>
extern "C" const unsigned char *volatile model;
extern "C" volatile size_t model_size;
const unsigned char *volatile model;
volatile size_t model_size;
static unsigned char pixels[32 * 32 * 3];
int main() {
    linnet_model *opened;
    linnet_session *session;
    int32_t index[5];
    float probability[5];
    size_t found;
    const char *label;
    if (linnet_model_open_borrowed(model, model_size, nullptr, &opened) != LINNET_OK ||
        linnet_session_create(opened, nullptr, &session) != LINNET_OK ||
        linnet_session_classify(session, pixels, sizeof pixels, LINNET_RGB, 32, 32, 96, index,
                                probability, 5, &found) != LINNET_OK ||
        linnet_model_label(opened, index[0], &label) != LINNET_OK)
        return puts(linnet_last_error());
    return puts(label);
}
"""
Key = Tuple[str, str, str]  # target, level, build
Sizes = Dict[Key, Tuple[int, int]]  # bytes, and gzipped


def main() -> int:
    options = _parse()
    keys = QUICK if options.quick else [
        (target, level, build) for target in TARGETS for level in LEVELS for build in BUILDS]
    for target in sorted({key[0] for key in keys if not TARGETS[key[0]].is_here()}):
        print(f"not measured: {target}, there is no {TARGETS[target].compiler[0]}")
    keys = [key for key in keys if TARGETS[key[0]].is_here()]
    sizes = measure(keys, options.jobs)
    print(table(sizes))
    if options.accept:
        accept(sizes)
    if options.check:
        problems = compare(sizes)
        for problem in problems:
            print(problem, file=sys.stderr)
        if problems:
            print(f"To accept these sizes: {' '.join(sys.argv[:1])} --accept", file=sys.stderr)
        return 1 if problems else 0
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few of the sizes")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


def measure(keys: List[Key], jobs: int) -> Sizes:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sources = {(build, TARGETS[target].isas): None for target, _, build in keys}
        for number, (build, isas) in enumerate(sources):
            sources[build, isas] = write_source(folder / str(number), BUILDS[build], isas,
                                                build.endswith(PLANNED))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            made = pool.map(lambda key: program_size(
                TARGETS[key[0]], key[1], sources[key[2], TARGETS[key[0]].isas]), keys)
            return dict(zip(keys, made))


def write_source(folder: pathlib.Path, network: Optional[str], isas,
                 planned: bool = False) -> pathlib.Path:
    """linnet.cc, whole or cut to a network that is written here."""
    folder.mkdir()
    texts = single_file.whole()
    if network:
        model = folder / f"{network}.onnx"
        model.write_bytes(default_model() if network == "default" else NETWORKS[network]())
        texts = single_file.cut_to([str(model)], isas=isas, no_loaders=["files"],
                                   planned=planned)
        model.unlink()
    (folder / "linnet.cc").write_text(texts.source)
    (folder / "linnet.h").write_text(texts.header)
    (folder / "program.cc").write_text(PROGRAM)
    return folder


def program_size(target: Target, level: str, folder: pathlib.Path) -> Tuple[int, int]:
    with tempfile.TemporaryDirectory() as name:
        output = pathlib.Path(name) / target.output
        run_tool(*target.compiler, level, *FLAGS, *target.link, folder / "linnet.cc",
                 folder / "program.cc", "-o", output)
        if target.strip:
            run_tool(target.strip, output)
        packed = len(gzip.compress(output.read_bytes(), 9, mtime=0))
        if not target.size:
            return output.stat().st_size, packed
        text, data = run_tool(target.size, output).splitlines()[1].split()[:2]
        return int(text) + int(data), packed


def run_tool(*command) -> str:
    """Runs a compiler or the like, whose messages show only if it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}:\n{done.stderr[-4000:]}")
    return done.stdout


def table(sizes: Sizes) -> str:
    """Markdown; what was not measured is left out."""
    columns = [(target, level) for target in TARGETS for level in LEVELS
               if any(key[:2] == (target, level) for key in sizes)]
    lines = ["| KB (gzipped) | " + " | ".join(f"{target} {level}" for target, level in columns)
             + " |", "|---|" + "---|" * len(columns)]
    for build in BUILDS:
        cells = [sizes.get((*column, build)) for column in columns]
        if any(cells):
            lines.append(f"| {build} | " + " | ".join(
                f"{cell[0] / 1024:.1f} ({cell[1] / 1024:.1f})" if cell else "" for cell in cells)
                + " |")
    return "\n".join(lines)


def compiler_version(target: str) -> str:
    return run_tool(TARGETS[target].compiler[0], "-dumpversion").strip()


def accept(sizes: Sizes) -> None:
    """Puts the sizes in place of those of the same names."""
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {
        "compilers": {}, "bytes": {}}
    for key, measured in sizes.items():
        baseline["bytes"][" ".join(key)] = list(measured)
        baseline["compilers"][key[0]] = compiler_version(key[0])
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}"
             for name, value in sorted(baseline["bytes"].items())]
    BASELINE.write_text('{"compilers": ' + json.dumps(baseline["compilers"], sort_keys=True)
                        + ',\n "bytes": {\n' + ",\n".join(lines) + "\n}}\n")


def compare(sizes: Sizes, baseline: Optional[dict] = None) -> List[str]:
    """What is larger than it may be. Another compiler makes other sizes, and has none to hold."""
    baseline = json.loads(BASELINE.read_text()) if baseline is None else baseline
    problems = []
    for key, measured in sizes.items():
        accepted = baseline["bytes"].get(" ".join(key))
        if accepted is None:
            problems.append(f"{' '.join(key)}: there is no size in {BASELINE.name}")
            continue
        version = compiler_version(key[0])
        if version != baseline["compilers"][key[0]]:
            accepted_of = baseline["compilers"][key[0]]
            print(f"{' '.join(key)}: not compared: the sizes are those of "
                  f"{TARGETS[key[0]].compiler[0]} {accepted_of}, this is {version}")
            continue
        for what, old, new in zip(("bytes", "bytes gzipped"), accepted, measured):
            if new > old * GROWTH:
                problems.append(f"{' '.join(key)}: {new} {what}, {new / old - 1:.1%} more than the "
                                f"{old} that are accepted")
    return problems


if __name__ == "__main__":
    sys.exit(main())
