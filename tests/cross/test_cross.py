# SPDX-License-Identifier: MIT
"""Other processors, emulated: the single file is cross-compiled, and operators, random graphs and
real models give the same answers there as here."""
import subprocess

import pytest

from cases import check_answers, op_cases, random_graphs, real_models
from machines import MACHINES, ROOT, each, need


# Each program is built once, by whichever process tests its machine.
@pytest.fixture(scope="module", params=each(MACHINES, "models"))
def program(request, tmp_path_factory):
    """The machine, and the program for it."""
    machine = MACHINES[request.param]
    need(machine.compiler, machine.emulator)
    program = tmp_path_factory.mktemp("cross") / "run_models"
    subprocess.run([machine.compiler, "-O2", "-std=c++17", "-static", "-I", ROOT / "capi",
                    ROOT / "tests/cross/run_models.cc", ROOT / "bindings/go/linnet.cc", "-o",
                    program, "-pthread"], check=True)
    return machine, program


@pytest.mark.parametrize("cases", [op_cases, random_graphs, real_models])
def test_same_answers(program, cases, tmp_path):
    machine, program = program
    check_answers([machine.emulator, program, "list"], cases, tmp_path, machine.isa,
                  machine.byte_order)
