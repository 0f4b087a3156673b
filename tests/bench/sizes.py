#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows what the bytes of the shared library are: its sections, and the rooms they come from.

BUILD is a folder in which CMake has built the target `linnet` with GCC or clang on Linux. Bodies of
the kernels are shown one by one. Needs nm, size and strip of binutils. All KB are 1024 bytes.
"""
import argparse
import collections
import pathlib
import subprocess
import sys
import tempfile
from typing import Dict, Iterator, Tuple

SEVERAL, RUNTIME = "inline, in several rooms", "C and C++ runtime"


def main() -> int:
    options = _parse()
    library = options.build / "liblinnet.so"
    total = stripped_bytes(library)
    print_table("section", sections(library), total)
    print_table("room or body", rooms(options.build, library), total)
    print(f"{total / 1024:9.1f}  KB in all, stripped")
    if options.limit is not None and total > options.limit * 1024:
        print(f"more than {options.limit:g} KB", file=sys.stderr)
        return 1
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, metavar="BUILD")
    parser.add_argument("--limit", type=float, metavar="KB", help="fail above this size")
    return parser.parse_args()


def _output(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def stripped_bytes(library: pathlib.Path) -> int:
    """The size of the library without the symbols that nobody needs to use it."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = pathlib.Path(folder) / library.name
        _output("strip", "-o", stripped, library)
        return stripped.stat().st_size


def sections(library: pathlib.Path) -> Dict[str, int]:
    """The bytes of each section that is loaded from the file."""
    found = {}
    for line in _output("size", "-A", library).splitlines():
        words = line.split()
        if len(words) == 3 and words[2].isdigit() and int(words[2]) > 0:
            found[words[0]] = int(words[1])
    return {name: size for name, size in found.items() if name not in (".bss", ".tbss")}


def symbols(file: pathlib.Path) -> Iterator[Tuple[str, int]]:
    """Name and bytes of the functions and constants in an object file or a library."""
    for line in _output("nm", "-S", "--defined-only", file).splitlines():
        words = line.split()
        if len(words) == 4 and words[2] not in "bB":
            yield words[3], int(words[1], 16)


def rooms(build: pathlib.Path, library: pathlib.Path) -> Dict[str, int]:
    """The bytes of each room's symbols that are in the library."""
    objects = build / "CMakeFiles" / "linnet_objects.dir"
    owners: Dict[str, set] = collections.defaultdict(set)
    for file in objects.glob("**/*.o"):
        name = file.name.split(".")[0]
        body = name.startswith("isa_")
        room = f"kernels, {name[4:]}" if body else file.relative_to(objects).parent.name
        for symbol, _ in symbols(file):
            owners[symbol].add(room)
    found: Dict[str, int] = collections.Counter()
    for symbol, size in symbols(library):
        owner = owners.get(symbol, {RUNTIME})
        found[next(iter(owner)) if len(owner) == 1 else SEVERAL] += size
    return found


def print_table(title: str, sizes: Dict[str, int], total: int) -> None:
    """Largest first; what is less than half of one tenth of a KB together in one line."""
    print(f"       KB      %  {title}")
    rest = 0
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        if size < 52:
            rest += size
        else:
            print(f"{size / 1024:9.1f} {100 * size / total:6.1f}  {name}")
    if rest:
        print(f"{rest / 1024:9.1f} {100 * rest / total:6.1f}  others")
    print()


if __name__ == "__main__":
    sys.exit(main())
