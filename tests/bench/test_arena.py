# SPDX-License-Identifier: MIT
"""The table of arenas."""
import json

import linnet


def test_arena(run, folder, tmp_path):
    printed = run("arena.py", folder, "--threads", 1, "--json", tmp_path / "all.json")
    row, = json.loads((tmp_path / "all.json").read_text())
    assert row["arena_bytes"] == linnet.Session(str(folder / "tiny.onnx")).arena_bytes
    assert row["input_bytes"] == 4 * 3 * 12 * 12 and row["bound_mb"] is None
    assert "tiny" in printed
