"""Keeps the binary interface of a release for abidiff: capi/history/<major.minor>.abi.

    python3 tests/abi/freeze.py --library build/liblinnet.so

The library must be built with -g, for the types are read from its debug information. What was
frozen is not overwritten: a released interface does not change."""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HISTORY = ROOT / "capi/history"


def abidw(library, target):
    """Only the types of the public header; no paths of the machine that built it."""
    with tempfile.TemporaryDirectory() as headers:
        shutil.copy(ROOT / "capi/linnet.h", headers)
        subprocess.run(["abidw", "--headers-dir", headers, "--drop-private-types",
                        "--exported-interfaces-only",
                        "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
                        "--out-file", str(target), str(library)], check=True)
    text = target.read_text()
    target.write_text(re.sub(r"( path=')[^']*/", r"\1", text))


def has_types(library):
    text = subprocess.run(["readelf", "-S", "-W", str(library)], check=True, capture_output=True,
                          text=True).stdout
    return ".debug_info" in text


def freeze(library, history=HISTORY):
    version = json.loads((ROOT / "capi/api.json").read_text())["version"]
    target = history / f"{version[0]}.{version[1]}.abi"
    if target.exists():
        sys.exit(f"{target} exists: a released interface is not written again")
    if not has_types(library):
        sys.exit(f"{library} has no debug information: build it with -g")
    abidw(library, target)
    print(f"wrote {target.relative_to(history.parent)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", required=True, type=pathlib.Path)
    freeze(parser.parse_args().library)


if __name__ == "__main__":
    main()
