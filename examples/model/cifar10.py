"""CIFAR-10 as sheets: each WebP file holds 50 x 50 pictures of 32 x 32 RGB, row by row."""

from pathlib import Path

import numpy as np
from PIL import Image

LABELS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIDE = 32
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "cifar10"


def cut_sheet(path):
    """The pictures of one sheet, uint8 [n, 32, 32, 3], row by row."""
    sheet = np.asarray(Image.open(path).convert("RGB"))
    rows, columns = sheet.shape[0] // SIDE, sheet.shape[1] // SIDE
    tiles = sheet.reshape(rows, SIDE, columns, SIDE, 3).swapaxes(1, 2)
    return tiles.reshape(rows * columns, SIDE, SIDE, 3)


def load_part(folder, part):
    """(pictures uint8 [n, 32, 32, 3], labels int64 [n]) of `part`, "train" or "test".

    Raises FileNotFoundError where the folder has no sheets of that part.
    """
    sheets = sorted(Path(folder).glob(f"{part}_[0-9][0-9].webp"))
    if not sheets:
        raise FileNotFoundError(f"no {part}_NN.webp in {folder}")
    pictures = np.concatenate([cut_sheet(path) for path in sheets])
    labels = np.load(Path(folder) / f"{part}_labels.npy").astype(np.int64).reshape(-1)
    if len(pictures) != len(labels):
        raise ValueError(f"{len(pictures)} pictures but {len(labels)} labels in {folder}")
    return pictures, labels
