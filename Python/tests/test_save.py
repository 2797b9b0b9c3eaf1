# SPDX-License-Identifier: Apache-2.0
import errno
import hashlib
import json
import os
import signal
import sys
import unittest
from unittest import mock

from support import CheckpointTestCase, fault
import nightshift_checkpoint
from nightshift_checkpoint import save


class Save(CheckpointTestCase):
    def test_the_marker_names_every_file_with_size_and_digest_in_order_of_path(self):
        directory = self.save(12, content="abc")
        digest = hashlib.sha256(b"abc").hexdigest()
        self.assertEqual(self.names(), ["checkpoint-00000012"])
        self.assertEqual(json.loads((directory / ".complete").read_text()), {
            "format": "nightshift-checkpoint", "version": 1, "step": 12, "files": [
                {"path": "part/state.json", "bytes": 3, "sha256": digest},
                {"path": "weights.bin", "bytes": 3, "sha256": digest}]})

    def test_nothing_is_visible_before_the_body_ends(self):
        with save(1) as directory:
            (directory / "weights.bin").write_text("half")
            self.assertEqual(self.names(), [".checkpoint-00000001.writing-%d" % os.getpid()])
            self.assertIsNone(self.latest()[0])
            (directory / "weights.bin").write_text("whole")
        self.assertEqual(self.names(), ["checkpoint-00000001"])

    def test_a_body_that_raises_leaves_nothing_and_the_error_comes_through(self):
        for error in (ValueError("diverged"), OSError(errno.ENOSPC, "disk full"), KeyboardInterrupt(), SystemExit(3)):
            with self.subTest(error=error), self.assertRaises(type(error)):
                with save(1) as directory:
                    (directory / "weights.bin").write_text("half")
                    raise error
            self.assertEqual(self.names(), [])

    def test_files_are_synced_before_the_marker_and_the_marker_before_the_rename(self):
        events = []
        fsync, rename = os.fsync, os.rename

        def synced(descriptor):
            target = "%s" % os.readlink("/proc/self/fd/%d" % descriptor)
            events.append("fsync " + os.path.basename(target).replace(str(os.getpid()), "PID"))
            fsync(descriptor)

        def renamed(source, target):
            events.append("rename")
            rename(source, target)

        if not os.path.isdir("/proc/self/fd"):
            self.skipTest("needs /proc to tell which file is synced")
        with mock.patch.object(os, "fsync", synced), mock.patch.object(os, "rename", renamed):
            self.save(1)
        self.assertEqual(events, [
            "fsync state.json", "fsync weights.bin", "fsync .complete", "fsync part",
            "fsync .checkpoint-00000001.writing-PID", "rename", "fsync checkpoints"])

    def test_saving_a_step_again_replaces_it(self):
        self.save(1, "first")
        self.save(1, "second")
        self.assertEqual(self.content(self.latest()[0]), "second")
        self.assertEqual(self.names(), ["checkpoint-00000001"])

    def test_the_newest_three_are_kept_unless_told_otherwise(self):
        for step in range(5):
            self.save(step)
        self.assertEqual(self.names(), ["checkpoint-00000002", "checkpoint-00000003", "checkpoint-00000004"])
        os.environ["NIGHTSHIFT_KEEP_CHECKPOINTS"] = "2"
        self.save(5)
        self.assertEqual(self.names(), ["checkpoint-00000004", "checkpoint-00000005"])
        self.save(6, keep=1)
        self.assertEqual(self.names(), ["checkpoint-00000006"])

    def test_only_whole_and_older_checkpoints_are_counted_and_removed(self):
        self.save(9)
        (self.save(2) / "weights.bin").unlink()
        (self.directory / "checkpoint-final").mkdir()
        for step in (1, 3, 4):
            self.save(step, keep=1)
        self.assertEqual(self.names(), [
            "checkpoint-00000002", "checkpoint-00000004", "checkpoint-00000009", "checkpoint-final"])

    def test_leftovers_of_dead_runs_are_removed_and_of_living_ones_left(self):
        self.directory.mkdir()
        child = self.script("input()")
        dead = self.script("")
        dead.wait(20)
        for process in (dead.pid, child.pid, os.getpid()):
            (self.directory / (".checkpoint-00000007.writing-%d" % process)).mkdir()
        (self.directory / ".other.writing-1").mkdir()
        self.save(1)
        self.assertEqual(self.names(), sorted([
            ".checkpoint-00000007.writing-%d" % child.pid, ".other.writing-1", "checkpoint-00000001"]))

    def test_an_old_checkpoint_that_cannot_be_removed_does_not_end_the_training(self):
        self.save(1)
        with mock.patch("nightshift_checkpoint._remove", side_effect=PermissionError(13, "Permission denied")):
            with mock.patch("nightshift_checkpoint._say") as say:
                self.save(2, keep=1)
        say.assert_called_once_with("could not remove checkpoint-00000001: [Errno 13] Permission denied")

    def test_what_cannot_be_a_checkpoint_is_refused(self):
        def link(directory):
            (directory / "weights.bin").write_text("w")
            (directory / "last").symlink_to("weights.bin")

        def folder_link(directory):
            (directory / "folder").symlink_to(self.root)

        refusals = [
            (link, "last is not a regular file: a checkpoint holds nothing else"),
            (folder_link, "folder is not a regular file: a checkpoint holds nothing else"),
            (lambda directory: os.mkfifo(directory / "pipe"), "pipe is not a regular file"),
            (lambda directory: (directory / ".complete").write_text("{}"), ".complete is written by save() itself"),
            (lambda directory: None, "nothing was written below"),
        ]
        for body, sentence in refusals:
            with self.subTest(sentence), self.assertRaises(ValueError) as raised:
                with save(1) as directory:
                    body(directory)
            self.assertIn(sentence, str(raised.exception))
            self.assertEqual(self.names(), [])

    def test_steps_are_whole_numbers_from_zero_up(self):
        self.assertEqual(self.save(123456789).name, "checkpoint-123456789")
        for step, error in ((-1, ValueError), (1.0, TypeError), ("1", TypeError), (True, TypeError), (None, TypeError)):
            with self.subTest(step=step), self.assertRaises(error):
                self.save(step)

    def test_a_number_to_keep_is_one_or_more(self):
        with self.assertRaisesRegex(ValueError, "keep is 1 or more, not 0"):
            self.save(1, keep=0)
        os.environ["NIGHTSHIFT_KEEP_CHECKPOINTS"] = "all"
        with self.assertRaisesRegex(ValueError, "NIGHTSHIFT_KEEP_CHECKPOINTS is a whole number from 1 up, not 'all'"):
            self.save(1)


class Crashes(CheckpointTestCase):
    """Every file-system call of a save, one after the other, is the last thing that works."""

    scenarios = {"a new step": (1, 2), "the same step again": (1, 1)}

    def test_a_save_killed_at_any_call_leaves_the_old_or_the_new_checkpoint_whole(self):
        for name, (old, new) in self.scenarios.items():
            for number in self.every_call():
                with self.subTest(name, call=number):
                    self.save(old, "old", keep=1)
                    killed = self.killed_save(number, new)
                    self.assertIn(self.content(self.latest()[0]), ("old", "new") if killed else ("new",))
                    self.save(9, "next", keep=1)
                    self.assertEqual(self.names(), ["checkpoint-00000009"])
                if not killed:
                    break
            self.assertGreater(number, 15)

    def test_a_save_that_fails_at_any_call_leaves_the_old_or_the_new_checkpoint_whole(self):
        def fail():
            raise OSError(errno.ENOSPC, "No space left on device")

        for name, (old, new) in self.scenarios.items():
            for number in self.every_call():
                with self.subTest(name, call=number):
                    self.save(old, "old", keep=1)
                    with fault(number, fail) as calls, mock.patch("nightshift_checkpoint._say"):
                        try:
                            self.save(new, "new", keep=1)
                        except OSError:
                            pass
                    self.assertTrue([name for name in self.names() if not name.startswith(".")])
                    self.assertIn(self.content(self.latest()[0]), ("old", "new"))
                    self.save(9, "next", keep=1)
                    self.assertEqual(self.names(), ["checkpoint-00000009"])
                if calls[0] < number:
                    break
            self.assertGreater(number, 15)

    def every_call(self):
        for number in range(1, 100):
            for entry in self.directory.iterdir() if self.directory.exists() else []:
                nightshift_checkpoint._remove(entry)
            yield number
        self.fail("a save makes fewer calls than that")

    def killed_save(self, number, step):
        """Whether a child process died at that call; otherwise it finished the save."""
        child = os.fork()
        if child == 0:
            with fault(number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                self.save(step, "new", keep=1)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        self.assertIn(status, (0, signal.SIGKILL))
        return status != 0

    def test_a_trainer_killed_from_outside_at_any_moment_has_lost_nothing_it_reported(self):
        code = (
            "import nightshift_checkpoint as n\n"
            "found = n.latest()\n"
            "step = found.step if found else 0\n"
            "print(step, flush=True)\n"
            "while True:\n"
            "    step += 1\n"
            "    with n.save(step) as directory:\n"
            "        for name in 'abc':\n"
            "            (directory / name).write_bytes(b'%d' % step * 5000)\n"
            "    print(step, flush=True)\n")
        reported = 0
        for lines in (1, 2, 3, 5, 8, 13):
            trainer = self.script(code)
            self.assertGreaterEqual(int(trainer.stdout.readline()), reported)
            for _ in range(lines):
                reported = int(trainer.stdout.readline())
            trainer.kill()
            trainer.wait(20)
            found, said = self.latest()
            self.assertEqual(said, [])
            self.assertGreaterEqual(found.step, reported)
            self.assertEqual((found.directory / "c").read_bytes(), b"%d" % found.step * 5000)


if __name__ == "__main__":
    sys.exit(unittest.main())
