"""Writes all that is generated from the public header.

    python3 bindings/generator/generate.py             write
    python3 bindings/generator/generate.py --check     fail where a file drifted
    python3 bindings/generator/generate.py --freeze    keep today's contract as that of a release
    python3 bindings/generator/generate.py --stub FILE a C library of the contract, for tests
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys

import emit_check
import emit_exports
import emit_go
import emit_java
import emit_java_swig
import emit_javascript
import emit_javascript_types
import emit_python
import emit_python_stub
import emit_stub
import reader
import surface
from lexer import HeaderError

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAVA = "bindings/java/src/main"


def outputs(description):
    """Path in the repository -> text, of every generated file."""
    files = {
        "capi/api.json": json_text(description),
        "tests/abi/check_api.c": emit_check.emit(description),
        "bindings/python/src/linnet_native_generated.cc": emit_python.emit(description),
        "bindings/python/linnet/_native.pyi": emit_python_stub.emit(description),
        f"{JAVA}/swig/linnet.i": emit_java_swig.emit(description),
        "bindings/go/generated.go": emit_go.emit(description),
        "bindings/javascript/src/generated.js": emit_javascript.emit(description),
        "bindings/javascript/src/generated.d.ts": emit_javascript_types.emit(description),
        "bindings/generator/SURFACE.md": surface.emit(description),
    }
    for name, text in emit_exports.emit(description).items():
        files[f"capi/exports/{name}"] = text
    for name, text in emit_java.emit(description).items():
        files[f"{JAVA}/java/org/linnet/{name}"] = text
    return files


def json_text(description):
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def write(files, root):
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())


def drifted(files, root):
    """The paths whose bytes are not what the header says, missing ones included."""
    return [path for path, text in sorted(files.items())
            if not (root / path).is_file() or (root / path).read_bytes() != text.encode()]


def amalgamate(root, *arguments):
    """The single file holds a copy of the header: packages are built from both."""
    script = root / "capi/single_file/amalgamate.py"
    if script.is_file():  # the fixture has none
        made = subprocess.run([sys.executable, script, root / "bindings/go", *arguments])
        if made.returncode != 0:
            sys.exit(made.returncode)


def freeze(description, root):
    """A release's contract never changes again: what is frozen already is not overwritten."""
    name = ".".join(str(each) for each in description["version"][:2])
    folder = root / "capi/history"
    frozen = folder / f"{name}.json"
    if frozen.exists():
        sys.exit(f"{frozen} exists: a released contract is not written again")
    (folder / name).mkdir(parents=True, exist_ok=True)
    frozen.write_bytes(json_text(description).encode())
    shutil.copyfile(root / "capi/linnet.h", folder / name / "linnet.h")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="compare only")
    choice.add_argument("--freeze", action="store_true", help="keep as a release's contract")
    choice.add_argument("--stub", metavar="FILE", help="write the C library for tests")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT, help="of the repository")
    chosen = parser.parse_args(arguments)
    try:
        description = reader.read(chosen.root / "capi/linnet.h", "capi/linnet.h")
    except HeaderError as error:
        sys.exit(str(error))
    if chosen.freeze:
        return freeze(description, chosen.root)
    if chosen.stub:
        return write({chosen.stub: emit_stub.emit(description)}, pathlib.Path())
    if not chosen.check:
        write(outputs(description), chosen.root)
        return amalgamate(chosen.root)
    paths = drifted(outputs(description), chosen.root)
    if paths:
        sys.exit("\n".join(f"{each} is not what capi/linnet.h says" for each in paths)
                 + "\nrun: python3 bindings/generator/generate.py")
    amalgamate(chosen.root, "--check")


if __name__ == "__main__":
    main()
