#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the speed, load time and memory of Linnet with those of other engines.

Every engine runs in a process of its own, on the same cores, in float32 arithmetic. They take
turns: a round gives each a block of time, in an order that is shuffled anew each round, so that
whatever else the machine does meets all of them. A figure counts only if the engine's answer agrees
with onnxruntime's. What is printed: the median of all runs that count, in milliseconds; the ratio
of ours to the fastest peer, as the median over the rounds with its bootstrap 95 % interval.

Load time is from a file in the page cache to ready; memory is the peak of resident memory from
before the load to after ten runs, without what the imports took. Both are medians of several
processes. Engines that are missing or fail are named, with the reason, and left out.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Dict, List, Optional

import numpy as np

from engines import ENGINES, ISAS, REFERENCE
from machine import describe_machine, describe_software, measure_peak
from networks import NetworkError, find_networks, input_of, input_shape, write_for_batch
from worker import Job, Worker, WorkerError

OURS = "linnet"
PAUSE = 0.05  # seconds between blocks: threads that wait for more work spin for a while
START_FIGURES = ("load_ms", "first_ms", "peak_bytes", "anonymous_bytes", "mapped_bytes")


def main() -> int:
    options = _parse()
    with ExitStack() as stack:
        work = options.work or pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="linnet-compare-")))
        work = work.resolve()
        work.mkdir(parents=True, exist_ok=True)
        report = _compare(options, work)
    if options.picture:
        from chart import draw
        draw(report, options.picture)
    return 0


def _compare(options: argparse.Namespace, work: pathlib.Path) -> Dict[str, Any]:
    packages = [name for engine in options.engines for name in ENGINES[engine].packages]
    report: Dict[str, Any] = {
        "machine": describe_machine(), "software": describe_software([*packages, "numpy"]),
        "settings": {name: getattr(options, name) for name in
                     ("engines", "threads", "batch", "isa", "rounds", "seconds", "starts",
                      "cores", "tolerance", "seed")},
        "peak": [measure_peak(options.isa)], "results": [], "left_out": {}}
    print(_heading(report), flush=True)
    comparison = Comparison(options, work)
    report["left_out"] = comparison.left_out
    cases = [(path, batch, threads) for path in find_networks(options.networks, options.only)
             for batch in options.batch for threads in options.threads]
    for path, batch, threads in cases:
        try:
            report["results"].append(comparison.measure(path, batch, threads))
        except NetworkError as error:
            comparison.left_out[path.name] = str(error)
            continue
        print(_line(report["results"][-1], options.engines), flush=True)
        _write(options.json, report)
    report["peak"].append(measure_peak(options.isa))
    _write(options.json, report)
    print(_footing(report))
    return report


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ",".join(ENGINES)
    parser.add_argument("networks", type=pathlib.Path, help="a folder of ONNX files")
    parser.add_argument("--only", type=_words, default=[], metavar="NAMES",
                        help="these networks only, without .onnx, separated by commas")
    parser.add_argument("--engines", type=_engines, default=list(ENGINES), metavar="NAMES",
                        help=f"of {names} (default: all)")
    parser.add_argument("--threads", type=_numbers, default=[1, 2], help="default: 1,2")
    parser.add_argument("--batch", type=_numbers, default=[1],
                        help="batch sizes, such as 1,8,32 (default: 1)")
    parser.add_argument("--isa", choices=ISAS, default="auto",
                        help="the instruction set at most; engines that cannot be held to it are "
                             "left out")
    parser.add_argument("--rounds", type=_count, default=10)
    parser.add_argument("--seconds", type=float, default=0.5,
                        help="of a block: one engine in one round (default: 0.5)")
    parser.add_argument("--starts", type=_count, default=3,
                        help="processes for load time and memory (default: 3)")
    parser.add_argument("--cores", type=_numbers_from_0, default=None,
                        help="which cores to use, as many of them as threads (default: all)")
    parser.add_argument("--tolerance", type=float, default=1e-3,
                        help="by how much answers may differ, of the largest value of "
                             f"{REFERENCE}'s (default: 0.001)")
    parser.add_argument("--seed", type=int, default=1, help="of the order in a round")
    parser.add_argument("--work", type=pathlib.Path, help="keeps converted networks in this folder")
    parser.add_argument("--json", type=pathlib.Path, help="writes everything into this file")
    parser.add_argument("--picture", type=pathlib.Path, help="draws a picture (.png, .svg, .pdf)")
    return parser.parse_args()


def _words(text: str) -> List[str]:
    return [word for word in text.split(",") if word]


def _engines(text: str) -> List[str]:
    unknown = [name for name in _words(text) if name not in ENGINES]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no engine {', '.join(unknown)}; there are "
                                         f"{', '.join(ENGINES)}")
    return _words(text)


def _numbers_from_0(text: str, least: int = 0) -> List[int]:
    try:
        numbers = [int(word) for word in _words(text)]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers of {least} or more")
    return numbers


def _numbers(text: str) -> List[int]:
    return _numbers_from_0(text, 1)


def _count(text: str) -> int:
    number, = _numbers(text)
    return number


class Comparison:
    """Measures networks with all engines; remembers which are missing."""

    def __init__(self, options: argparse.Namespace, work: pathlib.Path):
        self._options = options
        self._work = work
        self._folders: Dict[pathlib.Path, pathlib.Path] = {}
        self._order = random.Random(options.seed)
        self.left_out: Dict[str, str] = {}  # engines that are missing, with the reason

    def measure(self, path: pathlib.Path, batch: int, threads: int) -> Dict[str, Any]:
        """One network, batch and number of threads: what the report says of it."""
        engines: Dict[str, Dict[str, Any]] = {}
        reference = self._reference_answer(path, batch)
        with ExitStack() as stack:
            workers: Dict[str, Worker] = {}
            for name in self._options.engines:
                if name in self.left_out:
                    continue
                job = self._job(name, path, batch, threads)
                try:
                    starts = self._starts(job)
                    workers[name] = stack.enter_context(Worker(job))
                    starts.append(workers[name].start)
                    engines[name] = self._judge(starts, reference)
                except WorkerError as error:
                    workers.pop(name, None)
                    engines[name] = {"status": "failed", "reason": str(error)}
                    if error.missing:
                        self.left_out[name] = str(error)
                        del engines[name]
            self._take_turns(workers, engines, batch)
        result = {"network": path.stem, "batch": batch, "threads": threads,
                  "load_average": os.getloadavg()[0], "engines": engines}
        result.update(compare_with_peers(engines, self._options.seed))
        return result

    def _job(self, name: str, path: pathlib.Path, batch: int, threads: int) -> Job:
        cores = self._options.cores or sorted(os.sched_getaffinity(0))
        network = self._network(path, batch if ENGINES[name].takes_batches else 1)
        return Job(name, self._options.isa, network, input_shape(network, batch), threads,
                   cores[:threads], self._folder_of(network))

    def _network(self, path: pathlib.Path, batch: int) -> pathlib.Path:
        """The file of the network for a batch."""
        port = input_of(path)
        if port.type.tensor_type.shape.dim[0].dim_value == batch:
            return path
        target = self._folder_of(path) / f"batch{batch}.onnx"
        if not target.exists():
            write_for_batch(path, batch, target)
        return target

    def _folder_of(self, network: pathlib.Path) -> pathlib.Path:
        """Named after the contents, so that nothing old is taken for it."""
        if network not in self._folders:
            digest = hashlib.sha256(np.memmap(network, np.uint8, "r")).hexdigest()
            folder = self._work / digest[:16]
            folder.mkdir(exist_ok=True)
            self._folders[network] = folder
        return self._folders[network]

    def _reference_answer(self, path: pathlib.Path, batch: int) -> Optional[np.ndarray]:
        """None where the reference is missing or fails; the answers are then "not compared"."""
        # Whatever instruction set the others are held to.
        job = replace(self._job(REFERENCE, path, batch, 1), isa="auto")
        try:
            with Worker(job) as worker:
                return worker.start["answer"]
        except WorkerError:
            return None

    def _starts(self, job: Job) -> List[Dict[str, Any]]:
        """The reports of all processes but the one that is timed."""
        reports = []
        for _ in range(self._options.starts - 1):
            with Worker(job) as worker:
                reports.append(worker.start)
        return reports

    def _judge(self, starts: List[Dict[str, Any]],
               reference: Optional[np.ndarray]) -> Dict[str, Any]:
        """The report of an engine, as far as starting it and its answer go."""
        figures: Dict[str, Any] = {name: float(np.median([start[name] for start in starts]))
                                   for name in START_FIGURES}
        figures.update(threads=starts[-1]["threads"], file_bytes=starts[-1]["file_bytes"])
        if reference is None:
            return {"status": "not compared", **figures}
        error = relative_error(starts[-1]["answer"], reference)
        if not error <= self._options.tolerance:
            return {"status": "differs", "reason": f"its answer is off by {error:.2g}", **figures}
        return {"status": "ok", "error": error, **figures}

    def _take_turns(self, workers: Dict[str, Worker], engines: Dict[str, Dict[str, Any]],
                    batch: int) -> None:
        blocks: Dict[str, List[Dict[str, Any]]] = {name: [] for name in workers}
        for _ in range(self._options.rounds):
            order = list(workers)
            self._order.shuffle(order)
            for name in order:
                try:
                    blocks[name].append(workers[name].time_block(self._options.seconds))
                except WorkerError as error:
                    engines[name] = {"status": "failed", "reason": str(error)}
                    del workers[name]
                time.sleep(PAUSE)
        for name in workers:
            engines[name].update(summary(blocks[name], batch))


def relative_error(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference, of the largest value expected; infinite if the sizes differ."""
    if found.size != expected.size:
        return float("inf")
    difference = np.abs(found.ravel() - expected.ravel()).max()
    return float(difference / np.abs(expected).max())


def _counts(engine: Dict[str, Any]) -> bool:
    return engine["status"] in ("ok", "not compared")


def summary(blocks: List[Dict[str, Any]], batch: int) -> Dict[str, Any]:
    """The figures of an engine over all rounds."""
    runs = np.concatenate([block["ms"] for block in blocks])
    low, median, high = np.percentile(runs, [10, 50, 90])
    return {"median_ms": float(median), "p10_ms": float(low), "p90_ms": float(high),
            "min_ms": float(runs.min()), "runs": runs.size,
            "cpu_ms": float(np.median([block["cpu_ms"] for block in blocks])),
            "images_per_second": float(batch * 1e3 / median),
            "rejected": sum(block["rejected"] for block in blocks),
            "disturbed_blocks": sum(block["disturbed"] for block in blocks),
            "round_ms": [float(np.median(block["ms"])) for block in blocks]}


def compare_with_peers(engines: Dict[str, Dict[str, Any]], seed: int) -> Dict[str, Any]:
    """The fastest peer whose figure counts, and the ratio of ours to it in the same round: its
    median over the rounds, and the 95 % interval of that by resampling the rounds. "of_minima" is
    that of the shortest runs of ours and of any peer: a second look, where the machine is busy."""
    counted = {name: engine["median_ms"] for name, engine in engines.items() if _counts(engine)}
    peers = {name: ms for name, ms in counted.items() if name != OURS}
    if not peers:
        return {"fastest_peer": None, "ratio": None}
    fastest = min(peers, key=peers.__getitem__)
    if OURS not in counted:
        return {"fastest_peer": fastest, "ratio": None}
    ratios = np.divide(engines[OURS]["round_ms"], engines[fastest]["round_ms"])
    picks = np.random.default_rng(seed).integers(0, ratios.size, (10000, ratios.size))
    low, high = np.percentile(np.median(ratios[picks], axis=1), [2.5, 97.5])
    quickest = min(engines[name]["min_ms"] for name in peers)
    return {"fastest_peer": fastest,
            "ratio": {"median": float(np.median(ratios)), "low": float(low), "high": float(high),
                      "of_minima": engines[OURS]["min_ms"] / quickest}}


def _heading(report: Dict[str, Any]) -> str:
    machine, peak = report["machine"], report["peak"][0]
    lines = [f"{machine['cpu']}, {machine['cores']} cores, {' '.join(machine['isa'])}",
             f"load {machine['load_average'][0]:.1f}, transparent huge pages "
             f"{machine['transparent_hugepage']}, {machine['system']}"]
    if peak:
        lines.append(f"measured: {peak['clock_ghz'][0]:.2f} GHz, {peak['gflops']:.0f} GFLOP/s "
                     f"({peak['isa']}, one thread), reading {peak['read_gbs']:.0f} GB/s")
    lines.append(", ".join(f"{name} {version or 'missing'}"
                           for name, version in report["software"].items()))
    lines += ["Milliseconds a run; load, in milliseconds; peak memory, in MB. * the fastest peer,",
              f"? an answer that could not be compared with {REFERENCE}'s",
              f"{'network':18} batch threads" + "".join(f"{name:>22}" for name in
                                                      report["settings"]["engines"])
              + "    ours to *   95 % interval   of minima"]
    return "\n".join(lines)


def _line(result: Dict[str, Any], names: List[str]) -> str:
    cells = [f"{result['network']:18} {result['batch']:5} {result['threads']:7}"]
    cells += [f"{_cell(name, result):>22}" for name in names]
    if result["ratio"]:
        cells.append("    {median:9.2f}    {low:.2f} to {high:.2f}   {of_minima:9.2f}".format(
            **result["ratio"]))
    return "".join(cells)


def _cell(name: str, result: Dict[str, Any]) -> str:
    engine = result["engines"].get(name, {"status": "missing"})
    if not _counts(engine):
        return engine["status"]
    mark = "*" if name == result["fastest_peer"] else " "
    mark = mark if engine["status"] == "ok" else "?"
    return (f"{engine['median_ms']:.2f}{mark} {engine['load_ms']:5.0f} "
            f"{engine['peak_bytes'] / 1e6:5.0f}")


def _footing(report: Dict[str, Any]) -> str:
    """What was left out, and why; images a second where there are batches; how quiet it was."""
    lines = [f"left out: {name}: {reason}" for name, reason in report["left_out"].items()]
    timed = []
    for result in report["results"]:
        case = f"{result['network']}, batch {result['batch']}, {result['threads']} threads"
        for name, engine in result["engines"].items():
            if not _counts(engine):
                lines.append(f"does not count: {name}, {case}: {engine['reason']}")
        counted = {name: engine for name, engine in result["engines"].items() if _counts(engine)}
        timed += counted.values()
        if result["batch"] > 1:
            lines.append(f"images a second, {case}: " + ", ".join(
                f"{name} {engine['images_per_second']:.1f}" for name, engine in counted.items()))
    disturbed = sum(engine["disturbed_blocks"] for engine in timed)
    blocks = sum(len(engine["round_ms"]) for engine in timed)
    lines.append(f"{disturbed} of {blocks} blocks were disturbed throughout by other programs; "
                 f"{sum(engine['rejected'] for engine in timed)} single runs were rejected")
    return "\n".join(lines)


def _write(path: Optional[pathlib.Path], report: Dict[str, Any]) -> None:
    if path:
        path.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
