# SPDX-License-Identifier: MIT
"""The count of instructions, where there is a compiler for AArch64."""
import shutil

import pytest


@pytest.mark.skipif(not shutil.which("aarch64-linux-gnu-g++"),
                    reason="aarch64-linux-gnu-g++ is not installed")
def test_neon(run):
    lines = run("neon.py").splitlines()
    assert len(lines) == 4 and lines[1].startswith("tile of 5 x 16")
    assert all(1 <= float(line.split()[-2]) < 4 for line in lines[1:])
