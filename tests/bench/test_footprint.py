# SPDX-License-Identifier: MIT
"""Instructions are counted, where there is an emulator for this very processor to count them."""
import platform
import shutil
import subprocess

import footprint
import pytest


def test_instructions_are_counted(tmp_path):
    emulator = f"qemu-{platform.machine()}-static"
    if not shutil.which(emulator) or not shutil.which("cc"):
        pytest.skip(f"needs {emulator} and a compiler")
    (tmp_path / "loop.c").write_text(
        "#include <stdlib.h>\nint main(int n, char **argument) {\n"
        "    long i = atol(argument[n - 1]);\n"
        '    while (i > 0) { __asm__ volatile("nop\\n nop\\n nop"); --i; }\n    return 0;\n}\n')
    subprocess.run(["cc", "-O1", "-static", "loop.c", "-o", "loop"], check=True, cwd=tmp_path)
    few, many = (footprint.executed([emulator, str(tmp_path / "loop"), count])
                 for count in ("1000", "2000"))
    assert 5000 <= many - few <= 7100  # three, to count down, to jump, perhaps to compare


def test_table():
    found = {f"{target} {what}": 4.6e9 for target in footprint.EMULATORS
             for what in ("library", "instructions")}
    found.update({"float32": 5e6, "half": 2.5e6, "arena": 1e6, "milliseconds": 3})
    row = footprint.row("Net", found, 2)
    assert row.endswith("| 4.60 | 1.00 | 4.60 | 1.00 |")
    assert row.count("|") == footprint.heading(2).splitlines()[0].count("|")
