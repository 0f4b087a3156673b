# SPDX-License-Identifier: MIT
"""The unit tests of the core, and the exported symbols, on emulated processors.

What takes longer than some seconds there is left out, unless LINNET_CROSS=all: kernels are compared
by operators and graphs in test_cross.py as well."""
import os
import subprocess
import sys

import pytest

from machines import MACHINES, ROOT, each, need

sys.path.append(str(ROOT / "tests/abi"))

from check_symbols import differences  # noqa: E402

SLOW = ["CApiHostile.*", "CApiTune.TellsTheSlowestMethodApart", "KernelBands2d.*",
        "KernelBinary.RandomLoops", "KernelConv2d.*", "KernelMatmul.*", "KernelReduce.*",
        "KernelStrided.*", "KernelUnary.RandomLoops", "LargeModel.AChangedFileIsAnError",
        "PlanBands.*"]


# The slowest comes first, lest it runs alone at the end.
@pytest.fixture(scope="module", params=each(["s390x", "armv7", "aarch64"], "suites"))
def built(request):
    """The machine, and the folder of its build."""
    machine = MACHINES[request.param]
    need(machine.compiler, machine.emulator, "cmake")
    folder = ROOT / "build" / request.param
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-DLINNET_TESTS=ON",
                    "-DCMAKE_SYSTEM_NAME=Linux", f"-DCMAKE_SYSTEM_PROCESSOR={request.param}",
                    f"-DCMAKE_C_COMPILER={machine.tools}-gcc",
                    f"-DCMAKE_CXX_COMPILER={machine.compiler}",
                    "-DCMAKE_EXE_LINKER_FLAGS=-static"], check=True)
    subprocess.run(["cmake", "--build", folder, "--target", "single_file_tests"], check=True)
    return machine, folder


def test_core(built):
    machine, folder = built
    wanted = "*" if os.environ.get("LINNET_CROSS") == "all" else "-" + ":".join(SLOW)
    done = subprocess.run([machine.emulator, folder / "tests/core/single_file_tests",
                           f"--gtest_filter={wanted}"], capture_output=True, text=True)
    print(done.stdout[-4000:], done.stderr[-2000:])
    assert done.returncode == 0
    assert "[  PASSED  ]" in done.stdout and "single_file_tests" not in done.stderr


def test_interface(built, tmp_path):
    """The library shows what it must, and runs a program that was built for the first release."""
    machine, folder = built
    library = tmp_path / "liblinnet.so.1"
    (single,) = folder.glob("tests/core/CMakeFiles/single_file_object.dir/**/linnet.cc.o")
    subprocess.run([machine.compiler, "-shared", single, "-o", library, "-static-libstdc++",
                    "-static-libgcc", "-Wl,--gc-sections", "-Wl,-z,defs", "-pthread",
                    "-Wl,-soname,liblinnet.so.1",
                    f"-Wl,--version-script={ROOT}/capi/exports/linnet.map"], check=True)
    assert differences(library) == []
    (tmp_path / "main.c").write_text("int linnet_check_api(void);\n"
                                     "int main(void) { return linnet_check_api() == 0; }\n")
    for header, sources in [(ROOT / "capi/history/1.0", [ROOT / "tests/abi/old_client.c"]),
                            (ROOT / "capi", [tmp_path / "main.c", ROOT / "tests/abi/check_api.c"])]:
        program = tmp_path / "program"
        subprocess.run([f"{machine.tools}-gcc", "-std=c11", "-I", header, *sources, library,
                        f"-Wl,-rpath,{tmp_path}", "-o", program], check=True)
        subprocess.run([machine.emulator, "-L", f"/usr/{machine.tools}", program], check=True)
