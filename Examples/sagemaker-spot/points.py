"""Writes the example's data below data/: noisy points of a line, the same ones each time."""

import pathlib
import random

random.seed(1)
for channel, count in [("train", 2000), ("val", 200)]:
    folder = pathlib.Path("data", channel)
    folder.mkdir(parents=True, exist_ok=True)
    rows = [(x, 2 * x + 1 + random.gauss(0, 0.1)) for x in (random.uniform(-1, 1) for _ in range(count))]
    (folder / "points.csv").write_text("".join(f"{x:.6f},{y:.6f}\n" for x, y in rows))
