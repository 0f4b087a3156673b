# SPDX-License-Identifier: MIT
"""Other systems, by the compiler of the package ziglang: Windows, macOS, Linux with musl. All are
linked and show what the contract names; Windows' program runs under Wine, musl's here."""
import os
import pathlib
import shutil
import subprocess
import sys
from typing import NamedTuple

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "cross"))

from cases import check_answers, op_cases, random_graphs, real_models  # noqa: E402
from machines import ROOT, each, need  # noqa: E402

lief = pytest.importorskip("lief", reason="tests/systems/requirements.txt")
ziglang = pytest.importorskip("ziglang", reason="tests/systems/requirements.txt")

BUILD = ROOT / "build/systems"
EXPORTS = ROOT / "capi/exports"
CXX = [pathlib.Path(ziglang.__file__).parent / "zig", "c++", "-O2", "-std=c++17"]


class System(NamedTuple):
    target: str
    library: str
    link: list  # how the shared library is linked
    with_library: str  # what programs are linked with


SYSTEMS = {
    "windows": System("x86_64-windows-gnu", "linnet.dll",
                      [EXPORTS / "linnet.def", "-Wl,--out-implib,linnet.lib"], "linnet.lib"),
    "macos": System("x86_64-macos", "liblinnet.dylib",
                    [f"-Wl,-exported_symbols_list,{EXPORTS}/linnet.exports"], "liblinnet.dylib"),
    "macos-arm64": System("aarch64-macos", "liblinnet.dylib",
                          [f"-Wl,-exported_symbols_list,{EXPORTS}/linnet.exports"],
                          "liblinnet.dylib"),
    "musl": System("x86_64-linux-musl", "liblinnet.so.1",
                   [f"-Wl,--version-script={EXPORTS}/linnet.map", "-Wl,-soname,liblinnet.so.1"],
                   "linnet.o")}


@pytest.fixture(scope="module", params=each(SYSTEMS, "systems"))
def built(request):
    """The name of the system, and the folder with its library and program."""
    system = SYSTEMS[request.param]
    folder = BUILD / request.param
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(BUILD / "cache"),
                   "ZIG_LOCAL_CACHE_DIR": str(BUILD / "cache")}

    def cxx(*arguments):
        subprocess.run([*CXX, "-target", system.target, *arguments], cwd=folder, check=True,
                       env=environment)

    windows = request.param == "windows"
    cxx("-c", ROOT / "bindings/go/linnet.cc", "-o", "linnet.o", "-Wall", "-Wextra", "-Werror",
        *(["-DLINNET_SHARED_BUILD"] if windows else ["-fPIC", "-fvisibility=hidden"]))
    cxx("-shared", "-s", "linnet.o", *system.link, "-o", system.library)
    cxx("-s", "-I", ROOT / "capi", *(["-DLINNET_SHARED"] if windows else []),
        *(["-static"] if request.param == "musl" else []), ROOT / "tests/cross/run_models.cc",
        system.with_library, "-o", "run_models.exe" if windows else "run_models")
    return request.param, folder


def exported(library):
    """The names, as C has them, whatever the format."""
    binary = lief.parse(str(library))
    if isinstance(binary, lief.PE.Binary):
        return {entry.name for entry in binary.get_export().entries}
    if isinstance(binary, lief.MachO.Binary):
        return {symbol.name.removeprefix("_") for symbol in binary.exported_symbols}
    return {symbol.name for symbol in binary.exported_symbols}


def test_contract(built):
    name, folder = built
    wanted = {line.split()[0] for line in (EXPORTS / "symbols.txt").read_text().splitlines()}
    found = exported(folder / SYSTEMS[name].library)
    # Version nodes; for macOS names of the linker's, and the operators new and delete of Zig's C++
    # library, which its linker shows although they are in no list.
    others = ("LINNET_",)
    if name.startswith("macos"):
        others = ("__dso_handle", "_mh_dylib_header", "_Zn", "_Zd")
    assert {symbol for symbol in found if not symbol.startswith(others)} == wanted


def some_op_cases():
    """What differs between systems are files and threads, not numbers."""
    return list(op_cases())[::8]


# Names beyond ASCII: those of the models, and of what each of them is saved as and runs from.
@pytest.mark.parametrize("cases", [some_op_cases, random_graphs, real_models])
def test_same_answers(built, cases, tmp_path, monkeypatch):
    name, folder = built
    if name.startswith("macos"):
        pytest.skip("nothing here runs programs of macOS")
    command = [folder / "run_models", "list", "save"]
    if name == "windows":
        need("wine")
        monkeypatch.setenv("WINEPREFIX", str(BUILD / "wine"))
        monkeypatch.setenv("WINEDEBUG", "-all")
        shutil.copy(folder / "linnet.dll", tmp_path)
        shutil.copy(folder / "run_models.exe", tmp_path)
        command = ["wine", "run_models.exe", *command[1:]]
    check_answers(command, cases, tmp_path, "avx", model_name="modèle_")
