# SPDX-License-Identifier: Apache-2.0
"""Lets the learning rate fall from the start of the process."""

from training import Training, main


class ResetsSchedule(Training):
    first = 0

    def take(self, state):
        super().take(state)
        self.first = self.epoch

    def rate(self):
        return 0.02 * (1 - 0.9 * (self.epoch - self.first) / self.epochs)


main(ResetsSchedule)
