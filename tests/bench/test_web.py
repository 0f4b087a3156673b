# SPDX-License-Identifier: MIT
"""web.py, under Node and in a browser where there is one."""
import pathlib
import re
import shutil

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("browser", [None, "chromium"])
def test_web(run, folder, browser, threads):
    if not (ROOT / "bindings/javascript/dist/index.cjs").exists():
        pytest.skip("the package in bindings/javascript is not built: npm run build")
    if not shutil.which(browser or "node"):
        pytest.skip(f"{browser or 'node'} is not installed")
    more = ["--browser", browser] if browser else []
    text = run("web.py", folder, "--networks", "tiny", "--rounds", "3", "--threads", str(threads),
               *more)
    assert "isa=wasm" in text
    more = r" [0-9.]+ \|" if threads > 1 else ""
    assert re.search(rf"^\| tiny \|( [0-9.]+ \|){{3}} [0-9.]+e-[0-9]+ \|{more}$", text,
                     re.MULTILINE), text
