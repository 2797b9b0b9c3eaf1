# SPDX-License-Identifier: Apache-2.0
"""Trains the epoch of its checkpoint again."""

from training import Training, main


class OneBehind(Training):
    def take(self, state):
        super().take(state)
        self.epoch -= 1


main(OneBehind)
