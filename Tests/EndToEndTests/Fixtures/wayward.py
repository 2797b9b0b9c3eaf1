# SPDX-License-Identifier: Apache-2.0
"""A training job that goes wrong in one way, named by --wrong. With --once it does so only in its first process, and
trains on in order after that. Processes are counted in the directory --notes, which outlives machines."""

import argparse
import json
import os
import signal
import time
from pathlib import Path

from nightshift_checkpoint import latest, save


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seconds", type=float, help="of an epoch")
    parser.add_argument("--wrong")
    parser.add_argument("--once", type=int, default=0)
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--bytes", type=int, default=1000, help="of a checkpoint")
    options, _ = parser.parse_known_args()
    with open(options.notes / "starts", "a") as notes:
        notes.write("%d\n" % os.getpid())
    is_first = len((options.notes / "starts").read_text().splitlines()) == 1
    wrong = options.wrong if is_first or not options.once else ""
    checkpoint = latest()
    resumed = checkpoint is not None
    epoch = json.loads((checkpoint.directory / "state.json").read_text()) if checkpoint else 0
    if resumed and wrong == "starts over":
        epoch = 0
    first = epoch + 1
    if wrong == "never begins":
        time.sleep(10000)
    while epoch < options.epochs:
        time.sleep(options.seconds)
        epoch += 1
        if wrong == "hangs" and epoch == first + 3:
            time.sleep(10000)
        if wrong == "stops" and epoch == first + 3:
            os.kill(os.getpid(), signal.SIGSTOP)
        loss = "%.4f" % (1 / epoch)
        if wrong == "nan" and epoch > 3:
            loss = "nan"
        if wrong == "explodes" and epoch > 5:
            loss = "%d" % (epoch * 1000)
        if wrong == "jumps" and resumed:
            loss = "%.4f" % (3 / epoch)
        (options.notes / "epoch").write_text(str(epoch))
        print("epoch=%d loss=%s" % (epoch, loss), flush=True)
        if wrong != "never saves":
            with save(epoch) as directory:
                (directory / "state.json").write_text(json.dumps(epoch))
                (directory / "weights").write_bytes(os.urandom(options.bytes))
    if wrong != "no model":
        Path(os.environ["SM_MODEL_DIR"], "model.json").write_text(json.dumps(epoch))


if __name__ == "__main__":
    main()
