# SPDX-License-Identifier: Apache-2.0
"""A checkpoint directory per test, and ways to break what is in it or whoever writes it."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Python"))

import nightshift_checkpoint

CONTRACT = ("SM_CHECKPOINT_DIR", "NIGHTSHIFT_RESUME_STEP", "NIGHTSHIFT_NOTICE_FILE", "NIGHTSHIFT_KEEP_CHECKPOINTS")

# Where syncing a file costs nothing, whatever else the disk is busy with.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

# Everything save() asks of the file system, in the order of a fault's number.
FILE_CALLS = ("mkdir", "open", "fsync", "rename", "unlink", "rmdir")


class CheckpointTestCase(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="nightshift-test-", dir=MEMORY))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.directory = self.root / "checkpoints"
        clean = {name: value for name, value in os.environ.items() if name not in CONTRACT}
        clean["SM_CHECKPOINT_DIR"] = str(self.directory)
        patch = mock.patch.dict(os.environ, clean, clear=True)
        patch.start()
        self.addCleanup(patch.stop)

    def save(self, step, content="weights", keep=None):
        with nightshift_checkpoint.save(step, keep) as directory:
            (directory / "part").mkdir()
            (directory / "weights.bin").write_text(content)
            (directory / "part" / "state.json").write_text(content)
        return self.directory / ("checkpoint-%08d" % step)

    def latest(self):
        """What latest() returns, and the lines it wrote to stderr."""
        with contextlib.redirect_stderr(io.StringIO()) as said:
            found = nightshift_checkpoint.latest()
        return found, said.getvalue().splitlines()

    def content(self, checkpoint):
        """The content of both files of save(), which must agree."""
        first = (checkpoint.directory / "weights.bin").read_text()
        self.assertEqual(first, (checkpoint.directory / "part" / "state.json").read_text())
        return first

    def names(self):
        return sorted(os.listdir(self.directory))

    def script(self, code, *arguments, **environment):
        """A real Python process running `code` with the module on its path."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "Python"), "PYTHONDONTWRITEBYTECODE": "1", **environment}
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)], env=environment, universal_newlines=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self._end, process)
        return process

    def _end(self, process):
        process.kill()
        process.communicate()


@contextlib.contextmanager
def fault(number, act):
    """Call `act` just before the file-system call of that number (from 1). Yields a counter of the calls so far."""
    count = [0]

    def wrap(call):
        def counted(*arguments, **options):
            count[0] += 1
            if count[0] == number:
                act()
            return call(*arguments, **options)
        return counted

    with contextlib.ExitStack() as stack:
        for name in FILE_CALLS:
            stack.enter_context(mock.patch.object(os, name, wrap(getattr(os, name))))
        yield count
