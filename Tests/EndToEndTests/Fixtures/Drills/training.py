# SPDX-License-Identifier: Apache-2.0
"""A small training run in plain NumPy that resumes rightly; the scripts beside it get one thing wrong each.

Logistic regression with momentum, a learning rate that falls, and a shuffle for each epoch. A checkpoint is one file,
written aside and renamed. No part of Nightshift is imported.
"""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np

BATCHES, BATCH = 60, 32
STEP_TIME = 0.007  # a machine that trains takes longer for a step than this sum does


class Training:
    def __init__(self, epochs, seed):
        self.epochs = epochs
        data = np.random.default_rng(7)
        self.inputs = data.normal(size=(BATCHES * BATCH, 24))
        truth = data.normal(size=24)
        self.labels = (self.inputs @ truth + data.normal(size=len(self.inputs)) * 2 > 0).astype(float)
        self.rng = np.random.default_rng(seed)
        self.weights = self.rng.normal(size=24) * 0.1
        self.velocity = np.zeros(24)
        self.epoch = 0
        self.directory = Path(os.environ["SM_CHECKPOINT_DIR"])
        self.asked_to_stop = False
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "asked_to_stop", True))

    def rate(self):
        return 0.02 * (1 - 0.9 * self.epoch / self.epochs)

    def gradient(self, inputs, labels):
        predicted = 1 / (1 + np.exp(-(inputs @ self.weights)))
        loss = -np.mean(labels * np.log(predicted + 1e-12) + (1 - labels) * np.log(1 - predicted + 1e-12))
        return loss, inputs.T @ (predicted - labels) / len(labels)

    def run_epoch(self):
        order = self.rng.permutation(len(self.inputs))
        losses = []
        for position in range(BATCHES):
            batch = order[position * BATCH:(position + 1) * BATCH]
            loss, gradient = self.gradient(self.inputs[batch], self.labels[batch])
            self.velocity = 0.95 * self.velocity + gradient
            self.weights = self.weights - self.rate() * self.velocity
            losses.append(loss)
            time.sleep(STEP_TIME)
            if (position + 1) % (BATCHES // 4) == 0 and position + 1 < BATCHES:
                self.say(self.epoch + (position + 1) / BATCHES, losses[-BATCHES // 4:])
        self.say(self.epoch + 1, losses[-BATCHES // 4:])
        self.epoch += 1

    def say(self, epochs, losses):
        print("epoch=%g loss=%.8f lr=%.6f" % (epochs, np.mean(losses), self.rate()), flush=True)

    # How it saves and loads.

    def state(self):
        return {
            "weights": self.weights, "velocity": self.velocity, "epoch": self.epoch,
            "random_state": json.dumps(self.rng.bit_generator.state),
        }

    def take(self, state):
        self.weights, self.velocity = state["weights"], state["velocity"]
        self.epoch = int(state["epoch"])
        self.rng.bit_generator.state = json.loads(str(state["random_state"]))

    def path(self):
        return self.directory / ("checkpoint-%04d.npz" % self.epoch)

    def save(self):
        aside = self.directory / "writing.tmp"
        with open(aside, "wb") as file:
            np.savez(file, **self.state())
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self.path())
        for old in sorted(self.directory.glob("checkpoint-*.npz"))[:-2]:
            old.unlink()

    def load(self):
        found = sorted(self.directory.glob("checkpoint-*.npz"))
        if found:
            with np.load(found[-1]) as state:
                self.take(state)

    def train(self):
        self.load()
        while self.epoch < self.epochs:
            self.run_epoch()
            self.save()
            if self.asked_to_stop and self.epoch < self.epochs:
                sys.exit(75)
        self.finish()

    def finish(self):
        np.save(Path(os.environ["SM_MODEL_DIR"]) / "weights.npy", self.weights)


def main(training):
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    training(options.epochs, options.seed).train()


if __name__ == "__main__":
    main(Training)
