"""Does today's library keep the promises of all releases? LINNET_LIBRARY names it: the shared
library, built with -g. What needs no library runs always, against one without a predictor."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HISTORY = ROOT / "capi/history"
sys.path[:0] = [str(HERE), str(ROOT / "bindings/generator")]

import check_symbols  # noqa: E402
import contract  # noqa: E402
import emit_exports  # noqa: E402
import emit_stub  # noqa: E402
import freeze  # noqa: E402

TODAY = json.loads((ROOT / "capi/api.json").read_text())
BASELINES = contract.required_baselines(TODAY["version"])


def need(tool):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")


@pytest.fixture
def library():
    path = os.environ.get("LINNET_LIBRARY")
    if not path:
        pytest.skip("LINNET_LIBRARY does not name a library")
    return pathlib.Path(path).resolve()


def build_stub(folder, description, header):
    """A library of a description, exported as the real one is."""
    need("gcc")
    (folder / "stub.c").write_text(emit_stub.emit(description))
    exports = emit_exports.emit(description)
    (folder / "linnet.map").write_text(exports["linnet.map"])
    soname = exports["soname.txt"].strip()
    target = folder / soname
    subprocess.run(["gcc", "-std=c11", "-g", "-fPIC", "-shared", f"-I{header.parent}",
                    str(folder / "stub.c"), f"-Wl,--version-script={folder / 'linnet.map'}",
                    f"-Wl,-soname,{soname}", "-o", str(target)], check=True)
    return target


def build_old_client(folder, name):
    frozen = json.loads((HISTORY / f"{name}.json").read_text())
    header = HISTORY / name / "linnet.h"
    stub = build_stub(folder, frozen, header)
    client = folder / "old_client"
    subprocess.run(["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{header.parent}",
                    str(HERE / "old_client.c"), str(stub), "-o", str(client)], check=True)
    return client


# -- frozen files ------------------------------------------------------------------------------

@pytest.mark.parametrize("name", BASELINES)
def test_baselines_are_there(name):
    for path in (f"{name}.json", f"{name}/linnet.h"):
        assert (HISTORY / path).is_file(), f"{path} is missing: generate.py --freeze"


@pytest.mark.parametrize("name", BASELINES)
def test_frozen_header_and_description_agree(name):
    import reader
    frozen = json.loads((HISTORY / f"{name}.json").read_text())
    assert reader.read(HISTORY / name / "linnet.h") == frozen


# -- the checks themselves ---------------------------------------------------------------------

def test_symbol_check_accepts_what_is_as_it_must_be(tmp_path):
    need("nm")
    stub = build_stub(tmp_path, TODAY, ROOT / "capi/linnet.h")
    assert check_symbols.differences(stub) == []


def test_symbol_check_names_what_is_missing_and_what_is_too_much(tmp_path):
    need("nm")
    stub = build_stub(tmp_path, TODAY, ROOT / "capi/linnet.h")
    for name in ("symbols.txt", "soname.txt"):
        shutil.copy(ROOT / "capi/exports" / name, tmp_path)
    text = (tmp_path / "symbols.txt").read_text()
    (tmp_path / "symbols.txt").write_text(
        text.replace("linnet_version LINNET_1.0\n", "linnet_gone LINNET_1.0\n"))
    found = check_symbols.differences(stub, tmp_path)
    assert found == ["linnet_gone is not exported",
                     "linnet_version is exported, but not in the list"]


def test_symbol_check_fails_without_its_list(tmp_path):
    with pytest.raises(FileNotFoundError):
        check_symbols.differences(tmp_path / "any.so", tmp_path)


def test_old_client_compiles_and_links(tmp_path):
    for name in BASELINES[:1]:
        build_old_client(tmp_path, name)


def abidiff(baseline, library):
    """Additions are fine. A baseline that is missing is an error, never a pass."""
    assert baseline.is_file(), f"{baseline.name} is missing: tests/abi/freeze.py makes it"
    return subprocess.run(["abidiff", "--no-added-syms", str(baseline), str(library)],
                          capture_output=True, text=True)


def test_abidiff_sees_a_changed_enum_and_passes_an_addition(tmp_path):
    need("abidw")
    for each in ("old", "same", "changed"):
        (tmp_path / each).mkdir()
    header = ROOT / "capi/linnet.h"
    old = build_stub(tmp_path / "old", TODAY, header)
    freeze.abidw(old, tmp_path / "old.abi")
    assert str(tmp_path) not in (tmp_path / "old.abi").read_text(), "a path of this machine"
    more = json.loads(json.dumps(TODAY))
    added = dict(more["functions"][2], name="linnet_added")
    more["functions"].append(added)
    (tmp_path / "same/linnet.h").write_text(header.read_text().replace(
        "#ifdef __cplusplus\n}", "int32_t linnet_added(void);\n#ifdef __cplusplus\n}"))
    added_to = build_stub(tmp_path / "same", more, tmp_path / "same/linnet.h")
    assert abidiff(tmp_path / "old.abi", added_to).returncode == 0
    (tmp_path / "changed/linnet.h").write_text(
        header.read_text().replace("LINNET_ISA_AVX512 = 3", "LINNET_ISA_AVX512 = 7"))
    changed = build_stub(tmp_path / "changed", TODAY, tmp_path / "changed/linnet.h")
    assert abidiff(tmp_path / "old.abi", changed).returncode != 0


def test_abidiff_fails_without_its_baseline(tmp_path):
    with pytest.raises(AssertionError):
        abidiff(tmp_path / "missing.abi", tmp_path / "any.so")


# -- today's library ---------------------------------------------------------------------------

def test_library_shows_exactly_the_list(library):
    need("nm")
    assert check_symbols.differences(library) == []


@pytest.mark.parametrize("name", BASELINES[:1])
def test_old_client_runs_with_the_library(library, name, tmp_path):
    client = build_old_client(tmp_path, name)
    today = tmp_path / "today"
    today.mkdir()
    (today / check_symbols.soname(library)).symlink_to(library)
    run = subprocess.run([str(client)], env={**os.environ, "LD_LIBRARY_PATH": str(today)},
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", BASELINES)
def test_library_keeps_the_binary_interface(library, name):
    run = abidiff_or_skip(name, library)
    assert run.returncode == 0, run.stdout


def abidiff_or_skip(name, library):
    baseline = HISTORY / f"{name}.abi"
    assert baseline.is_file(), f"{baseline.name} is missing: tests/abi/freeze.py makes it"
    need("abidiff")
    return abidiff(baseline, library)


def test_check_api_links_with_the_library(library, tmp_path):
    need("gcc")
    (tmp_path / "main.c").write_text("int linnet_check_api(void);\n"
                                     "int main(void) { return linnet_check_api() == 0; }\n")
    program = tmp_path / "check"
    subprocess.run(["gcc", "-std=c11", f"-I{ROOT / 'capi'}", str(tmp_path / "main.c"),
                    str(HERE / "check_api.c"), str(library), f"-Wl,-rpath,{library.parent}",
                    "-o", str(program)], check=True)
    subprocess.run([str(program)], check=True)
