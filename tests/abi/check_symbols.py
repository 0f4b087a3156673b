"""Compares what a shared library shows with the committed list.

    python3 tests/abi/check_symbols.py --library build/liblinnet.so
"""

import argparse
import pathlib
import subprocess
import sys

EXPORTS = pathlib.Path(__file__).resolve().parents[2] / "capi/exports"


def shown(library):
    """{symbol: version node} of all that the library exports."""
    text = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", str(library)],
                          check=True, capture_output=True, text=True).stdout
    found = {}
    for line in text.splitlines():
        kind, name = line.split()[-2:]
        if kind != "A":  # the nodes themselves
            symbol, _, node = name.partition("@")
            found[symbol] = node.lstrip("@")
    return found


def soname(library):
    text = subprocess.run(["readelf", "-d", str(library)], check=True, capture_output=True,
                          text=True).stdout
    names = [line.split("[")[1].rstrip("]") for line in text.splitlines() if "SONAME" in line]
    return names[0] if names else ""


def differences(library, exports=EXPORTS):
    """Sentences; a missing list raises, so that it cannot pass for an empty one."""
    lines = (exports / "symbols.txt").read_text().splitlines()
    wanted = dict(line.split() for line in lines)
    found = shown(library)
    result = [f"{name} is not exported" for name in wanted if name not in found]
    result += [f"{name} is exported, but not in the list" for name in found if name not in wanted]
    result += [f"{name} is of node '{found[name]}', not '{node}'"
               for name, node in wanted.items() if found.get(name, node) != node]
    name = (exports / "soname.txt").read_text().strip()
    if soname(library) != name:
        result.append(f"the soname is '{soname(library)}', not '{name}'")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", required=True, type=pathlib.Path)
    found = differences(parser.parse_args().library)
    sys.exit("\n".join(found) if found else 0)


if __name__ == "__main__":
    main()
