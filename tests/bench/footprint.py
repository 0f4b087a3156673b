#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints what three networks take on a phone: those that MXNet's single file ran there in 2015.

 - library: a program with the library cut to the network (cut_sizes.py), in KB of 1024 bytes
 - model: the ONNX file, and saved with weights of float16, in MB of 10^6 bytes
 - working memory: the arena of a session, exact and known before the run
 - here: the median of a run on one thread of this machine
 - instructions of one run, executed under qemu-user: of a program that runs once, less those of one
   that does not run. qemu logs each block of instructions that it translates (-d in_asm) and each
   that it executes (-d exec,nochain); the sum of their lengths is the count.
 - estimate: these instructions at 2.3 GHz and --rate instructions a cycle. It is no measurement:
   what a core makes of a cycle depends on its caches most. Krait decodes 3 instructions a cycle.

Needs qemu-user-static, the cross compilers, awk and what cut_sizes.py needs; takes minutes."""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Dict, List

import numpy as np

import linnet
from cut_sizes import TARGETS, program_size, run_tool, write_source
from phone_networks import NETWORKS

TITLES = {"fastpoornet": "FastPoorNet", "sub_inception_bn": "Sub-Inception-BN",
          "inception_bn": "Inception-BN"}
EMULATORS = {"armv7": "qemu-arm-static", "aarch64": "qemu-aarch64-static"}
CLOCK = 2.3e9

# Opens the model file, runs it as often as it is told, on a picture of one colour.
RUNNER = """
#include "linnet.h"
#include <stdio.h>
#include <stdlib.h>
static unsigned char pixels[224 * 224 * 3];
int main(int, char **argument) {
    linnet_model *model;
    linnet_session *session;
    if (linnet_model_open(argument[1], nullptr, &model) != LINNET_OK ||
        linnet_session_create(model, nullptr, &session) != LINNET_OK ||
        linnet_session_set_pixels(session, 0, pixels, sizeof pixels, LINNET_RGB, 224, 224, 672)
        != LINNET_OK)
        return puts(linnet_last_error());
    for (int i = atoi(argument[2]); i > 0; --i)
        if (linnet_session_run(session) != LINNET_OK) return puts(linnet_last_error());
    return 0;
}
"""
# Lines of instructions begin with 0x; a block ends with the line of its first execution.
COUNT = """
/^0x/ { if (!size) { first = substr($1, 3, length($1) - 3); sub(/^0+/, "", first) } ++size; next }
/^Trace/ {
    split($0, part, "/"); at = part[2]; sub(/^0+/, "", at)
    if (size) { length_of[first] = size; size = 0 }
    ++times[at]
}
END {
    for (at in times) { if (!(at in length_of)) { missing += times[at] }
                        total += times[at] * length_of[at] }
    printf "%.0f %.0f\\n", total, missing
}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(TITLES), metavar="NAME",
                        help=", ".join(TITLES))
    parser.add_argument("--rate", type=float, default=1, metavar="N",
                        help="instructions a cycle for the estimate (default 1)")
    options = parser.parse_args()
    print(heading(options.rate), flush=True)
    for name in options.names:
        with tempfile.TemporaryDirectory() as folder:
            print(row(TITLES[name], facts(name, pathlib.Path(folder)), options.rate), flush=True)
    return 0


def heading(rate: float) -> str:
    columns = ["network", *(f"library {target} -Os, KB" for target in EMULATORS), "float32, MB",
               "half, MB", "working memory, MB", "here, ms"]
    for target in EMULATORS:
        columns += [f"{target}, 10^9 instructions",
                    f"estimate at 2.3 GHz, {rate:g} a cycle, s"]
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"


def facts(name: str, folder: pathlib.Path) -> Dict[str, float]:
    model = folder / f"{name}.onnx"
    model.write_bytes(NETWORKS[name]())
    half = folder / f"{name}.linnet"
    with linnet.Model(str(model)) as opened:
        opened.save(str(half), "half")
        session = linnet.Session(opened)
        found = {"float32": model.stat().st_size, "half": half.stat().st_size,
                 "arena": session.arena_bytes, "milliseconds": run_time(session)}
    for target in EMULATORS:
        source = write_source(folder / target, name, TARGETS[target].isas)
        found[f"{target} library"] = program_size(TARGETS[target], "-Os", source)[0]
        found[f"{target} instructions"] = instructions(target, folder, model)
    return found


def row(title: str, found: Dict[str, float], rate: float) -> str:
    cells = [title, *(f"{found[f'{target} library'] / 1024:.0f}" for target in EMULATORS)]
    cells += [f"{found[key] / 1e6:.1f}" for key in ("float32", "half")]
    cells += [f"{found['arena'] / 1e6:.2f}", f"{found['milliseconds']:.1f}"]
    for target in EMULATORS:
        count = found[f"{target} instructions"]
        cells += [f"{count / 1e9:.2f}", f"{count / rate / CLOCK:.2f}"]
    return f"| {' | '.join(cells)} |"


def run_time(session: linnet.Session, runs: int = 20) -> float:
    shape, = session.input_shapes
    picture = {session.model.inputs[0].name: np.zeros(shape, "float32")}
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        session.run(picture)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def instructions(target: str, folder: pathlib.Path, model: pathlib.Path) -> int:
    """Of one run of the model, by the bodies that the whole library has for the processor."""
    source = write_source(folder / f"{target}-run", None, TARGETS[target].isas)
    (source / "program.cc").write_text(RUNNER)
    program = source / "runner"
    run_tool(TARGETS[target].compiler[0], "-O2", "-std=c++17", "-w", "-static", "-pthread",
             source / "linnet.cc", source / "program.cc", "-o", program)
    command = [EMULATORS[target], str(program), str(model)]
    return executed([*command, "1"]) - executed([*command, "0"])


def executed(command: List[str]) -> int:
    """The instructions of a program that qemu-user runs."""
    emulator, *program = command
    logged = subprocess.Popen([emulator, "-d", "in_asm,exec,nochain", "-D", "/dev/stdout",
                               *program], stdout=subprocess.PIPE)
    counted = subprocess.run([shutil.which("mawk") or "awk", COUNT], stdin=logged.stdout,
                             check=True, capture_output=True, text=True)
    if logged.wait() != 0:
        raise SystemExit(f"{' '.join(command)}: failed")
    total, missing = map(int, counted.stdout.split())
    if missing:
        raise SystemExit(f"{' '.join(command)}: {missing} blocks of unknown length were executed")
    return total


if __name__ == "__main__":
    sys.exit(main())
