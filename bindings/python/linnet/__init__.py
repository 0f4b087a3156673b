# SPDX-License-Identifier: MIT
"""Linnet: prediction with trained neural networks.

    import linnet
    print(linnet.Classifier().classify("cat.png"))          # the embedded model: ten classes

    model = linnet.Model("squeezenet.onnx")                 # immutable, for any number of threads
    session = linnet.Session(model, threads=2)              # one thread at a time
    scores, = session.run(numpy.zeros((1, 3, 224, 224), "float32"))

Errors are LinnetError and its subclasses; where Python has a built-in error of the same meaning
(ValueError, MemoryError, OSError, LookupError) they are that too.
"""
from linnet._native import (Cancelled, FileError, Internal, InvalidArgument, LimitExceeded,
                            LinnetError, Malformed, NotFound, OutOfMemory, Unsupported, WrongState,
                            build_info)
from linnet._native import version as _version
from linnet.classifier import Classifier, Prediction
from linnet.model import Model, TensorInfo
from linnet.session import Session, StepTime

__version__ = "{}.{}.{}".format(_version() // 1000000, _version() // 1000 % 1000, _version() % 1000)
__all__ = ["Model", "TensorInfo", "Session", "StepTime", "Classifier", "Prediction", "LinnetError",
           "InvalidArgument", "OutOfMemory", "FileError", "Malformed", "Unsupported",
           "LimitExceeded", "NotFound", "WrongState", "Cancelled", "Internal", "build_info",
           "__version__"]
