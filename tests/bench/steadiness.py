#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What could spoil a run's time, and what it does: for each network of a folder

denormals   the time on numbers below the normal range of float32 over that on usual ones
paused      the time of a run of a session with as many threads as there are cores, after a pause of
            5 ms in which they fall asleep, over that of a session with one thread
busy        the same without pauses while a program keeps each core busy; above 1, threads lose by it
after       microseconds of processor time that the threads together still use after a run before
            they sleep; the library promises 100 of each waiting one

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
    print("network            threads  denormals paused   busy  after us")
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
        after = [statistics.median(_processor_after(lambda: session.run(usual))
                                   for _ in range(runs)) for session in (one, many)]
        each, awake = _alternate(lambda: one.run(usual), lambda: many.run(usual), runs, 0.005)
        with _Load(threads):
            alone, together = _alternate(lambda: one.run(usual), lambda: many.run(usual), runs)
    return {"network": path.stem, "threads": threads, "denormals": denormal / normal,
            "paused": awake / each, "busy": together / alone,
            "after_us": max(0.0, after[1] - after[0]) * 1e6}


def _inputs(session: linnet.Session, scale: np.float32) -> Dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {port.name: (random.random(shape, np.float32) * scale).astype(port.dtype)
            for port, shape in zip(session.model.inputs, session.input_shapes)}


def _alternate(first: Callable[[], Any], second: Callable[[], Any],
               runs: int, pause: float = 0) -> Tuple[float, float]:
    """The median seconds of both, with a pause before each run."""
    times: Tuple[List[float], List[float]] = ([], [])
    for _ in range(runs + 1):
        for run, kept in zip((first, second), times):
            if pause:
                time.sleep(pause)
            start = time.perf_counter()
            run()
            kept.append(time.perf_counter() - start)
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


def _processor_after(run: Callable[[], Any]) -> float:
    """The seconds of processor time that the process uses while it does nothing after a run."""
    run()
    start = _processor_seconds()
    time.sleep(0.02)
    return _processor_seconds() - start


def _processor_seconds() -> float:
    """Of all threads, each by its own clock (the numbers of clocks are Linux's, as in
    pthread_getcpuclockid()): the clock of the process does not see what threads that run on other
    processors have used since the last tick."""
    return sum(time.clock_gettime(~int(task) << 3 | 6) for task in os.listdir("/proc/self/task"))


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
    return (f"{row['network']:18} {row['threads']:7} {row['denormals']:10.2f} "
            f"{row['paused']:6.2f} {row['busy']:6.2f} {row['after_us']:9.0f}")


if __name__ == "__main__":
    sys.exit(main())
