# SPDX-License-Identifier: Apache-2.0
"""A small PyTorch training run that resumes rightly: AdamW, a cosine schedule, dropout, a shuffling loader."""

import argparse
import os
import sys
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from nightshift_checkpoint import latest, save, stopping

STOPPED = 75  # not done, start me again


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(options.seed)

    facts = torch.Generator().manual_seed(7)
    users, items = torch.randint(300, (60000,), generator=facts), torch.randint(200, (60000,), generator=facts)
    tastes = torch.randn(300, 4, generator=facts), torch.randn(200, 4, generator=facts)
    ratings = (tastes[0][users] * tastes[1][items]).sum(1) + 0.5 * torch.randn(60000, generator=facts)

    order = torch.Generator().manual_seed(options.seed)
    loader = DataLoader(TensorDataset(users, items, ratings), batch_size=128, shuffle=True, generator=order)
    model = nn.ModuleDict({
        "user_factors": nn.Embedding(300, 16), "item_factors": nn.Embedding(200, 16),
        "head": nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1)),
    })
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options.epochs)

    epoch = 0
    checkpoint = latest()
    if checkpoint:
        state = torch.load(checkpoint.directory / "state.pt", weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["rng"])
        order.set_state(state["order"])
        epoch = state["epoch"]
    while epoch < options.epochs:
        total = 0.0
        model.train()
        for batch_users, batch_items, batch_ratings in loader:
            features = torch.cat([model["user_factors"](batch_users), model["item_factors"](batch_items)], 1)
            loss = nn.functional.mse_loss(model["head"](features).squeeze(1), batch_ratings)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        rate = optimizer.param_groups[0]["lr"]
        schedule.step()
        epoch += 1
        print("epoch=%d loss=%.6f lr=%.6f" % (epoch, total / len(loader), rate), flush=True)
        with save(epoch) as directory:
            torch.save({
                "model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
                "rng": torch.get_rng_state(), "order": order.get_state(), "epoch": epoch,
            }, directory / "state.pt")
        if stopping() and epoch < options.epochs:
            sys.exit(STOPPED)
    torch.save(model.state_dict(), Path(os.environ["SM_MODEL_DIR"]) / "model.pt")


if __name__ == "__main__":
    main()
