"""A stand-in that saves after each epoch and goes on from the newest save: what advice looks at, and drills can prove."""

import argparse
import json
import os
import signal
import time


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=0.5)
    args = parser.parse_args()
    # At a notice the present epoch is finished and saved, and then the script makes room.
    noticed = []
    signal.signal(signal.SIGTERM, lambda *_: noticed.append(True))
    directory = os.environ["SM_CHECKPOINT_DIR"]
    state = {"epoch": 0, "loss": 1.0}
    saved = os.path.join(directory, "state.json")
    if os.path.exists(saved):
        with open(saved) as file:
            state = json.load(file)
    while state["epoch"] < args.epochs:
        time.sleep(args.seconds)
        state = {"epoch": state["epoch"] + 1, "loss": state["loss"] * 0.9, "weights": [0.5] * 200_000}
        with open(saved + ".partial", "w") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(saved + ".partial", saved)
        print(f"epoch={state['epoch']} loss={state['loss']:.6f}", flush=True)
        if noticed:
            return
    with open(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"), "w") as file:
        json.dump(state, file)


if __name__ == "__main__":
    main()
