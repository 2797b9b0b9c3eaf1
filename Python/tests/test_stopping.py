# SPDX-License-Identifier: Apache-2.0
import os
import unittest

from support import CheckpointTestCase
from nightshift_checkpoint import stopping

# Prints a line when ready, waits for one on stdin, then prints what stopping() says.
ASK = "print('ready', flush=True); input(); print(stopping(), flush=True)\n"


class Stopping(CheckpointTestCase):
    def after_sigterm(self, code, **environment):
        """The lines a script prints after it was sent SIGTERM between its `ready` and its next line of input."""
        process = self.script(code, **environment)
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.terminate()
        said, errors = process.communicate("\n", timeout=20)
        self.assertEqual((process.returncode, errors), (0, ""))
        return said.splitlines()

    def test_nobody_asks_to_stop_at_first(self):
        self.assertFalse(stopping())

    def test_sigterm_asks_to_stop_and_ends_nothing_by_itself(self):
        self.assertEqual(self.after_sigterm("from nightshift_checkpoint import stopping\n" + ASK), ["True"])

    def test_a_handler_that_was_there_before_is_called_too(self):
        code = ("import signal\n"
                "signal.signal(signal.SIGTERM, lambda number, frame: print('mine', number, flush=True))\n"
                "from nightshift_checkpoint import stopping\n" + ASK)
        self.assertEqual(self.after_sigterm(code), ["mine 15", "True"])

    def test_an_import_outside_the_main_thread_works_and_the_first_question_in_it_listens(self):
        code = ("import threading\n"
                "def load():\n    global stopping\n    from nightshift_checkpoint import stopping\n    stopping()\n"
                "thread = threading.Thread(target=load); thread.start(); thread.join()\n"
                "assert stopping() is False\n" + ASK)
        self.assertEqual(self.after_sigterm(code), ["True"])

    def test_a_forked_worker_still_dies_of_sigterm(self):
        code = ("import os, signal, nightshift_checkpoint\n"
                "child = os.fork()\n"
                "if child == 0: signal.pause()\n"
                "os.kill(child, signal.SIGTERM)\n"
                "print(os.WTERMSIG(os.waitpid(child, 0)[1]))\n")
        self.assertEqual(self.script(code).communicate(timeout=20), ("15\n", ""))

    def test_a_forked_worker_that_asks_is_told(self):
        code = ("import os\nfrom nightshift_checkpoint import stopping\n"
                "if os.fork() == 0:\n"
                "    assert not stopping()\n"
                "    os.kill(os.getpid(), 15); print(stopping(), flush=True); os._exit(0)\n"
                "os.wait(); print(stopping())\n")
        self.assertEqual(self.script(code).communicate(timeout=20), ("True\nFalse\n", ""))

    def test_the_notice_file_asks_to_stop_as_soon_as_it_exists(self):
        notice = self.root / "notice"
        os.environ["NIGHTSHIFT_NOTICE_FILE"] = str(notice)
        self.assertFalse(stopping())
        notice.write_text("")
        self.assertTrue(stopping())


if __name__ == "__main__":
    unittest.main()
