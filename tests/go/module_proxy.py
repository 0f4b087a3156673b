# SPDX-License-Identifier: MIT
"""A module proxy in a folder, which serves this tree as a release of its module."""
import json
import pathlib
import subprocess
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = "example.org/linnet"
VERSION = "v1.0.0"


def module_files():
    """The files of the module as the go tool packs them: all of the tree that git does not ignore,
    without links and without folders that are modules of their own."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    names = sorted(name for name in set(listed.decode().split("\0"))
                   if name and (ROOT / name).is_file() and not (ROOT / name).is_symlink())
    modules = [name[:-len("go.mod")] for name in names if name.endswith("/go.mod")]
    return [name for name in names if not name.startswith(tuple(modules))]


def make_proxy(folder):
    """Writes the proxy into a folder and returns its URL, for GOPROXY."""
    versions = folder / MODULE / "@v"
    versions.mkdir(parents=True)
    (versions / "list").write_text(VERSION + "\n")
    (versions / f"{VERSION}.info").write_text(
        json.dumps({"Version": VERSION, "Time": "2020-01-01T00:00:00Z"}))
    (versions / f"{VERSION}.mod").write_bytes((ROOT / "go.mod").read_bytes())
    with zipfile.ZipFile(zip_file(folder), "w", zipfile.ZIP_DEFLATED) as archive:
        for name in module_files():
            archive.write(ROOT / name, f"{MODULE}@{VERSION}/{name}")
    return folder.as_uri()


def zip_file(folder):
    """The zip file of the module in a proxy."""
    return folder / MODULE / "@v" / f"{VERSION}.zip"
