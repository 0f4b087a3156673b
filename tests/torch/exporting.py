# SPDX-License-Identifier: MIT
"""Classifiers of torchvision and timm with random weights, as PyTorch's exporters write them.

A model is named as in models.txt: "torchvision/resnet18", "timm/levit_128s".
"""
import contextlib
import io
import logging
import pathlib
import warnings

import numpy as np
import onnx
import timm
import torch
import torchvision

SMALL = 96  # pixels of a side, where the model takes any picture; some need the next size
SIZES = (SMALL, 128, 160, 224, 256)
FIXED = ("vit", "maxvit")  # of torchvision: they take pictures of 224 pixels only
LARGE_BYTES = 1 << 30  # of weights; beyond that the exporters write them beside the model


def list_torchvision():
    return torchvision.models.list_models(module=torchvision.models)


def _is_fixed(config):
    return config.get("fixed_input_size", False) or config.get("pool_size") is None


def _make(name, exportable):
    """The model, and the sides of pictures to try, the best one first."""
    library, name = name.split("/")
    if library == "torchvision":
        extra = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        model = torchvision.models.get_model(name, weights=None, **extra)
        return model, (224,) if name.startswith(FIXED) else SIZES
    model = timm.create_model(name, pretrained=False, exportable=exportable)
    config = model.pretrained_cfg
    own = config["input_size"][-1]
    if _is_fixed(config):
        return model, (own,)
    return model, [size for size in SIZES if size < own] + [own]


def _randomize(model):
    """Weights that the constructors leave at 0, 1 or 1e-6 would hide what stands behind them."""
    for parameter in model.parameters():
        if parameter.numel() > 1 and bool((parameter == parameter.flatten()[0]).all()):
            parameter.data += 0.1 * torch.randn_like(parameter)
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.copy_(0.1 * torch.randn_like(buffer))
        elif name.endswith("running_var"):
            buffer.copy_(0.75 + 0.5 * torch.rand_like(buffer))


def _channels(model):
    config = getattr(model, "pretrained_cfg", None)
    return config["input_size"][0] if config else 3


def create(name, exportable=False, full=False):
    """The model in evaluation mode and a batch of one picture that it takes: a small one, or with
    `full` one of the size that it is meant for. With `exportable`, as timm makes its models for
    exporters, without what some of them cannot translate."""
    torch.manual_seed(7)
    model, sizes = _make(name, exportable)
    sizes = [224] if full and name.startswith("torchvision/") else sizes[-1:] if full else sizes
    model = model.eval()
    with torch.no_grad():
        _randomize(model)
        for size in sizes:
            pictures = torch.randn(1, _channels(model), size, size)
            try:
                model(pictures)
            except (RuntimeError, AssertionError, ValueError):
                if size == sizes[-1]:
                    raise
            else:
                return model, pictures
    raise ValueError(f"{name} has no size")


def export(model, pictures, path, exporter, free_batch, opset=None):
    """Writes the model with the exporter "script" (dynamo=False) or "dynamo"."""
    arguments = {"input_names": ["x"], "output_names": ["y"], "opset_version": opset}
    if exporter == "dynamo":
        axes = {0: torch.export.Dim("batch", min=1, max=64)} if free_batch else None
        arguments.update(dynamo=True, dynamic_shapes=(axes,) if free_batch else None)
        # A batch of 1 would be taken for a constant.
        pictures = pictures.repeat(2, 1, 1, 1) if free_batch else pictures
    else:
        arguments.update(dynamo=False)
        if free_batch:
            arguments["dynamic_axes"] = {"x": {0: "batch"}, "y": {0: "batch"}}
    weights = sum(p.numel() * p.element_size() for p in model.parameters())
    if exporter == "dynamo":
        arguments["external_data"] = weights > LARGE_BYTES
    noise = io.StringIO()
    logging.disable(logging.WARNING)
    with warnings.catch_warnings(), contextlib.redirect_stdout(noise), \
            contextlib.redirect_stderr(noise):
        warnings.simplefilter("ignore")
        torch.onnx.export(model, (pictures,), str(path), **arguments)
    logging.disable(logging.NOTSET)


class NotExported(Exception):
    """The exporter refuses the model in every form."""


def write(name, path, exporter, use, opset=None):
    """Exports with a free batch if the exporter can, else for one picture. Returns what `use` makes
    of the path and the shape of the input, whose batch is None where it is free; a file that `use`
    cannot use, for instance as its batch is free in name only, counts as not exported. Raises
    NotExported."""
    reasons = []
    forms = [(False, False), (False, True)]
    if name.startswith("timm/"):
        forms += [(True, False), (True, True)]
    for free_batch in (True, False):
        for exportable, full in forms:
            model, pictures = create(name, exportable, full)
            try:
                export(model, pictures, path, exporter, free_batch, opset)
                return use(path, (None if free_batch else 1, *pictures.shape[1:]))
            except Exception as error:  # exporters raise whatever comes up
                reasons.append(f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")
    raise NotExported("; ".join(dict.fromkeys(reasons)))
