# SPDX-License-Identifier: Apache-2.0
"""Saves once, when all is trained."""

from training import Training, main


class SavesAtTheEnd(Training):
    def save(self):
        if self.epoch == self.epochs:
            super().save()


main(SavesAtTheEnd)
