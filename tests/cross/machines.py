# SPDX-License-Identifier: MIT
"""The machines that qemu emulates, and Debian's compilers for them."""
import pathlib
import shutil
from typing import NamedTuple

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Machine(NamedTuple):
    tools: str  # the prefix of the compiler's name
    emulator: str
    isa: str  # what the library says that it uses
    byte_order: str = "<"

    @property
    def compiler(self):
        return f"{self.tools}-g++"


MACHINES = {"aarch64": Machine("aarch64-linux-gnu", "qemu-aarch64-static", "neon"),
            "armv7": Machine("arm-linux-gnueabihf", "qemu-arm-static", "plain"),
            "riscv64": Machine("riscv64-linux-gnu", "qemu-riscv64-static", "plain"),
            "s390x": Machine("s390x-linux-gnu", "qemu-s390x-static", "plain", ">")}


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")


def each(names, built):
    """Parameters of a fixture: tests of one machine share a process, and what is built there."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(f"{built}-{name}"))
            for name in names]
