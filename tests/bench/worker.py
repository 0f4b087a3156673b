# SPDX-License-Identifier: MIT
"""One engine with one network in a process of its own, which reports and then runs on command."""
import ctypes
import multiprocessing
import os
import pathlib
import resource
import shutil
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Tuple

import numpy as np

from engines import ENGINES, NotLimited
from networks import random_input

RUNS_BEFORE_READY = 10
LONGEST_WAIT = 900  # seconds, until an engine counts as hung
_SPAWN = multiprocessing.get_context("spawn")


@dataclass
class Job:
    """What a process is to do."""
    engine: str
    isa: str  # the instruction set at most, of engines.ISAS
    path: pathlib.Path  # the network, for this batch if the engine takes batches, else for one
    shape: Tuple[int, ...]  # of the input
    threads: int
    cores: List[int]  # which the process may use
    folder: pathlib.Path  # of this network, for converted files and logs


class WorkerError(Exception):
    """An engine that failed, with the reason; `missing` if it would with any network."""

    def __init__(self, reason: str, missing: bool = False):
        super().__init__(reason)
        self.missing = missing


class Worker:
    """The side of the process that asks. Use it in a `with` statement."""

    def __init__(self, job: Job):
        self._log = job.folder / f"{job.engine}.log"
        self._connection, theirs = _SPAWN.Pipe()
        # Before the process starts: libraries read these when they are loaded.
        os.environ.update({name: str(job.threads) for name in
                           ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})
        self._process = _SPAWN.Process(target=_serve, args=(theirs, job, self._log), daemon=True)
        self._process.start()
        theirs.close()
        try:
            self.start: Dict[str, Any] = self._receive()  # the report on loading
        except WorkerError:
            self.close()
            raise

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        self._connection.close()  # which tells it to end
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def time_block(self, seconds: float) -> Dict[str, Any]:
        """Runs the network again and again for so long: "ms" of the runs that count, "cpu_ms" of a
        run in all threads, how many runs were "rejected", and whether the block is "disturbed" so
        that all of them had to count."""
        self._connection.send(seconds)
        return self._receive()

    def _receive(self) -> Dict[str, Any]:
        if not self._connection.poll(LONGEST_WAIT):
            self._process.kill()
            raise WorkerError(f"no answer within {LONGEST_WAIT} s")
        try:
            message = self._connection.recv()
        except (EOFError, ConnectionResetError):
            self._process.join(10)
            raise WorkerError(f"the process ended with {self._process.exitcode}; "
                              f"{_last_line(self._log)}") from None
        if "failed" in message:
            raise WorkerError(message["failed"], message["missing"])
        return message


def _last_line(log: pathlib.Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return f"its last line: {lines[-1]}" if lines else "it printed nothing"


# ---- Inside the process ------------------------------------------------------------------------

def _serve(connection, job: Job, log: pathlib.Path) -> None:
    os.sched_setaffinity(0, job.cores)
    with open(log, "wb") as file:  # engines print what they like
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    x = random_input(job.shape)
    try:
        run, report = _start(job, x)
        connection.send(report)
        while True:
            connection.send(_time_block(run, x, connection.recv()))
    except EOFError:
        return
    except Exception as error:  # of whatever kind: this is other people's code
        missing = isinstance(error, (ModuleNotFoundError, NotLimited))
        connection.send({"failed": f"{type(error).__name__}: {error}", "missing": missing})


def _start(job: Job, x: np.ndarray):
    """Loads the network and runs it ten times; returns run() and the report."""
    engine = ENGINES[job.engine]
    if job.isa != "auto":
        engine.limit(job.isa)
    engine.start()
    file = _converted(job)
    _read_ahead(file)
    before = _reset_peak()
    start = time.perf_counter()
    run = engine.load(file, job.threads)
    ready = time.perf_counter()
    answer = run(x)
    first = time.perf_counter()
    answer = np.array(answer, np.float32)
    for _ in range(RUNS_BEFORE_READY - 1):
        run(x)
    after = _memory()
    report = {"load_ms": (ready - start) * 1e3, "first_ms": (first - ready) * 1e3,
              "answer": answer, "threads": len(os.listdir("/proc/self/task")),
              "file_bytes": sum(part.stat().st_size for part in _parts(file)),
              "peak_bytes": after["VmHWM"] - before["VmRSS"],
              "anonymous_bytes": after["RssAnon"] - before["RssAnon"],
              "mapped_bytes": after["RssFile"] - before["RssFile"]}
    return run, report


def _converted(job: Job) -> pathlib.Path:
    """The file that the engine opens. What was converted stays in the folder; what was not
    finished has another name."""
    folder, engine = job.folder / job.engine, ENGINES[job.engine]
    name = folder / "name"
    if not name.exists():
        shutil.rmtree(folder, ignore_errors=True)
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        file = engine.convert(job.path, unfinished)
        # Joined to the folder, the path of the network itself stays what it is.
        word = file.name if file.parent == unfinished else str(file.resolve())
        (unfinished / "name").write_text(word)
        unfinished.rename(folder)
    return folder / name.read_text()


def _parts(file: pathlib.Path) -> List[pathlib.Path]:
    """The files of a network: ncnn has two."""
    return [part for part in (file, file.with_suffix(".bin")) if part.is_file()]


def _read_ahead(file: pathlib.Path) -> None:
    """Has the system keep the file in memory: disks are not what is measured."""
    for part in _parts(file):
        with open(part, "rb", buffering=0) as stream:
            while stream.read(1 << 20):
                pass


def _memory() -> Dict[str, int]:
    """The bytes of /proc/self/status by name."""
    with open("/proc/self/status") as lines:
        words = (line.split() for line in lines)
        return {line[0][:-1]: int(line[1]) * 1024 for line in words if line[-1] == "kB"}


def _reset_peak() -> Dict[str, int]:
    """Makes VmHWM begin anew, and gives back what imports have freed, so that it cannot be used
    without being seen. Returns what the process holds now."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    return _memory()


def _time_block(run, x: np.ndarray, seconds: float) -> Dict[str, Any]:
    """A run during which the system took a core away from the process does not count, unless
    hardly any other is left."""
    clean, disturbed = [], []
    run(x)
    cpu, end = time.process_time(), time.perf_counter() + seconds
    while time.perf_counter() < end or len(clean) + len(disturbed) < 3:
        switches = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
        start = time.perf_counter()
        run(x)
        ms = (time.perf_counter() - start) * 1e3
        taken = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw != switches
        (disturbed if taken else clean).append(ms)
    cpu_ms = (time.process_time() - cpu) * 1e3 / (len(clean) + len(disturbed))
    enough = len(clean) >= 3
    return {"ms": clean if enough else clean + disturbed, "cpu_ms": cpu_ms,
            "rejected": len(disturbed) * enough, "disturbed": not enough}
