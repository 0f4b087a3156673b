# SPDX-License-Identifier: MIT
"""Says what is on pictures: the five most probable classes of each.

usage: classify.py [--model MODEL] [--threads N] PICTURE...

The same program exists in C, C++, Java and Go; for lossless pictures all print the same bytes.
"""
import argparse
import sys

import linnet


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", help="a model file (default: the embedded model)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("pictures", nargs="+", metavar="PICTURE")
    options = parser.parse_args()
    try:
        classifier = linnet.Classifier(options.model, options.threads)
    except linnet.LinnetError as error:
        sys.exit(f"classify: {error}")
    failed = False
    for picture in options.pictures:
        try:
            predictions = classifier.classify(picture, top=5)
        except linnet.LinnetError as error:
            message = str(error)
            if not message.startswith(picture):
                message = f"{picture}: {message}"
            print(f"classify: {message}", file=sys.stderr)
            failed = True
            continue
        print(picture)
        for prediction in predictions:
            print(f"  {prediction.probability:.4f}  {prediction.label}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
