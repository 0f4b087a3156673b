# SPDX-License-Identifier: MIT
"""What is found out about the machine."""
import pytest
from machine import describe_machine, measure_peak


def test_description():
    found = describe_machine()
    assert found["cpu"] and found["cores"] >= len(found["cores_of_this_process"]) >= 1
    assert found["memory_bytes"] > 0 and len(found["load_average"]) == 3


def test_peak():
    peak = measure_peak("plain", 2)
    if peak is None:
        pytest.skip("there is no c++")
    assert peak["isa"] == "plain" and peak["threads"] == 2
    assert peak["gflops"] > 0 and peak["read_gbs"] > 0
