# SPDX-License-Identifier: Apache-2.0
"""Takes the epoch that it saved for the one that comes next."""

from training import Training, main


class OneAhead(Training):
    def take(self, state):
        super().take(state)
        self.epoch += 1


main(OneAhead)
