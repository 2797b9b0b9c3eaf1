# SPDX-License-Identifier: Apache-2.0
"""Saves the generator that shuffles and does not load it: the data comes in the first epoch's order again."""

from training import Training, main


class ForgetsDataOrder(Training):
    def take(self, state):
        fresh = self.rng.bit_generator.state
        super().take(state)
        self.rng.bit_generator.state = fresh


main(ForgetsDataOrder)
