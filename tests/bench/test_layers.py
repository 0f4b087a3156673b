# SPDX-License-Identifier: MIT
"""The table of steps: what each is charged with."""
import json

from graph_cost import GraphCost
from tiny_network import MACS, SHAPE


def test_every_node_is_charged_once(folder):
    graph = GraphCost(folder / "tiny.onnx", {"x": SHAPE})
    apart = graph.of_steps([("b", "conv2d"), ("d", "conv2d"), ("e", "pool2d"),
                            ("scores", "conv2d")])
    assert [cost.macs for cost in apart] == [MACS["a"], MACS["c"], 0, MACS["scores"]]
    assert apart[0].nodes == ["Conv", "Relu"] and apart[0].weight_bytes == 4 * 8 * 27
    assert apart[0].activation_bytes == 4 * 12 * 12 * (3 + 8)
    joined, rest = graph.of_steps([("e", "bands2d"), ("scores", "conv2d")])
    assert joined.macs == MACS["a"] + MACS["c"] and rest.macs == MACS["scores"]
    assert joined.activation_bytes == 4 * (12 * 12 * 3 + 8)


def test_copies_are_charged_with_no_product(folder):
    graph = GraphCost(folder / "tiny.onnx", {"x": SHAPE})
    copy, conv, unknown = graph.of_steps([("b", "copy"), ("b", "conv2d"), ("?", "conv2d")])
    assert (copy.macs, conv.macs, unknown.macs) == (0, MACS["a"], 0)


def test_layers(run, folder, tmp_path):
    printed = run("layers.py", folder / "tiny.onnx", "--runs", 3, "--json", tmp_path / "all.json")
    report = json.loads((tmp_path / "all.json").read_text())
    assert sum(step["macs"] for step in report["steps"]) == sum(MACS.values())
    assert report["macs_of_model"] == sum(MACS.values())
    assert "multiply-adds" not in printed  # the complaint that they do not agree
    assert len(printed.splitlines()) > len(report["steps"])
