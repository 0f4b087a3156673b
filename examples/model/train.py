"""Trains Linnet's default model on CIFAR-10 and writes it as ONNX, with its digest beside it."""

import argparse
import ctypes
import hashlib
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from cifar10 import DEFAULT_FOLDER, LABELS, SIDE, load_part
from network import Network
from to_onnx import write_onnx

MEAN = (0.4914, 0.4822, 0.4465)
STD = (0.2470, 0.2435, 0.2616)
SHIFT = 4
CUTOUT = 8
JITTER = 0.2
PEAK_LR = 0.25
WARM_UP = 0.2
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
SMOOTHING = 0.1


def metadata(name="linnet-default"):
    """What a Linnet reader needs to go from a picture to labelled probabilities."""
    return {
        "linnet.name": name,
        "linnet.description": "Ten everyday classes, trained on CIFAR-10's 50,000 pictures",
        "linnet.license": "MIT",
        "linnet.labels": "\n".join(LABELS),
        "linnet.color": "RGB",
        "linnet.resize": "exact",
        "linnet.size": f"{SIDE},{SIDE}",
        "linnet.interpolation": "bilinear",
        "linnet.scale": "0.00392156862745098",
        "linnet.mean": ",".join(map(str, MEAN)),
        "linnet.std": ",".join(map(str, STD)),
        "linnet.scores": "logits",
    }


def keep_freed_memory():
    """Asks glibc to keep freed blocks instead of mapping them anew each step; a no-op elsewhere."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        trim_threshold, mmap_max = -1, -4
        mallopt(trim_threshold, 2**31 - 1)
        mallopt(mmap_max, 0)


def normalise(pictures):
    """uint8 [n, h, w, 3] -> float [n, 3, h, w] with mean 0 and deviation 1, channels last."""
    scaled = (pictures.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    return scaled.permute(0, 3, 1, 2)


def crop_and_flip(padded, index):
    """Pictures `index` of `padded`, each moved by up to SHIFT pixels and mirrored half the time."""
    n = len(index)
    side = torch.arange(SIDE)
    rows = torch.randint(2 * SHIFT + 1, (n, 1)) + side
    mirrored = torch.where(torch.rand(n, 1) < 0.5, side.flip(0), side)
    columns = torch.randint(2 * SHIFT + 1, (n, 1)) + mirrored
    return padded[index[:, None, None], rows[:, :, None], columns[:, None, :]]


def jitter_colours(x):
    """Changes each picture's contrast, brightness and colour balance a little."""
    n = len(x)
    contrast = 1 + JITTER * (2 * torch.rand(n, 1, 1, 1) - 1)
    brightness = JITTER * torch.randn(n, 1, 1, 1)
    balance = JITTER / 2 * torch.randn(n, 3, 1, 1)
    return x * contrast + brightness + balance


def cut_out(x):
    """Sets one CUTOUT x CUTOUT square of each picture to the mean colour."""
    n = len(x)
    side = torch.arange(SIDE)

    def inside():
        start = torch.randint(SIDE - CUTOUT + 1, (n, 1))
        return (side >= start) & (side < start + CUTOUT)

    square = inside()[:, None, :, None] & inside()[:, None, None, :]
    return x.masked_fill(square, 0)


def learning_rate(progress):
    """A triangle: up to PEAK_LR over the first WARM_UP of the steps, then down to zero."""
    return PEAK_LR * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))


def pad_pictures(pictures):
    """Mirrors SHIFT pixels at every border, so that moved pictures stay full."""
    border = (SHIFT, SHIFT)
    return torch.from_numpy(np.pad(pictures, ((0, 0), border, border, (0, 0)), mode="reflect"))


def train_step(network, optimizer, x, target):
    """One step of gradient descent in bfloat16 with float32 weights; returns the loss."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(x)
    loss = functional.cross_entropy(scores.float(), target, label_smoothing=SMOOTHING)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def train(network, pictures, labels, epochs, batch):
    """Trains `network` in place with Nesterov SGD."""
    padded, labels = pad_pictures(pictures), torch.from_numpy(labels)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(
        parameters, lr=0, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY, nesterov=True
    )
    per_epoch = len(labels) // batch
    network.train()
    progress = tqdm(total=epochs * per_epoch, unit="step")
    for _ in range(epochs):
        for index in torch.randperm(len(labels))[: per_epoch * batch].split(batch):
            optimizer.param_groups[0]["lr"] = learning_rate((progress.n + 1) / progress.total)
            x = cut_out(jitter_colours(normalise(crop_and_flip(padded, index))))
            loss = train_step(network, optimizer, x, labels[index])
            progress.set_postfix(loss=f"{loss:.3f}", refresh=False)
            progress.update()
    progress.close()


@torch.inference_mode()
def accuracy(network, pictures, labels, batch=500):
    """Share of `pictures` whose highest score is their label, in float32 and without mirroring."""
    network.eval()
    parts = torch.from_numpy(pictures).split(batch)
    best = torch.cat([network(normalise(part)).argmax(1) for part in parts])
    return (best.numpy() == labels).mean()


def write_digest(path):
    """Writes `path`.sha256 in sha256sum's format."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    Path(f"{path}.sha256").write_text(f"{digest}  {path.name}\n")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder of the sheets")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("default.onnx"))
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    keep_freed_memory()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    network = Network().to(memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in network.parameters()):,} parameters")
    start = time.monotonic()
    train(network, *load_part(arguments.data, "train"), arguments.epochs, arguments.batch)
    print(f"trained in {(time.monotonic() - start) / 60:.1f} minutes")
    print(f"top-1 {accuracy(network, *load_part(arguments.data, 'test')):.2%} on the test pictures")
    write_onnx(network, arguments.out, metadata())
    write_digest(arguments.out)
    print(f"wrote {arguments.out}, {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
