# SPDX-License-Identifier: Apache-2.0
"""Saves the optimizer's state and does not load it."""

from training import Training, main


class ForgetsOptimizer(Training):
    def take(self, state):
        fresh = self.velocity
        super().take(state)
        self.velocity = fresh


main(ForgetsOptimizer)
