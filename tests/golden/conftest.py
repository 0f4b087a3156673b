# SPDX-License-Identifier: MIT
"""Where the shared models and pictures lie; tests that need them skip where they are absent."""
import pathlib

import pytest

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def data():
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared/data, the folder of real models and pictures, is not here")
    return SHARED / "data"
