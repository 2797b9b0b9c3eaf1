"""Fits a line through noisy points, epoch by epoch, with a checkpoint after each: small, but whole.

Directories come from SageMaker's variables; the /opt/ml paths are what the container has.
"""

import argparse
import os
import time

import numpy as np


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"))
    parser.add_argument("--val", default=os.environ.get("SM_CHANNEL_VAL", "/opt/ml/input/data/val"))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR", "/opt/ml/model"))
    parser.add_argument("--checkpoints", default=os.environ.get("SM_CHECKPOINT_DIR", "/opt/ml/checkpoints"))
    # Real epochs take longer; this makes them long enough to be interrupted.
    parser.add_argument("--epoch-seconds", type=float, default=float(os.environ.get("EPOCH_SECONDS", "0.5")))
    return parser.parse_args()


def load(folder):
    rows = [np.loadtxt(os.path.join(folder, name), delimiter=",", ndmin=2) for name in sorted(os.listdir(folder))]
    return np.concatenate(rows)


def save(path, **arrays):
    """Whole or not at all: a copy that is taken at any moment is a checkpoint."""
    beside = path + ".writing.npz"
    np.savez(beside, **arrays)
    os.replace(beside, path)


def main():
    args = arguments()
    train, val = load(args.train), load(args.val)
    checkpoint = os.path.join(args.checkpoints, "state.npz")
    weights, first = np.zeros(2), 1
    if os.path.exists(checkpoint):
        with np.load(checkpoint) as state:
            weights, first = state["weights"], int(state["epoch"]) + 1
        print(f"resumed after epoch {first - 1}")
    for epoch in range(first, args.epochs + 1):
        order = np.random.default_rng(epoch).permutation(len(train))
        for start in range(0, len(order), args.batch_size):
            batch = train[order[start : start + args.batch_size]]
            error = weights[0] * batch[:, 0] + weights[1] - batch[:, 1]
            weights = weights - args.lr * np.array([(error * batch[:, 0]).mean(), error.mean()])
        time.sleep(args.epoch_seconds)
        loss = float(((weights[0] * val[:, 0] + weights[1] - val[:, 1]) ** 2).mean())
        save(checkpoint, weights=weights, epoch=epoch)
        print(f"epoch={epoch} loss={loss:.6f}")
    save(os.path.join(args.model_dir, "model.npz"), weights=weights)


if __name__ == "__main__":
    main()
