"""Measures a model's top-1 accuracy on CIFAR-10's 10,000 test pictures through Linnet."""

import argparse
import sys
from pathlib import Path

import linnet
import numpy as np
from tqdm import tqdm

from cifar10 import DEFAULT_FOLDER, LABELS, load_part


def predict(classifier, pictures, batch):
    """The best label of each picture, in order."""
    found = []
    with tqdm(total=len(pictures), unit="picture") as progress:
        for start in range(0, len(pictures), batch):
            part = list(pictures[start : start + batch])
            found += [best[0].label for best in classifier.classify_batch(part, top=1)]
            progress.update(len(part))
    return found


def report(found, expected):
    """Prints top-1 accuracy in all and for each class; returns the share in all."""
    hits = np.array([label == LABELS[index] for label, index in zip(found, expected)])
    for index, label in enumerate(LABELS):
        print(f"{label:<12}{hits[expected == index].mean():8.2%}")
    print(f"{'top-1':<12}{hits.mean():8.2%} of {len(hits):,} pictures")
    return hits.mean()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a model file; left out: the embedded one")
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder of the sheets")
    parser.add_argument("--batch", type=int, default=100, help="pictures a call")
    parser.add_argument("--at-least", type=float, default=0.91, help="fail below this share")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    pictures, labels = load_part(arguments.data, "test")
    classifier = linnet.Classifier(arguments.model)
    top1 = report(predict(classifier, pictures, arguments.batch), labels)
    return 0 if top1 >= arguments.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
