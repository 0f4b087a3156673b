# SPDX-License-Identifier: MIT
"""The command `linnet`: classify pictures, inspect, convert and embed models, write the library as
one file, measure speed."""
import argparse
import json
import os
import statistics
import sys
import time
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from tqdm import tqdm

import linnet
from linnet import cutter, embed, single_file
from linnet.classifier import default_model

_CONVOLUTIONS = "linnet.convolutions"  # capi/METADATA.md


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command; returns its exit status: 0, 1 if something failed, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except linnet.LinnetError as error:
        print(f"linnet: {error}", file=sys.stderr)
        return 1
    except MemoryError as error:
        print(f"linnet: out of memory: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("linnet: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="linnet", description=__doc__)
    parser.add_argument("--version", action="version", version=linnet.build_info())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    classify = commands.add_parser("classify", help="say what is on pictures")
    classify.add_argument("pictures", nargs="+", metavar="PICTURE")
    classify.add_argument("--model", help="a model file (default: the embedded model)")
    classify.add_argument("--top", type=_positive, default=5, help="how many classes (default 5)")
    classify.add_argument("--threads", type=_positive, default=1)
    classify.add_argument("--json", action="store_true")
    classify.set_defaults(command=_classify)

    inspect = commands.add_parser("inspect", help="tell what a model is and what it costs")
    inspect.add_argument("model", nargs="?", help="a model file (default: the embedded model)")
    inspect.add_argument("--json", action="store_true")
    inspect.set_defaults(command=_inspect)

    convert = commands.add_parser("convert", help="write a model that opens at once",
                                  description=_convert.__doc__)
    convert.add_argument("model", help="a model file")
    convert.add_argument("target", help="the file to write, such as model.linnet")
    convert.add_argument("--weights", choices=("f32", "f16"), default="f32",
                         help="f16 halves the file and rounds the weights (default f32)")
    convert.add_argument("--plain", action="store_true",
                         help="leave out the packed weights: smaller, slower to open")
    convert.add_argument("--tune", action="store_true", help="measure which way of computing "
                         "convolutions is the fastest on this machine, and keep to it")
    convert.add_argument("--threads", type=_positive, help="threads that --tune is for (default 1)")
    convert.add_argument("--metadata", action="append", default=[], type=_entry,
                         metavar="KEY=VALUE", help="an entry in place of the file's own, such as "
                         "linnet.color=RGB; KEY=@FILE takes the value from a file")
    convert.set_defaults(command=_convert)

    verify = commands.add_parser("verify", help="compare the checksums of a converted model")
    verify.add_argument("model", help="a model file")
    verify.set_defaults(command=_verify)

    single = commands.add_parser("single-file", help="write the library as one C++ file",
                                 description=_single_file.__doc__)
    single.add_argument("--model", action="append", default=[], dest="models", metavar="MODEL",
                        help="cut the file to this model, and others so named")
    single.add_argument("--isa", action="append", choices=single_file.ISAS, dest="isas",
                        help="keep the bodies for this instruction set, and others so named "
                        "(default: all); without plain, other processors run nothing")
    single.add_argument("--no-loaders", nargs="+", default=[], choices=single_file.LOADERS,
                        metavar="LOADER", help="leave out: linnet, the format of converted models "
                        "(goes by itself where no MODEL has it); files, all reading of files, for "
                        "models in memory")
    single.add_argument("--save", action="store_true", help="keep linnet_model_save()")
    single.add_argument("--planned", action="store_true", help="the smallest: the file neither "
                        "loads nor plans; it runs what is written beside it as MODEL.plan, with "
                        "the input shapes of MODEL alone")
    single.add_argument("-o", "--output", default=".", metavar="DIR")
    single.set_defaults(command=_single_file)

    embedding = commands.add_parser("embed", help="write a model as an array in C",
                                    description=_embed.__doc__)
    embedding.add_argument("model", nargs="?", help="a model file (default: the embedded model)")
    embedding.add_argument("-o", "--output", required=True, metavar="FILE",
                           help="model.c, or model.h for an array that is private to its includer")
    embedding.add_argument("--name", help="of the array (default: the name of FILE)")
    embedding.set_defaults(command=_embed)

    bench = commands.add_parser("bench", help="measure how fast a model runs",
                                description=_bench.__doc__)
    bench.add_argument("model", nargs="?", help="a model file (default: the embedded model)")
    bench.add_argument("--runs", type=_positive, default=50)
    bench.add_argument("--threads", type=_positive, default=1)
    bench.add_argument("--batch", type=_positive, help="images a run, if the model leaves it free")
    bench.add_argument("--isa", default="auto", help="auto, plain, avx2, avx512 or neon")
    bench.add_argument("--steps", action="store_true", help="show the time of every step")
    bench.add_argument("--json", action="store_true")
    bench.set_defaults(command=_bench)
    return parser


def _positive(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return value


def _entry(text: str) -> Tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    if not value.startswith("@"):
        return key, value
    try:
        with open(value[1:], encoding="utf-8") as file:
            return key, file.read()
    except (OSError, UnicodeError) as error:
        raise argparse.ArgumentTypeError(f"{value[1:]}: {error}") from None


def _classify(options) -> int:
    classifier = linnet.Classifier(options.model, options.threads)
    answers: List[Dict[str, Any]] = []
    failures = 0
    # The bar is on stderr and only where somebody looks at it.
    hidden = len(options.pictures) < 10 or not sys.stderr.isatty()
    for picture in tqdm(options.pictures, unit="picture", disable=hidden, leave=False):
        try:
            found = classifier.classify(picture, options.top)
        except linnet.LinnetError as error:
            failures += 1
            text = str(error)
            prefix = "" if text.startswith(picture) else f"{picture}: "
            print(f"linnet: {prefix}{text}", file=sys.stderr)
            continue
        answers.append({"picture": picture, "predictions": [p._asdict() for p in found]})
        if not options.json:
            print(picture)
            for prediction in found:
                print(f"  {prediction.probability:.4f}  {prediction.label}")
    if options.json:
        print(json.dumps(answers, indent=1))
    return 1 if failures else 0


def _open(path: Optional[str]) -> linnet.Model:
    return linnet.Model(default_model() if path is None else path)


def _convert(options) -> int:
    """Writes a model as one file with graph, labels, preprocessing and weights. It opens in about a
    millisecond, because the weights lie in it as the kernels read them, and runs with the same
    bits; with --weights f16 it is the smallest, and packs its weights when it is opened. With
    --tune answers differ by rounding."""
    storage = "half" if options.weights == "f16" else "plain" if options.plain else "prepared"
    metadata = dict(options.metadata)
    if options.threads and not options.tune:
        raise linnet.InvalidArgument("--threads says what --tune is for: a converted model runs "
                                     "with any number")
    if all(map(os.path.exists, (options.model, options.target))) and os.path.samefile(
            options.model, options.target):
        raise linnet.InvalidArgument(f"{options.target} is the model itself; give the converted "
                                     "one another name")
    if options.tune:
        if _CONVOLUTIONS in metadata:
            raise linnet.InvalidArgument(f"--tune measures {_CONVOLUTIONS}: do not state it, too")
        metadata[_CONVOLUTIONS] = _tuned(options)
    with linnet.Model(options.model, metadata=metadata) as model:
        model.save(options.target, storage)
    print(f"{options.target}: {os.path.getsize(options.target):,} bytes")
    return 0


def _tuned(options) -> str:
    """The fastest ways of computing the convolutions, printed as well."""
    with linnet.Model(options.model, metadata=dict(options.metadata)) as model, \
            linnet.Session(model, options.threads or 1) as session:
        for port, shape in zip(model.inputs, session.input_shapes):
            if any(free is None and length == 1
                   for free, length in zip(port.shape[1:], shape[1:])):
                raise linnet.InvalidArgument(
                    f"input {port.name!r} has free axes: state the size of pictures by --metadata "
                    "linnet.size=HEIGHT,WIDTH, or tune in Python for the shapes that you set")
        convolutions = session.tune()
    if not convolutions:
        print("no convolution can be computed in more than one way")
    for entry in filter(None, convolutions.split(",")):
        print("  {}: {}".format(*entry.split(":")))
    return convolutions


def _verify(options) -> int:
    with linnet.Model(options.model) as model:
        model.verify()
    print(f"{options.model}: undamaged")
    return 0


def _single_file(options) -> int:
    """Writes linnet.cc and linnet.h: the whole library, or with --model just the operators,
    loaders, kernels and instruction sets that these models need, which run with the same bits at
    the same speed. Whatever else it is asked for is an error that says so."""
    cut = bool(options.models)
    if not cut and (options.isas or options.no_loaders or options.save or options.planned):
        raise linnet.InvalidArgument("name the models to cut the file to with --model")
    texts = single_file.whole()
    if cut:
        try:
            texts = single_file.cut_to(options.models, isas=options.isas, save=options.save,
                                       no_loaders=options.no_loaders, planned=options.planned)
        except cutter.CutError as error:
            raise linnet.Internal(str(error)) from None
    files = {"linnet.cc": texts.source.encode(), "linnet.h": texts.header.encode()}
    for model, plan in zip(options.models, texts.planned):
        files[f"{os.path.splitext(os.path.basename(model))[0]}.plan"] = plan
    if len(files) != 2 + len(texts.planned):
        raise linnet.InvalidArgument("two of the models have the same name")
    try:
        os.makedirs(options.output, exist_ok=True)
        for name, data in files.items():
            path = os.path.join(options.output, name)
            with open(path, "wb") as file:
                file.write(data)
            print(f"{path}: {len(data):,} bytes")
    except OSError as error:
        raise linnet.FileError(str(error)) from None
    return 0


def _embed(options) -> int:
    """Writes a model as a constant array of bytes, so that a program holds its model:
    linnet_model_open_borrowed(NAME, NAME_size, NULL, &model)."""
    stem, extension = os.path.splitext(os.path.basename(options.output))
    if extension not in (".c", ".h", ".cc", ".cpp", ".hpp"):
        raise linnet.InvalidArgument(f"{options.output}: a source file ends in .c or .h")
    name = options.name or embed.c_name(stem)
    if name != embed.c_name(name):
        raise linnet.InvalidArgument(f"{name!r} is no name in C")
    title = os.path.basename(options.model) if options.model else "the default model"
    try:
        data = default_model()
        if options.model:
            with open(options.model, "rb") as file:
                data = file.read()
        if not single_file.is_planned(data):  # which runs in one build alone
            linnet.Model(data).close()  # else the program would learn that it is none
        with open(options.output, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(embed.c_array(data, name, title, extension in (".h", ".hpp")))
    except OSError as error:
        raise linnet.FileError(str(error)) from None
    print(f"{options.output}: {name}, {len(data):,} bytes")
    return 0


def _inspect(options) -> int:
    model = _open(options.model)
    facts: Dict[str, Any] = {
        "digest": model.digest,
        "inputs": [_describe(port) for port in model.inputs],
        "outputs": [_describe(port) for port in model.outputs],
        "labels": len(model.labels),
        "parameters": model.parameters,
        "macs": model.macs,
        "operators": model.operators,
    }
    try:
        with linnet.Session(model) as session:
            facts["arena_bytes"] = session.arena_bytes
    except linnet.WrongState:
        facts["arena_bytes"] = None  # free axes leave it open
    if options.json:
        print(json.dumps(facts, indent=1))
        return 0
    for direction in ("inputs", "outputs"):
        for port in facts[direction]:
            layout = f"  {port['layout']}" if port["layout"] else ""
            shape = ", ".join("?" if n is None else str(n) for n in port["shape"])
            print(f"{direction[:-1]:<11} {port['name']}  {port['dtype']} [{shape}]{layout}")
    print(f"labels      {facts['labels']}")
    print(f"parameters  {facts['parameters']:,}")
    print(f"MACs        {facts['macs']:,}")
    arena = facts["arena_bytes"]
    print(f"arena       {'depends on the input shapes' if arena is None else f'{arena:,} bytes'}")
    print(f"operators   {', '.join(f'{n} {op}' for op, n in facts['operators'].items())}")
    print(f"SHA-256     {facts['digest']}")
    return 0


def _describe(port: linnet.TensorInfo) -> Dict[str, Any]:
    return {"name": port.name, "shape": list(port.shape), "dtype": str(port.dtype),
            "layout": port.layout}


def _random_inputs(session: linnet.Session, batch: Optional[int]) -> Dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    arrays = {}
    for port, shape in zip(session.model.inputs, session.input_shapes):
        if batch and shape:
            if port.shape[0] not in (None, batch):
                raise linnet.InvalidArgument(
                    f"input {port.name!r} takes batches of {port.shape[0]}, not of {batch}")
            shape = (batch, *shape[1:])
        arrays[port.name] = random.random(shape).astype(port.dtype)
    return arrays


def _bench(options) -> int:
    """Measures a model on random numbers: the time of a run, images a second, the time from the
    file to ready, the arena (exact), the peak of resident memory of the whole process and what
    loading and running added to it, and the CPU seconds of all threads for an image."""
    before = _reset_peak_memory()
    start = time.perf_counter()
    model = _open(options.model)
    session = linnet.Session(model, options.threads, isa=options.isa)
    load = time.perf_counter() - start
    inputs = _random_inputs(session, options.batch)
    for _ in range(min(5, options.runs)):
        session.run(inputs)
    times = []
    cpu = time.process_time()
    for _ in tqdm(range(options.runs), unit="run", disable=not sys.stderr.isatty(), leave=False):
        start = time.perf_counter()
        session.run(inputs)
        times.append((time.perf_counter() - start) * 1e3)
    cpu = time.process_time() - cpu
    facts = {**_speed(times, cpu, _batch_of(inputs)), "load_ms": load * 1e3,
             "arena_bytes": session.arena_bytes, **_memory(before), "threads": options.threads,
             "batch": _batch_of(inputs), "runs": options.runs, "isa": options.isa,
             "build": linnet.build_info()}
    if options.steps:
        facts["steps"] = [step._asdict() for step in session.profile()]
    print(json.dumps(facts, indent=1) if options.json else _bench_text(facts))
    return 0


def _batch_of(inputs: Dict[str, np.ndarray]) -> int:
    first = next(iter(inputs.values()), np.zeros(()))
    return first.shape[0] if first.ndim else 1


def _speed(times: List[float], cpu: float, batch: int) -> Dict[str, Any]:
    """times in milliseconds; cpu: the CPU seconds of all of them. An empty batch has no speed."""
    median = statistics.median(times)
    return {"median_ms": median, "p90_ms": float(np.percentile(times, 90)), "min_ms": min(times),
            "items_per_second": batch * 1e3 / median,
            "cpu_seconds_per_item": cpu / len(times) / batch if batch else 0.0}


def _bench_text(facts: Dict[str, Any]) -> str:
    lines = ["median {median_ms:.3f} ms  p90 {p90_ms:.3f} ms  min {min_ms:.3f} ms  "
             "{items_per_second:.1f} items/s  {cpu_seconds_per_item:.6f} CPU s/item",
             "load {load_ms:.1f} ms  arena {arena_bytes:,} bytes  "
             "peak memory {peak_memory_bytes:,} bytes"]
    if facts["added_memory_bytes"] is not None:
        lines[1] += ", {added_memory_bytes:,} of them for the model"
    steps = [f"  {step['milliseconds']:8.3f} ms  {step['kernel']:<12} {step['tensor']}"
             for step in facts.get("steps", [])]
    return "\n".join([*(line.format(**facts) for line in lines), *steps])


def _reset_peak_memory() -> Optional[int]:
    """Has Linux count the peak anew; returns the bytes that are resident now, or None."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        return None
    return _resident("VmRSS")


def _memory(before: Optional[int]) -> Dict[str, Optional[int]]:
    """The peak of the whole process, and by how much it lies above what there was before; None
    where the system does not tell."""
    peak = None if before is None else _resident("VmHWM")
    added = None if peak is None else peak - before
    return {"peak_memory_bytes": peak or _peak_memory(), "added_memory_bytes": added}


def _resident(name: str) -> Optional[int]:
    """The bytes of an entry of /proc/self/status, or None."""
    with open("/proc/self/status") as lines:
        for line in lines:
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    return None


def _peak_memory() -> int:
    """The most memory that the process has had resident, in bytes; 0 where it is not known."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
