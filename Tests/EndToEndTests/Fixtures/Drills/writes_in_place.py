# SPDX-License-Identifier: Apache-2.0
"""Has one checkpoint file and overwrites it."""

import numpy as np

from training import Training, main


class WritesInPlace(Training):
    def path(self):
        return self.directory / "checkpoint-last.npz"

    def save(self):
        np.savez(self.path(), **self.state())


main(WritesInPlace)
