# SPDX-License-Identifier: MIT
"""The comparison with whatever engines are installed."""
import json

import numpy as np
from compare import compare_with_peers, relative_error, summary
from networks import input_shape, write_for_batch
from onnx import helper
from tiny_network import write_model

import linnet

QUICK = ["--rounds", 2, "--seconds", 0.01, "--starts", 1]


def test_compare(run, folder, tmp_path):
    printed = run("compare.py", folder, *QUICK, "--threads", "1,2", "--json", tmp_path / "all.json",
                  "--picture", tmp_path / "all.png")
    report = json.loads((tmp_path / "all.json").read_text())
    assert [result["threads"] for result in report["results"]] == [1, 2]
    assert "linnet" not in report["left_out"] and "onnxruntime" not in report["left_out"]
    assert report["machine"]["cpu"] and report["machine"]["load_average"]
    assert report["software"]["onnxruntime"] and "isa=" in report["software"]["linnet_build"]
    for result in report["results"]:
        named = {*result["engines"], *report["left_out"]}
        assert named == set(report["settings"]["engines"])
        ours = result["engines"]["linnet"]
        assert ours["status"] == "ok" and ours["error"] < 1e-4
        assert 0 < ours["p10_ms"] <= ours["median_ms"] <= ours["p90_ms"]
        assert ours["load_ms"] > 0 and ours["first_ms"] > 0 and len(ours["round_ms"]) == 2
        ratio = result["ratio"]
        assert ratio["low"] <= ratio["median"] <= ratio["high"]
    for name, reason in report["left_out"].items():
        assert f"left out: {name}: {reason}" in printed
    assert (tmp_path / "all.png").read_bytes().startswith(b"\x89PNG")


def test_compare_in_batches(run, folder, tmp_path):
    printed = run("compare.py", folder, *QUICK, "--threads", 1, "--batch", "1,4", "--engines",
                  "linnet,onnxruntime", "--json", tmp_path / "all.json")
    report = json.loads((tmp_path / "all.json").read_text())
    assert [result["batch"] for result in report["results"]] == [1, 4]
    assert all(engine["status"] == "ok" for result in report["results"]
               for engine in result["engines"].values())
    assert "images a second, tiny, batch 4, 1 threads: linnet " in printed


def test_what_differs_or_fails_does_not_count(run, folder, tmp_path):
    unknown = helper.make_node("Unheard", ["x"], ["scores"], domain="org.example")
    write_model(tmp_path / "unknown.onnx", [unknown])
    arguments = [*QUICK, "--threads", 1, "--engines", "linnet,onnxruntime", "--json",
                 tmp_path / "all.json"]
    printed = run("compare.py", tmp_path, *arguments)
    result, = json.loads((tmp_path / "all.json").read_text())["results"]
    assert {engine["status"] for engine in result["engines"].values()} == {"failed"}
    assert result["fastest_peer"] is None and result["ratio"] is None
    assert "does not count: linnet, unknown" in printed and "Unheard" in printed
    run("compare.py", folder, *arguments, "--tolerance", -1)
    result, = json.loads((tmp_path / "all.json").read_text())["results"]
    assert {engine["status"] for engine in result["engines"].values()} == {"differs"}
    assert result["ratio"] is None


def test_instruction_sets_and_strange_files(run, folder, tmp_path):
    (tmp_path / "tiny.onnx").write_bytes((folder / "tiny.onnx").read_bytes())
    (tmp_path / "text.onnx").write_text("no network")
    printed = run("compare.py", tmp_path, *QUICK, "--threads", "1,2", "--engines",
                  "linnet,onnxruntime", "--isa", "avx2", "--json", tmp_path / "all.json")
    report = json.loads((tmp_path / "all.json").read_text())
    # Without AVX2 it says so; onnxruntime is compared with, but takes what it finds.
    assert len(report["results"]) == 2
    for result in report["results"]:
        assert result["engines"]["linnet"]["status"] in ("ok", "failed")
    assert set(report["left_out"]) == {"onnxruntime", "text.onnx"}
    assert "left out: onnxruntime: NotLimited: it cannot be kept" in printed


def test_statistics():
    blocks = [{"ms": [1.0, 2.0, 3.0], "cpu_ms": 2.0, "rejected": 1, "disturbed": False},
              {"ms": [3.0, 4.0, 5.0], "cpu_ms": 3.0, "rejected": 0, "disturbed": True}]
    figures = summary(blocks, 6)
    assert figures["median_ms"] == 3 and figures["round_ms"] == [2, 4]
    assert (figures["rejected"], figures["disturbed_blocks"]) == (1, 1)
    assert figures["images_per_second"] == 2000 and figures["cpu_ms"] == 2.5
    peer = {"slow": (9.0, [9.0, 9.0], 9.0, "ok"), "fast": (6.0, [4.0, 8.0], 4.0, "ok"),
            "wrong": (1.0, [1.0, 1.0], 1.0, "differs")}
    engines = {name: dict(zip(("median_ms", "round_ms", "min_ms", "status"), values))
               for name, values in peer.items()}
    engines["linnet"] = {"status": "ok", **figures}
    found = compare_with_peers(engines, 1)
    assert found == {"fastest_peer": "fast", "ratio": {"median": 0.5, "low": 0.5, "high": 0.5,
                                                       "of_minima": 0.25}}
    assert relative_error(np.array([1.0, 3.0]), np.array([1.0, 4.0])) == 0.25
    assert relative_error(np.ones(2), np.ones(3)) == np.inf


def test_batches_of_a_file(folder, tmp_path):
    write_for_batch(folder / "tiny.onnx", 3, tmp_path / "three.onnx")
    assert input_shape(tmp_path / "three.onnx", 3) == (3, 3, 12, 12)
    x = np.random.default_rng(1).random((3, 3, 12, 12), np.float32)
    together, = linnet.Session(str(tmp_path / "three.onnx")).run(x)
    single = linnet.Session(str(folder / "tiny.onnx"))
    np.testing.assert_array_equal(together, np.concatenate([single.run(one[None])[0]
                                                            for one in x]))
