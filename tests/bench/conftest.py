# SPDX-License-Identifier: MIT
"""What the tests of the measuring commands share. How long anything takes is never judged."""
import pathlib
import subprocess
import sys

import pytest
from tiny_network import NODES, write_model

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Holds tiny.onnx."""
    folder = tmp_path_factory.mktemp("networks")
    write_model(folder / "tiny.onnx", NODES)
    return folder


@pytest.fixture(scope="session")
def run():
    """Runs a command of this folder; returns what it printed."""
    def call(script, *arguments):
        done = subprocess.run([sys.executable, HERE / script, *map(str, arguments)], text=True,
                              capture_output=True, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return call
