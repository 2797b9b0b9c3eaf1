# SPDX-License-Identifier: Apache-2.0
"""Trains a movie recommender, the way a SageMaker script does: arguments in, SM_* directories, a model out.

Matrix factorisation with biases. The newest ratings of every user are held out; the past is trained on. A run that is
interrupted any number of times ends with the same bytes as one that is left alone: everything that decides about the
next step is in the checkpoint, and the step is the number of minibatches trained so far.
"""

import argparse
import hashlib
import json
import math
import os
import sys
import time
from pathlib import Path

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # read once, when NumPy is imported

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent.parent / "Python"))  # used where no copy of the module lies beside this file

from nightshift_checkpoint import latest, save, stopping

STOPPED = 75  # EX_TEMPFAIL: not done, start me again
MOMENTUM = np.float32(0.9)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--factors", type=int, default=192, help="length of a user's and a film's vector")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--learning-rate", type=float, default=0.001, help="at the start; falls to a tenth")
    parser.add_argument("--regularization", type=float, default=0.1, help="of the vectors; biases take half of it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--train", type=Path, default=os.environ.get("SM_CHANNEL_TRAIN", HERE / "data" / "train"))
    parser.add_argument("--model-dir", type=Path, default=os.environ.get("SM_MODEL_DIR", HERE / "models"))
    return parser.parse_args()


class Ratings:
    """The table of ratings, split into the past (trained on) and every user's newest tenth (held out)."""

    def __init__(self, path):
        content = path.read_bytes()
        self.digest = hashlib.sha256(content).hexdigest()
        table = np.loadtxt(content.decode("utf-8").splitlines(), skiprows=1, ndmin=2)
        table = table[np.lexsort((table[:, 1], table[:, 3], table[:, 0]))]  # by user, then time, then film
        self.user_ids, users = np.unique(table[:, 0].astype(np.int64), return_inverse=True)
        self.item_ids, items = np.unique(table[:, 1].astype(np.int64), return_inverse=True)
        values = table[:, 2].astype(np.float32)
        each = np.bincount(users)
        rank_from_newest = np.repeat(np.cumsum(each), each) - 1 - np.arange(len(users))
        held_out = rank_from_newest < np.maximum(1, each // 10)[users]
        self.mean = np.float32(values[~held_out].mean(dtype=np.float64))
        self.past = users[~held_out], items[~held_out], values[~held_out] - self.mean
        self.newest = users[held_out], items[held_out], values[held_out] - self.mean


class Factorisation:
    """rating = mean + user bias + film bias + user vector . film vector; SGD with momentum on the squared error."""

    def __init__(self, users, items, factors, rng):
        self.weights = {
            "user_factors": rng.normal(0, 0.1, (users, factors)).astype(np.float32),
            "item_factors": rng.normal(0, 0.1, (items, factors)).astype(np.float32),
            "user_bias": np.zeros(users, np.float32),
            "item_bias": np.zeros(items, np.float32),
        }
        self.velocity = {name: np.zeros_like(weight) for name, weight in self.weights.items()}

    def predict(self, users, items):
        w = self.weights
        dot = np.einsum("ij,ij->i", w["user_factors"][users], w["item_factors"][items])
        return w["user_bias"][users] + w["item_bias"][items] + dot

    def step(self, users, items, ratings, rate, regularization):
        """Learn from one minibatch; returns the sum of its squared errors before the change."""
        w, v = self.weights, self.velocity
        user_vectors, item_vectors = w["user_factors"][users], w["item_factors"][items]
        dot = np.einsum("ij,ij->i", user_vectors, item_vectors)
        error = w["user_bias"][users] + w["item_bias"][items] + dot - ratings
        for velocity in v.values():
            velocity *= MOMENTUM
        strong, weak = np.float32(regularization), np.float32(regularization / 2)
        np.add.at(v["user_factors"], users, error[:, None] * item_vectors + strong * user_vectors)
        np.add.at(v["item_factors"], items, error[:, None] * user_vectors + strong * item_vectors)
        np.add.at(v["user_bias"], users, error + weak * w["user_bias"][users])
        np.add.at(v["item_bias"], items, error + weak * w["item_bias"][items])
        for name in w:
            w[name] -= np.float32(rate) * v[name]
        return float(error @ error)

    def rmse(self, users, items, ratings, mean):
        rating = np.clip(self.predict(users, items) + mean, 1, 5)
        return math.sqrt(np.mean((rating - mean - ratings) ** 2, dtype=np.float64))


class Training:
    """All that changes while training, and how it goes to disk and back."""

    def __init__(self, options, ratings):
        self.ratings = ratings
        self.rng = np.random.default_rng(options.seed)
        self.model = Factorisation(len(ratings.user_ids), len(ratings.item_ids), options.factors, self.rng)
        self.steps_per_epoch = -(-len(ratings.past[0]) // options.batch_size)
        self.step = 0
        self.squared_error = 0.0  # of this epoch so far
        self.history = []
        self.order_state = None  # of the generator, just before it shuffled for the epoch of `step`
        names = ("epochs", "factors", "batch_size", "learning_rate", "regularization", "seed")
        self.identity = {"ratings_sha256": ratings.digest, **{name: getattr(options, name) for name in names}}

    def epochs(self):
        """Epochs completed, as printed; rounded down, so that a whole number means whole epochs."""
        hundredths, rest = divmod(self.step * 100, self.steps_per_epoch)
        return "%d" % (hundredths // 100) if rest == hundredths % 100 == 0 else "%.2f" % (hundredths / 100)

    def save(self):
        with save(self.step) as directory:
            for name in self.model.weights:
                np.save(directory / (name + ".npy"), self.model.weights[name])
                np.save(directory / (name + ".velocity.npy"), self.model.velocity[name])
            between_epochs = self.step % self.steps_per_epoch == 0
            state = {
                "step": self.step,
                "epoch": self.step // self.steps_per_epoch,
                "squared_error": self.squared_error,
                "history": self.history,
                "order_rng": self.rng.bit_generator.state if between_epochs else self.order_state,
                "identity": self.identity,
            }
            (directory / "state.json").write_text(json.dumps(state, sort_keys=True), encoding="utf-8")

    def restore(self, directory):
        state = json.loads((directory / "state.json").read_text(encoding="utf-8"))
        if state["identity"] != self.identity:
            sys.exit("%s was made from other ratings or hyperparameters: give this run an empty checkpoint directory, "
                     "or the ones it had" % directory)
        for name in self.model.weights:
            self.model.weights[name] = np.load(directory / (name + ".npy"))
            self.model.velocity[name] = np.load(directory / (name + ".velocity.npy"))
        self.step, self.squared_error, self.history = state["step"], state["squared_error"], state["history"]
        self.rng.bit_generator.state = state["order_rng"]

    def run_epoch(self, options):
        """Train to the end of the epoch that `step` lies in. Returns False if it was left early, with all saved."""
        users, items, values = self.ratings.past
        self.order_state = self.rng.bit_generator.state
        order = self.rng.permutation(len(users))
        total = self.steps_per_epoch * options.epochs
        quarters = {-(-self.steps_per_epoch * quarter // 4) for quarter in (1, 2, 3)}
        for position in range(self.step % self.steps_per_epoch, self.steps_per_epoch):
            batch = order[position * options.batch_size:(position + 1) * options.batch_size]
            rate = options.learning_rate * (1 - 0.9 * self.step / total)
            self.squared_error += self.model.step(
                users[batch], items[batch], values[batch], rate, options.regularization)
            self.step += 1
            trained = position + 1
            if trained == self.steps_per_epoch:
                break
            if trained in quarters:
                say("progress epoch=%s loss=%.4f" % (
                    self.epochs(), self.squared_error / (trained * options.batch_size)))
            if stopping():
                say("progress epoch=%s" % self.epochs())
                self.save()
                return False
        # Told before the save: what a checkpoint holds is what the log had said when it was written.
        say("progress epoch=%s" % self.epochs())
        loss, self.squared_error = self.squared_error / len(users), 0.0
        rmse = self.model.rmse(*self.ratings.newest, self.ratings.mean)
        self.history.append({"epoch": self.step // self.steps_per_epoch, "loss": loss, "rmse": rmse, "rate": rate})
        self.save()
        return True

    def write_model(self, directory):
        """The same bytes for the same training: no times, no host, sorted keys."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, weight in self.model.weights.items():
            np.save(directory / (name + ".npy"), weight)
        np.save(directory / "user_ids.npy", self.ratings.user_ids)
        np.save(directory / "item_ids.npy", self.ratings.item_ids)
        description = {
            "model": "matrix factorisation with biases",
            "mean_rating": float(self.ratings.mean),
            "training": self.identity,
            "metrics": {"rmse": self.history[-1]["rmse"], "loss": self.history[-1]["loss"], "history": self.history},
        }
        text = json.dumps(description, sort_keys=True, indent=1) + "\n"
        (directory / "model.json").write_text(text, encoding="utf-8")


def say(line):
    print(line, flush=True)


def main():
    options = arguments()
    file = options.train / "ratings.tsv"
    if not file.is_file():
        sys.exit("no ratings at %s: run fetch_data.py, or set SM_CHANNEL_TRAIN to their directory" % file)
    training = Training(options, Ratings(file))
    checkpoint = latest()
    if checkpoint:
        training.restore(checkpoint.directory)
        say("resumed from epoch=%s step=%d" % (training.epochs(), training.step))
    while training.step < training.steps_per_epoch * options.epochs:
        started = time.monotonic()
        finished = training.run_epoch(options)
        if finished:
            last = training.history[-1]
            say("epoch=%d loss=%.4f rmse=%.4f lr=%.5f seconds=%.1f" % (
                last["epoch"], last["loss"], last["rmse"], last["rate"], time.monotonic() - started))
        if not finished or (stopping() and last["epoch"] < options.epochs):
            say("stopped at step=%d epoch=%s" % (training.step, training.epochs()))
            sys.exit(STOPPED)
    training.write_model(options.model_dir)


if __name__ == "__main__":
    main()
