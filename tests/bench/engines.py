# SPDX-License-Identifier: MIT
"""The engines that are compared, each set up for its best latency in float32 arithmetic.

An engine has four methods, called in this order in a process of its own:
    limit(isa)              only where an instruction set is asked for: uses none beyond it
    start()                 imports libraries, so that neither load time nor memory counts them
    convert(path, folder)   the file that it opens, written into the folder by the maker's own
                            tool, or the path itself; not timed
    load(file, threads)     returns run(x) -> y, which takes and gives numpy arrays (NCHW)
"""
import importlib.util
import os
import pathlib
import subprocess
import sys
from typing import Callable, Dict, List

import numpy as np

Run = Callable[[np.ndarray], np.ndarray]


ISAS = ("auto", "avx2")


class NotLimited(Exception):
    """The engine cannot be kept from using instructions beyond a set."""


class Engine:
    """What engines have in common; a class each below."""
    name: str
    packages: List[str]  # of PyPI
    takes_batches = True  # if not, the images of a batch go one after the other

    def limit(self, isa: str) -> None:
        raise NotLimited(f"it cannot be kept from using more than {isa}")

    def start(self) -> None:
        raise NotImplementedError

    def convert(self, path: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
        return path

    def load(self, file: pathlib.Path, threads: int) -> Run:
        raise NotImplementedError


class Linnet(Engine):
    name, packages = "linnet", ["linnet"]
    _isa = "auto"

    def limit(self, isa):
        self._isa = isa

    def start(self):
        import linnet
        self._linnet = linnet

    def load(self, file, threads):
        session = self._linnet.Session(self._linnet.Model(file), threads, isa=self._isa)
        return lambda x: session.run(x)[0]


class OnnxRuntime(Engine):
    name, packages = "onnxruntime", ["onnxruntime"]

    def start(self):
        import onnxruntime
        self._runtime = onnxruntime
        onnxruntime.set_default_logger_severity(3)

    def load(self, file, threads):
        options = self._runtime.SessionOptions()  # all optimisations, spinning: the defaults
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        session = self._runtime.InferenceSession(os.fspath(file), options,
                                                 providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        return lambda x: session.run(None, {name: x})[0]


class OpenVino(Engine):
    name, packages = "openvino", ["openvino"]

    def limit(self, isa):
        os.environ["ONEDNN_MAX_CPU_ISA"] = isa.upper()

    def start(self):
        import openvino
        self._openvino = openvino
        self._core = openvino.Core()
        self._core.get_property("CPU", "FULL_DEVICE_NAME")  # loads the plugin for processors

    def load(self, file, threads):
        # It would compute in bfloat16 where the processor can.
        settings = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY",
                    "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
        request = self._core.compile_model(file, "CPU", settings).create_infer_request()

        def run(x):
            request.set_input_tensor(self._openvino.Tensor(x, shared_memory=True))
            request.infer()
            return request.get_output_tensor(0).data
        return run


class Ncnn(Engine):
    name, packages = "ncnn", ["ncnn", "pnnx"]
    takes_batches = False

    def convert(self, path, folder):
        link = folder / "network.onnx"  # it writes beside the file that it reads
        link.symlink_to(path.resolve())
        _run_tool(_package_folder("pnnx") / "pnnx", link.name, "fp16=0", folder=folder)
        return _written(folder / "network.ncnn.param")

    def start(self):
        import ncnn
        self._ncnn = ncnn

    def load(self, file, threads):
        net = self._ncnn.Net()
        net.opt.num_threads = threads
        for option in dir(net.opt):
            if option.startswith(("use_fp16", "use_bf16")):
                setattr(net.opt, option, False)
        if net.load_param(os.fspath(file)) or net.load_model(os.fspath(file.with_suffix(".bin"))):
            raise RuntimeError(f"ncnn cannot load {file}")
        inputs, outputs = net.input_names(), net.output_names()

        def run(x):
            answers = []
            for image in x:
                extractor = net.create_extractor()
                extractor.input(inputs[0], self._ncnn.Mat(image))
                status, answer = extractor.extract(outputs[0])
                if status:
                    raise RuntimeError(f"ncnn's run ended with {status}")
                answers.append(np.array(answer))
            return np.stack(answers)
        return run


class Mnn(Engine):
    name, packages = "mnn", ["mnn"]

    def limit(self, isa):
        """Nothing to do: the package on PyPI is built without AVX-512."""

    def convert(self, path, folder):
        target = folder / "network.mnn"
        _package_folder("MNN")
        convert = "from MNN.tools.mnnconvert import main; main()"
        _run_tool(sys.executable, "-c", convert, "-f", "ONNX", "--modelFile", path.resolve(),
                  "--MNNModel", target, "--bizCode", "bench", folder=folder)
        return _written(target)

    def start(self):
        import MNN
        self._mnn = MNN

    def load(self, file, threads):
        mnn = self._mnn
        net = mnn.Interpreter(os.fspath(file))
        session = net.createSession({"backend": "CPU", "numThread": threads, "precision": "high"})
        source, result = net.getSessionInput(session), net.getSessionOutput(session)

        def tensor(array):
            return mnn.Tensor(array.shape, mnn.Halide_Type_Float, array,
                              mnn.Tensor_DimensionType_Caffe)

        def run(x):
            source.copyFrom(tensor(x))
            net.runSession(session)
            answer = tensor(np.empty(result.getShape(), np.float32))
            result.copyToHostTensor(answer)
            return np.array(answer.getData(), np.float32)
        return run


ENGINES: Dict[str, Engine] = {engine.name: engine
                              for engine in (Linnet(), OnnxRuntime(), OpenVino(), Ncnn(), Mnn())}
REFERENCE = "onnxruntime"


def _package_folder(package: str) -> pathlib.Path:
    """Where a package lies, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ImportError(f"No module named {package!r}", name=package)
    return pathlib.Path(spec.origin).parent


def _written(file: pathlib.Path) -> pathlib.Path:
    """The tools end with 0 when they fail, too."""
    if not file.is_file():
        raise RuntimeError(f"the conversion wrote no {file.name}")
    return file


def _run_tool(*command, folder: pathlib.Path) -> None:
    done = subprocess.run([os.fspath(word) for word in command], cwd=folder, capture_output=True,
                          text=True, errors="replace", timeout=600)
    if done.returncode:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        raise RuntimeError(f"the conversion ended with {done.returncode}: {''.join(last)}")
