#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What could spoil a run's time, and what it does: for each network of a folder

denormals   the time on numbers below the normal range of float32 over that on usual ones
busy        the time of a session with as many threads as there are cores while a program keeps each
            core busy, over that of a session with one thread under the same load; above 1, threads
            lose by it
after       microseconds of processor time that all threads together still use after a run before
            they sleep; the library promises 100 of each waiting thread

Runs of the two sides of a ratio alternate; both are medians."""
import argparse
import json
import multiprocessing
import os
import pathlib
import statistics
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

import linnet
from networks import find_networks, table_parser

TINY = np.float32(1e-40)  # denormal


def main() -> int:
    options = _parse()
    rows = []
    print("network            threads  denormals   busy  after us")
    for path in find_networks(options.networks, options.only):
        rows.append(measure(path, options.threads, options.runs))
        print(_line(rows[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


def _parse() -> argparse.Namespace:
    parser = table_parser(__doc__)
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--threads", type=int, default=cores,
                        help=f"of the session, and busy programs (default: {cores}, the cores)")
    parser.add_argument("--runs", type=int, default=30, help="of each kind (default: 30)")
    return parser.parse_args()


def measure(path: pathlib.Path, threads: int, runs: int) -> Dict[str, Any]:
    """The row of a network."""
    model = linnet.Model(path)
    with linnet.Session(model) as one, linnet.Session(model, threads) as many:
        usual, tiny = _inputs(one, np.float32(1)), _inputs(one, TINY)
        normal, denormal = _alternate(lambda: one.run(usual), lambda: one.run(tiny), runs)
        after = statistics.median(_processor_after(lambda: many.run(usual)) for _ in range(runs))
        with _Load(threads):
            alone, together = _alternate(lambda: one.run(usual), lambda: many.run(usual), runs)
    return {"network": path.stem, "threads": threads, "denormals": denormal / normal,
            "busy": together / alone, "after_us": after * 1e6}


def _inputs(session: linnet.Session, scale: np.float32) -> Dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {port.name: (random.random(shape, np.float32) * scale).astype(port.dtype)
            for port, shape in zip(session.model.inputs, session.input_shapes)}


def _alternate(first: Callable[[], Any], second: Callable[[], Any],
               runs: int) -> Tuple[float, float]:
    """The median seconds of both."""
    times: Tuple[List[float], List[float]] = ([], [])
    for _ in range(runs + 1):
        for run, kept in zip((first, second), times):
            start = time.perf_counter()
            run()
            kept.append(time.perf_counter() - start)
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


def _processor_after(run: Callable[[], Any]) -> float:
    """The seconds of processor time that the process uses while it does nothing after a run."""
    run()
    start = time.process_time()
    time.sleep(0.02)
    return time.process_time() - start


class _Load:
    """Processes that compute without end, in a `with` statement."""

    def __init__(self, count: int):
        context = multiprocessing.get_context("spawn")
        self._processes = [context.Process(target=_compute, daemon=True) for _ in range(count)]

    def __enter__(self) -> None:
        for process in self._processes:
            process.start()
        time.sleep(0.5)

    def __exit__(self, *_) -> None:
        for process in self._processes:
            process.kill()
            process.join()


def _compute() -> None:
    while True:
        sum(range(10000))


def _line(row: Dict[str, Any]) -> str:
    return (f"{row['network']:18} {row['threads']:7} {row['denormals']:10.2f} {row['busy']:6.2f} "
            f"{row['after_us']:9.0f}")


if __name__ == "__main__":
    sys.exit(main())
