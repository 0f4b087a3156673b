# SPDX-License-Identifier: MIT
"""Where the shared models, pictures and benchmark networks lie, beside the repository."""
import pathlib

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared"
