# SPDX-License-Identifier: Apache-2.0
"""Logistic regression in NumPy as SageMaker's script mode runs it: data from a channel, each epoch saved whole under a
name of its own, the newest that can be read taken up again. It knows nothing of Nightshift."""

import argparse
import os
import time
from pathlib import Path

import numpy as np


def newest(directory):
    """The newest checkpoint that is whole: the platform may have copied half of one."""
    for path in sorted(directory.glob("epoch-*.npz"), reverse=True):
        try:
            with np.load(path) as saved:
                return int(saved["epoch"]), saved["weights"]
        except (OSError, ValueError, KeyError, EOFError):
            print("passed over", path.name, flush=True)
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--pace", type=float, default=0.5, help="seconds an epoch, where a GPU would be waited for")
    options = parser.parse_args()
    checkpoints = Path(os.environ["SM_CHECKPOINT_DIR"])
    checkpoints.mkdir(parents=True, exist_ok=True)
    data = np.loadtxt(Path(os.environ["SM_CHANNEL_TRAIN"]) / "points.csv", delimiter=",")
    inputs, labels = np.hstack([data[:, :-1], np.ones((len(data), 1))]), data[:, -1]
    epoch, weights = newest(checkpoints) or (0, np.zeros(inputs.shape[1]))
    print("begins at epoch %d" % epoch, flush=True)
    while epoch < options.epochs:
        began = time.monotonic()
        for _ in range(50):
            guess = 1 / (1 + np.exp(-inputs @ weights))
            weights = weights - 0.1 * inputs.T @ (guess - labels) / len(labels)
        loss = float(-np.mean(labels * np.log(guess) + (1 - labels) * np.log(1 - guess)))
        time.sleep(max(0.0, options.pace - (time.monotonic() - began)))
        epoch += 1
        print("epoch=%d loss=%.6f" % (epoch, loss), flush=True)
        partial = checkpoints / ("epoch-%04d.partial" % epoch)
        with partial.open("wb") as file:
            np.savez(file, epoch=epoch, weights=weights)
        partial.rename(checkpoints / ("epoch-%04d.npz" % epoch))
    np.savez(Path(os.environ["SM_MODEL_DIR"]) / "weights.npz", weights=weights)


if __name__ == "__main__":
    main()
