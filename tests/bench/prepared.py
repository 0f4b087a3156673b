#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What saving a model as .linnet gives: for each network of a folder the size of its files, the time
from a file in the page cache to a session that is ready, and what float16 weights change.

"ready" is the median of several openings of model and session in one process, without what the
process itself takes to start. "first run" is that of the prepared model, which brings its pages into
the process. "f16 off by" is the largest difference of an output from that of float32 weights, over
the largest output, on random numbers; only the accuracy on real pictures tells what it costs a
trained network (examples/model/evaluate.py)."""
import argparse
import json
import pathlib
import statistics
import sys
import tempfile
import time
from typing import Any, Dict, List, Tuple

import numpy as np

import linnet
from networks import find_networks, table_parser

STORAGES = ("prepared", "plain", "half")


def main() -> int:
    options = _parse()
    rows = []
    print("network            MB: onnx  prepared  plain   f16   ready ms: onnx  prepared    f16   "
          "first run ms  f16 off by")
    for path in find_networks(options.networks, options.only):
        rows.append(measure(path, options.openings))
        print(_line(rows[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


def _parse() -> argparse.Namespace:
    parser = table_parser(__doc__)
    parser.add_argument("--openings", type=int, default=9, help="of each file (default: 9)")
    return parser.parse_args()


def measure(path: pathlib.Path, openings: int) -> Dict[str, Any]:
    """The row of a network: bytes and milliseconds by kind of file."""
    with tempfile.TemporaryDirectory() as folder:
        files = {"onnx": path}
        for storage in STORAGES:
            files[storage] = pathlib.Path(folder, f"{storage}.linnet")
            with linnet.Model(path) as model:
                model.save(files[storage], storage)
        exact, first_ms = _answer(files["prepared"])
        half, _ = _answer(files["half"])
        error = max(float(np.abs(a - b).max() / np.abs(a).max()) for a, b in zip(exact, half))
        return {"network": path.stem, "first_run_ms": first_ms, "half_error": error,
                "bytes": {kind: file.stat().st_size for kind, file in files.items()},
                "ready_ms": {kind: statistics.median(_ready(file) for _ in range(openings))
                             for kind, file in files.items()}}


def _ready(file: pathlib.Path) -> float:
    start = time.perf_counter()
    with linnet.Model(file) as model, linnet.Session(model):
        return (time.perf_counter() - start) * 1e3


def _answer(file: pathlib.Path) -> Tuple[List[np.ndarray], float]:
    """The outputs for random numbers, and the milliseconds of the first run."""
    random = np.random.default_rng(1)
    with linnet.Session(file) as session:
        inputs = {port.name: random.random(shape).astype(port.dtype)
                  for port, shape in zip(session.model.inputs, session.input_shapes)}
        start = time.perf_counter()
        outputs = session.run(inputs)
        return outputs, (time.perf_counter() - start) * 1e3


def _line(row: Dict[str, Any]) -> str:
    size = {kind: count / 1e6 for kind, count in row["bytes"].items()}
    ready = row["ready_ms"]
    return (f"{row['network']:18} {size['onnx']:8.1f} {size['prepared']:9.1f} {size['plain']:6.1f} "
            f"{size['half']:5.1f} {ready['onnx']:15.1f} {ready['prepared']:9.2f} "
            f"{ready['half']:6.1f} {row['first_run_ms']:14.1f} {row['half_error']:11.2g}")


if __name__ == "__main__":
    sys.exit(main())
