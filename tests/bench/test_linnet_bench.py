# SPDX-License-Identifier: MIT
"""The program linnet-bench, which LINNET_BENCH names."""
import json
import os
import subprocess
import sys

import pytest
from onnx import helper
from tiny_network import NODES, SHAPE, write_model


@pytest.fixture
def bench():
    program = os.environ.get("LINNET_BENCH")
    if program is None:
        pytest.skip("LINNET_BENCH does not name the program linnet-bench")

    def call(*arguments):
        return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                              timeout=120)
    return call


def test_linnet_bench(bench, folder, tmp_path):
    facts = json.loads(bench("--json", "--steps", "--runs", 3, "--isa", "plain", "--threads", 2,
                             folder / "tiny.onnx").stdout)
    for name in ("median_ms", "p90_ms", "min_ms", "items_per_second", "load_ms", "arena_bytes"):
        assert facts[name] > 0, name
    assert facts["min_ms"] <= facts["median_ms"] <= facts["p90_ms"]
    assert (facts["threads"], facts["batch"], facts["runs"], facts["isa"]) == (2, 1, 3, "plain")
    assert facts["steps"] and facts["steps"][0]["tensor"]
    ours = json.loads(subprocess.run([sys.executable, "-m", "linnet", "bench", "--json", "--steps",
                                      folder / "tiny.onnx"], capture_output=True).stdout)
    assert set(facts) == set(ours)
    write_model(tmp_path / "free.onnx", NODES[:5] + [
        helper.make_node("Flatten", ["e"], ["f"]), NODES[6]], ["N", *SHAPE[1:]])
    assert json.loads(bench("--json", "--batch", 3, tmp_path / "free.onnx").stdout)["batch"] == 3
    assert bench("--runs", 1, folder / "tiny.onnx").stdout.startswith("median ")


def test_linnet_bench_says_what_is_wrong(bench, folder):
    assert bench("--help").stdout.startswith("usage: linnet-bench ")
    for words in ([], ["--runs", "0", "a"], ["--isa", "mmx", "a"], ["a", "b"], ["a", "--threads"]):
        done = bench(*words)
        assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("usage: ")
    done = bench("absent.onnx")
    assert (done.returncode, done.stdout) == (1, "") and "absent.onnx" in done.stderr
    done = bench("--batch", 2, folder / "tiny.onnx")
    assert done.returncode == 1 and done.stderr.startswith("linnet-bench: ")
