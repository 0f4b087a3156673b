#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the wrappers add to the C calls of a run: set the input, run, read the output.

usage: wrapper_bench.py [--rounds N] [--build FOLDER]

The network is one layer of 16 numbers, so that hardly anything but the calls is measured. Each
round starts C, Python, Go and Java one after the other; the median over the rounds of the best of
400 measurements is printed, with the difference to C of the same round. FOLDER holds liblinnet.so
(default build/release). Needs the Python package, onnx, and what `tests/run` builds; a language
that is missing is named and left out.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "bench" / "wrapper"
ELEMENTS = 16
RUNS = 500


def write_model(path):
    import numpy as np
    sys.path.insert(0, str(ROOT / "tests" / "python"))
    from onnx import helper
    from small_models import build_model
    shape = [1, ELEMENTS]
    weights = np.eye(ELEMENTS, dtype=np.float32)
    path.write_bytes(build_model([helper.make_node("MatMul", ["x", "w"], ["y"])],
                                 [("x", 1, shape)], [("y", 1, shape)], {"w": weights}))


def run_python(model, runs):
    """The best nanoseconds a run, in a process of its own."""
    import numpy as np
    import linnet
    session = linnet.Session(model)
    x = np.zeros((1, ELEMENTS), np.float32)
    best = float("inf")
    for _ in range(400):
        start = time.perf_counter()
        for _ in range(runs):
            session.run(x)
        best = min(best, (time.perf_counter() - start) / runs)
    print(round(best * 1e9))


def commands(folder, build):
    """The command of each language, without its arguments."""
    c, go = folder / "c", folder / "go"
    subprocess.run(["cc", "-O2", f"-I{ROOT / 'capi'}", str(HERE / "wrapper_bench.c"),
                    f"-L{build}", f"-Wl,-rpath,{build}", "-llinnet", "-o", str(c)], check=True)
    found = {"C": [str(c)], "Python": [sys.executable, __file__, "--python"]}
    classes = ROOT / "bindings" / "java" / "target" / "classes"
    for language, make, command in (
            ("Go", ["go", "build", "-o", str(go), "./tests/bench/wrapper/call"], [str(go)]),
            ("Java", ["javac", "-cp", str(classes), "-d", str(folder),
                      str(HERE / "WrapperBench.java")],
             ["java", "-cp", f"{classes}:{folder}", "WrapperBench"])):
        try:
            subprocess.run(make, check=True, cwd=ROOT)
            found[language] = command
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{language} is left out: {error}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--python", nargs=2, metavar=("MODEL", "RUNS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.python:
        return run_python(options.python[0], int(options.python[1]))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_model(folder / "layer.onnx")
        arguments = [str(folder / "layer.onnx"), str(RUNS)]
        taken = {}
        found = commands(folder, options.build.resolve())
        for _ in range(options.rounds):
            for language, command in found.items():
                answer = subprocess.run(command + arguments, check=True, stdout=subprocess.PIPE)
                taken.setdefault(language, []).append(float(answer.stdout))
    for language, times in taken.items():
        over = statistics.median(a - c for a, c in zip(times, taken["C"]))
        print(f"{language:8} {statistics.median(times) / 1e3:7.2f} us a run, "
              f"{over / 1e3:7.2f} us over C")


if __name__ == "__main__":
    main()
