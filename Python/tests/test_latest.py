# SPDX-License-Identifier: Apache-2.0
import json
import os
import unittest

from support import CheckpointTestCase
from nightshift_checkpoint import Checkpoint, ResumeError, checkpoint_directory, latest


class Latest(CheckpointTestCase):
    def test_a_fresh_start_finds_nothing_and_says_nothing(self):
        self.assertEqual(self.latest(), (None, []))
        self.directory.mkdir()
        self.assertEqual(self.latest(), (None, []))

    def test_the_newest_is_the_one_with_the_highest_step(self):
        for step in (7, 100000000, 99999999):
            self.save(step)
        expected = Checkpoint(100000000, self.directory / "checkpoint-100000000")
        self.assertEqual(self.latest(), (expected, []))

    def test_a_torn_checkpoint_is_passed_over_with_its_reason(self):
        def rewrite(**changes):
            def change(directory):
                marker = json.loads((directory / ".complete").read_text())
                marker.update(changes)
                (directory / ".complete").write_text(json.dumps(marker))
            return change

        def entry(path):
            return [{"path": path, "bytes": 7, "sha256": "00"}]

        def flip(directory):
            content = bytearray((directory / "weights.bin").read_bytes())
            content[3] ^= 1
            (directory / "weights.bin").write_bytes(content)

        def link(directory):
            (directory / "weights.bin").rename(self.root / "elsewhere")
            (directory / "weights.bin").symlink_to(self.root / "elsewhere")

        def link_folder(directory):
            (directory / "part").rename(self.root / "part")
            (directory / "part").symlink_to(self.root / "part")

        def fifo(directory):
            (directory / "weights.bin").unlink()
            os.mkfifo(directory / "weights.bin")

        def marker_fifo(directory):
            (directory / ".complete").unlink()
            os.mkfifo(directory / ".complete")

        marker = "its marker is damaged"
        damages = [
            (lambda d: (d / ".complete").unlink(), "its marker .complete is missing"),
            (lambda d: (d / "weights.bin").unlink(), "weights.bin is missing"),
            (lambda d: os.truncate(d / "weights.bin", 3), "weights.bin has 3 bytes, marker says 7"),
            (lambda d: (d / "weights.bin").write_text("weights and more"), "weights.bin has 16 bytes, marker says 7"),
            (flip, "weights.bin has another SHA-256 than the marker says"),
            (link, "weights.bin is not a regular file"),
            (link_folder, "part/state.json is not a regular file"),
            (fifo, "weights.bin is not a regular file"),
            (lambda d: os.truncate(d / ".complete", 0), marker),
            (lambda d: os.truncate(d / ".complete", 40), marker),
            (lambda d: (d / ".complete").write_bytes(b"\xff\xfe"), marker),
            (lambda d: (d / ".complete").write_text("[]"), marker),
            (rewrite(files=[]), marker),
            (rewrite(files=[{}]), marker),
            (rewrite(files=["weights.bin"]), marker),
            (rewrite(files=entry("../checkpoint-00000001/weights.bin")), marker),
            (rewrite(files=entry("/etc/hostname")), marker),
            (rewrite(files=entry("a\0b")), marker),
            (rewrite(files=entry("weights.bin") * 2), marker),
            (rewrite(files=entry("weights.bin") + entry("part/state.json")), marker),
            (rewrite(files=entry(".complete")), marker),
            (rewrite(step=2.0), marker),
            (marker_fifo, marker),
            (rewrite(format="another"), "its marker is another version 1, not nightshift-checkpoint version 1"),
            (rewrite(version=2), "its marker is nightshift-checkpoint version 2, not nightshift-checkpoint version 1"),
            (rewrite(step=3), "its marker says step 3"),
        ]
        self.save(1)
        for number, (damage, reason) in enumerate(damages):
            with self.subTest(reason, number=number):
                damage(self.save(2))
                found, said = self.latest()
                self.assertEqual(said, ["nightshift: passed over checkpoint-00000002: " + reason])
                self.assertEqual((found.step, self.content(found)), (1, "weights"))

    def test_every_single_flipped_bit_of_a_file_is_seen(self):
        directory = self.save(1, "ab")
        for path in ("weights.bin", "part/state.json"):
            for bit in range(16):
                content = bytearray(b"ab")
                content[bit // 8] ^= 1 << bit % 8
                (directory / path).write_bytes(content)
                self.assertIsNone(self.latest()[0])
            (directory / path).write_bytes(b"ab")
        self.assertEqual(self.latest()[0].step, 1)

    def test_what_is_not_ours_is_passed_over_and_named(self):
        self.save(1)
        for name in ("checkpoint-2", "checkpoint-000000002", "checkpoint-00000003.tmp", "epoch-4"):
            (self.directory / name).mkdir()
        (self.directory / "checkpoint-00000005").write_text("a file")
        (self.directory / "checkpoint-00000006").symlink_to(self.directory / "checkpoint-00000001")
        (self.directory / ".hidden").mkdir()
        found, said = self.latest()
        self.assertEqual(found.step, 1)
        self.assertEqual(said, ["nightshift: passed over %s: not a checkpoint" % name for name in (
            "checkpoint-000000002", "checkpoint-00000003.tmp", "checkpoint-00000005", "checkpoint-00000006",
            "checkpoint-2", "epoch-4")])

    def test_files_beside_those_of_the_marker_do_no_harm(self):
        (self.save(1) / "notes.txt").write_text("mine")
        self.assertEqual(self.latest()[0].step, 1)

    def test_a_checkpoint_that_had_stepped_aside_when_its_run_died_is_put_back(self):
        dead = self.script("")
        dead.wait(20)
        directory = self.save(1)
        directory.rename(self.directory / (".checkpoint-00000001.replaced-%d" % dead.pid))
        self.assertEqual(self.latest()[0].step, 1)
        self.assertEqual(self.names(), ["checkpoint-00000001"])

    def test_checkpoints_lie_where_the_platform_says(self):
        self.assertEqual(checkpoint_directory(), self.directory)
        for unset in ("", None):
            os.environ.pop("SM_CHECKPOINT_DIR")
            if unset is not None:
                os.environ["SM_CHECKPOINT_DIR"] = unset
            self.assertEqual(str(checkpoint_directory()), "/opt/ml/checkpoints")
            os.environ["SM_CHECKPOINT_DIR"] = ""


class Resume(CheckpointTestCase):
    def test_a_restored_step_that_is_not_there_is_an_error_and_never_a_fresh_start(self):
        os.environ["NIGHTSHIFT_RESUME_STEP"] = "12"
        where = " in %s" % self.directory
        self.assert_refused("expected to resume at step 12, found nothing" + where)
        self.save(11)
        self.assert_refused("expected to resume at step 12, found only step 11" + where)
        (self.save(12) / "weights.bin").unlink()
        self.assert_refused("expected to resume at step 12, found only step 11" + where)

    def test_a_restored_step_or_a_newer_one_is_resumed(self):
        self.save(12)
        for expected in ("12", "11", "11.5", "0", ""):
            os.environ["NIGHTSHIFT_RESUME_STEP"] = expected
            self.assertEqual(latest().step, 12)

    def test_an_expectation_that_is_no_number_is_an_error(self):
        self.save(12)
        os.environ["NIGHTSHIFT_RESUME_STEP"] = "twelve"
        self.assert_refused("NIGHTSHIFT_RESUME_STEP is a step, not 'twelve'")
        os.environ["NIGHTSHIFT_RESUME_STEP"] = "nan"
        self.assert_refused("expected to resume at step nan, found only step 12 in %s" % self.directory)

    def assert_refused(self, sentence):
        with self.assertRaises(ResumeError) as raised:
            self.latest()
        self.assertEqual(str(raised.exception), sentence)


if __name__ == "__main__":
    unittest.main()
