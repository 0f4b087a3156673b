# SPDX-License-Identifier: MIT
"""Single files cut to models, as small as they get, on emulated processors: with plans where the
byte order is that of plans, and without elsewhere."""
import subprocess

import numpy as np
import pytest

import linnet
from cases import Case, check_answers, real_models
from linnet import single_file
from linnet.classifier import default_model
from machines import MACHINES, ROOT, each, need


def models():
    model = default_model()
    (port,) = linnet.Model(model).inputs
    picture = np.random.default_rng(1).standard_normal((1, *port.shape[1:]), np.float32)
    yield Case("default model", model, {port.name: picture}, 1e-4)
    try:
        yield from real_models()
    except pytest.skip.Exception:
        pass  # then the default model is all there is


@pytest.mark.parametrize("name", each(MACHINES, "cut"))
def test_same_answers(name, tmp_path):
    machine = MACHINES[name]
    need(machine.compiler, machine.emulator)
    cases, paths = list(models()), []
    for i, case in enumerate(cases):
        paths.append(tmp_path / f"{i}.onnx")
        paths[-1].write_bytes(case.model)
    isas = [machine.isa] if machine.isa in single_file.ISAS else ["plain"]
    cut = single_file.cut_to(list(map(str, paths)), isas=isas, planned=machine.byte_order == "<")
    if cut.planned:
        cases = [case._replace(file=plan) for case, plan in zip(cases, cut.planned)]
    (tmp_path / "linnet.cc").write_text(cut.source)
    (tmp_path / "linnet.h").write_text(cut.header)
    program = tmp_path / "run_models"
    subprocess.run([machine.compiler, "-Os", "-std=c++17", "-static", "-I", tmp_path,
                    ROOT / "tests/cross/run_models.cc", tmp_path / "linnet.cc", "-o", program,
                    "-pthread"], check=True)
    check_answers([machine.emulator, program, "list"], lambda: cases, tmp_path, machine.isa,
                  machine.byte_order)
