# SPDX-License-Identifier: MIT
"""The table of what could spoil a run's time."""
import json


def test_steadiness(run, folder, tmp_path):
    printed = run("steadiness.py", folder, "--threads", 2, "--runs", 2, "--json",
                  tmp_path / "all.json")
    row, = json.loads((tmp_path / "all.json").read_text())
    assert (row["network"], row["threads"]) == ("tiny", 2) and "tiny" in printed
    assert row["denormals"] > 0 and row["paused"] > 0 and row["busy"] > 0 and row["after_us"] >= 0
