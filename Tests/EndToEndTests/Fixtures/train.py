# SPDX-License-Identifier: Apache-2.0
"""A small training job that is real work: each epoch is a chain of hashes over all epochs before it, so the model's
bytes depend on every step. Interrupted any number of times, it ends with the same bytes."""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

from nightshift_checkpoint import latest, save, stopping


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--work", type=int, default=100000, help="hashes an epoch")
    parser.add_argument("--fail-at", type=int, default=0, help="an epoch in which the code breaks")
    parser.add_argument("--say", type=Path, help="a file whose lines are printed first")
    options, rest = parser.parse_known_args()
    if options.say:
        sys.stdout.buffer.write(options.say.read_bytes())
        sys.stdout.buffer.flush()
    epoch, state = 0, hashlib.sha256(b"seed 1").digest()
    checkpoint = latest()
    if checkpoint:
        saved = json.loads((checkpoint.directory / "state.json").read_text())
        epoch, state = saved["epoch"], bytes.fromhex(saved["state"])
        print("resumed epoch=%d" % epoch, flush=True)
    while epoch < options.epochs:
        for _ in range(options.work):
            state = hashlib.sha256(state).digest()
        epoch += 1
        if epoch == options.fail_at:
            raise ArithmeticError("loss is NaN in epoch %d" % epoch)
        print("epoch=%d loss=%.6f" % (epoch, state[0] / 256), flush=True)
        with save(epoch) as directory:
            (directory / "state.json").write_text(json.dumps({"epoch": epoch, "state": state.hex()}))
            (directory / "weights.bin").write_bytes(state * 512)
        if stopping() and epoch < options.epochs:
            sys.exit(75)
    model = Path(os.environ["SM_MODEL_DIR"])
    (model / "vectors").mkdir(parents=True, exist_ok=True)
    (model / "vectors" / "weights.bin").write_bytes(state * 4096)
    (model / "model.json").write_text(json.dumps({"digest": state.hex(), "epochs": epoch, "rest": rest}))


if __name__ == "__main__":
    main()
