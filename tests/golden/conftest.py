# SPDX-License-Identifier: MIT
"""The folder of real models and pictures; tests that need it skip where it is absent."""
import pytest
from shared_data import SHARED


@pytest.fixture(scope="session")
def data():
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared/data, the folder of real models and pictures, is not here")
    return SHARED / "data"
