# SPDX-License-Identifier: MIT
"""The table of saved models."""
import json


def test_prepared(run, folder, tmp_path):
    printed = run("prepared.py", folder, "--openings", 1, "--json", tmp_path / "all.json")
    row, = json.loads((tmp_path / "all.json").read_text())
    assert row["network"] == "tiny" and "tiny" in printed
    assert row["bytes"]["onnx"] == (folder / "tiny.onnx").stat().st_size
    assert row["bytes"]["half"] <= row["bytes"]["plain"] < row["bytes"]["prepared"]
    assert all(ms > 0 for ms in row["ready_ms"].values()) and row["first_run_ms"] > 0
    assert 0 <= row["half_error"] < 0.01
