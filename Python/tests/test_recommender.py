# SPDX-License-Identifier: Apache-2.0
"""Examples/recommender, run as real processes on ratings made up here."""

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import unittest
import zipfile

from support import CheckpointTestCase, ROOT

try:
    import numpy
except ImportError:
    numpy = None

EXAMPLE = ROOT / "Examples" / "recommender"
EPOCHS, STOPPED = 3, 75

# Runs the script, and sends the process itself a signal just before the n-th call of a function it uses.
INTERRUPTED = """
import os, runpy, sys
script, module, function, number, signal = sys.argv[1], *sys.argv[2].split(",")
owner = __import__(module)
original, calls = getattr(owner, function), 0
def counted(*arguments, **options):
    global calls
    calls += 1
    if calls == int(number):
        os.kill(os.getpid(), int(signal))
    return original(*arguments, **options)
setattr(owner, function, counted)
sys.argv = [script, *sys.argv[3:]]
runpy.run_path(script, run_name="__main__")
"""


def made_up_ratings():
    """Tastes with a little noise, so that there is something to learn: 40 users, 30 films, 900 ratings."""
    chance = random.Random(7)
    likes = [chance.uniform(-1, 1) for _ in range(70)]
    rows = ["user_id:token\titem_id:token\trating:float\ttimestamp:float"]
    for number, pair in enumerate(chance.sample([(user, item) for user in range(40) for item in range(30)], 900)):
        rating = 3.5 + likes[pair[0]] + 2 * likes[pair[0]] * likes[40 + pair[1]] + chance.uniform(-0.5, 0.5)
        rows.append("%d\t%d\t%d\t%d" % (pair[0] + 1, pair[1] + 1, min(5, max(1, round(rating))), 880000000 + number))
    return "\n".join(rows) + "\n"


@unittest.skipIf(numpy is None, "needs NumPy: pip install -r Examples/recommender/requirements.txt")
class Recommender(CheckpointTestCase):
    def setUp(self):
        super().setUp()
        (self.root / "train").mkdir()
        (self.root / "train" / "ratings.tsv").write_text(made_up_ratings())

    def train(self, name, interruption=None, *arguments):
        """One attempt in a place of that name: exit status (negative for a signal) and lines of output."""
        place = self.root / name
        command = ["-c", INTERRUPTED] if interruption else []
        command += [EXAMPLE / "train.py"] + ([interruption] if interruption else [])
        command += ["--epochs", EPOCHS, "--factors", 8, "--learning-rate", 0.01, *arguments]
        environment = {
            **os.environ, "PYTHONDONTWRITEBYTECODE": "1", "SM_CHANNEL_TRAIN": str(self.root / "train"),
            "SM_MODEL_DIR": str(place / "model"), "SM_CHECKPOINT_DIR": str(place / "checkpoints")}
        done = subprocess.run([sys.executable, *map(str, command)], env=environment, universal_newlines=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.errors = done.stderr
        return done.returncode, done.stdout.splitlines()

    def model(self, name):
        """The digest of every file of a model."""
        directory = self.root / name / "model"
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}

    def undisturbed(self):
        self.assertEqual(self.train("undisturbed")[0], 0, getattr(self, "errors", ""))
        return self.model("undisturbed")

    def test_a_run_tells_each_epoch_and_ends_with_a_model_that_has_learned(self):
        status, lines = self.train("undisturbed")
        self.assertEqual((status, self.errors), (0, ""))
        number = r"[0-9]+\.[0-9]+"
        expected = []
        for epoch in range(EPOCHS):
            expected += [r"progress epoch=%d\.%s loss=%s" % (epoch, part, number) for part in ("25", "50", "75")]
            expected += [r"progress epoch=%d" % (epoch + 1)]
            expected += [r"epoch=%d loss=%s rmse=%s lr=%s seconds=%s" % (epoch + 1, *[number] * 4)]
        self.assertEqual(len(lines), len(expected), lines)
        for line, pattern in zip(lines, expected):
            self.assertRegex(line, "^%s$" % pattern)
        history = json.loads((self.root / "undisturbed/model/model.json").read_text())["metrics"]["history"]
        rmses = [entry["rmse"] for entry in history]
        self.assertEqual(rmses, sorted(rmses, reverse=True))
        self.assertEqual(sorted(self.model("undisturbed")), [
            "item_bias.npy", "item_factors.npy", "item_ids.npy", "model.json", "user_bias.npy", "user_factors.npy",
            "user_ids.npy"])

    def test_any_number_of_kills_gives_the_same_model_to_the_bit(self):
        expected = self.undisturbed()
        for seed in range(2):
            chance = random.Random(seed)
            name, kills = "killed-%d" % seed, 0
            for _ in range(5):
                in_a_step = "numpy,einsum,%d,%d" % (chance.randint(2, 200), signal.SIGKILL)
                in_a_save = "os,fsync,%d,%d" % (chance.randint(1, 22), signal.SIGKILL)
                status, _ = self.train(name, chance.choice([in_a_step, in_a_save]))
                self.assertIn(status, (0, -signal.SIGKILL), self.errors)
                kills += status != 0
            self.assertGreaterEqual(kills, 3, "seed %d" % seed)
            self.assertEqual(self.train(name)[0], 0, self.errors)
            self.assertEqual(self.model(name), expected, "seed %d" % seed)

    def test_any_number_of_notices_gives_the_same_model_to_the_bit(self):
        expected = self.undisturbed()
        chance = random.Random(11)
        resumed_at = 0
        for attempt in range(30):
            status, lines = self.train("noticed", "numpy,einsum,%d,%d" % (chance.randint(1, 120), signal.SIGTERM))
            if attempt:
                first = re.fullmatch(r"resumed from epoch=([0-9.]+) step=(\d+)", lines[0])
                self.assertEqual(int(first.group(2)), resumed_at)
            if status == 0:
                break
            self.assertEqual(status, STOPPED, self.errors)
            self.assertFalse((self.root / "noticed" / "model").exists())
            resumed_at = int(re.fullmatch(r"stopped at step=(\d+) epoch=[0-9.]+", lines[-1]).group(1))
        self.assertGreaterEqual(attempt, 3)
        self.assertEqual(self.model("noticed"), expected)

    def test_a_finished_run_started_again_writes_the_same_model(self):
        expected = self.undisturbed()
        status, lines = self.train("undisturbed")
        self.assertEqual((status, len(lines)), (0, 1))
        self.assertRegex(lines[0], r"^resumed from epoch=%d step=\d+$" % EPOCHS)
        self.assertEqual(self.model("undisturbed"), expected)

    def test_a_checkpoint_of_other_hyperparameters_is_refused(self):
        self.undisturbed()
        status, lines = self.train("undisturbed", None, "--seed", 2)
        self.assertEqual((status, lines), (1, []))
        self.assertIn("was made from other ratings or hyperparameters: give this run an empty checkpoint", self.errors)

    def test_missing_ratings_are_named_with_the_remedy(self):
        (self.root / "train" / "ratings.tsv").unlink()
        self.assertEqual(self.train("nothing"), (1, []))
        self.assertRegex(self.errors, r"^no ratings at .*/ratings\.tsv: run fetch_data\.py, or set SM_CHANNEL_TRAIN")


class FetchData(CheckpointTestCase):
    def fetch(self, *arguments, **environment):
        done = subprocess.run([sys.executable, str(EXAMPLE / "fetch_data.py"), *map(str, arguments)],
                              env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(list(self.root.glob("*.tsv*")), [])
        return done.stderr

    def test_when_pip_cannot_its_words_and_a_remedy_are_given(self):
        said = self.fetch(self.root / "ratings.tsv", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(self.root))
        self.assertIn("pip could not download recbole==1.2.1, so there are no ratings yet. pip's last words:\n", said)
        self.assertIn("With a wheel from elsewhere: fetch_data.py --wheel FILE\n", said)

    def test_other_ratings_than_the_known_ones_are_not_written(self):
        wheel = self.root / "wheel.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("recbole/dataset_example/ml-100k/ml-100k.inter", made_up_ratings())
        said = self.fetch("--wheel", wheel, self.root / "ratings.tsv")
        self.assertIn("is not a table of 100000 ratings with the columns we know (it has 900 rows)", said)


if __name__ == "__main__":
    unittest.main()
