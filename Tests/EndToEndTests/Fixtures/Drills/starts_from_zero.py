# SPDX-License-Identifier: Apache-2.0
"""Never looks for a checkpoint."""

from training import Training, main


class StartsFromZero(Training):
    def load(self):
        pass


main(StartsFromZero)
