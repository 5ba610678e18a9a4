"""The loop that PyTorch's tutorials show, in eager mode: `torch.nn`, autograd, `torch.optim.SGD`."""

import numpy as np
import torch

from benchmarks.training.tasks import Task, Trained
from pipeline.network.sgd import row_orders


def train(task: Task) -> Trained:
    """Train a model in float64, with slices of rows that are shuffled once an epoch."""
    model = _model(task)
    optimizer = torch.optim.SGD(model.parameters(), lr=task.settings.learning_rate)
    loss_of = torch.nn.MSELoss()
    x, y, unseen, expected = (
        torch.from_numpy(array)
        for array in (task.train.features, task.train.target, task.validation.features, task.validation.target)
    )
    orders = row_orders(len(y), task.settings.seed)
    training, validation, path = [], [], []
    for _ in range(task.settings.epochs):
        order = torch.from_numpy(next(orders))
        batches = zip(*(table[order].split(task.settings.batch_size) for table in (x, y)), strict=True)
        total = torch.zeros((), dtype=torch.float64)
        for features, target in batches:
            optimizer.zero_grad()
            loss = loss_of(model(features)[:, 0], target)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(target)
            if len(task.layers) == 1:
                path.append(_flat(model))
        with torch.no_grad():
            validation.append(float(loss_of(model(unseen)[:, 0], expected)))
        training.append(float(total) / len(y))
        if len(task.layers) > 1:
            path.append(_flat(model))
    return Trained(np.array(training), np.array(validation), torch.stack(path).numpy())


def _model(task: Task) -> torch.nn.Sequential:
    parts: list[torch.nn.Module] = []
    for layer, (kernel, bias) in zip(task.layers, task.unpacked(), strict=True):
        dense = torch.nn.Linear(layer.inputs, layer.units, dtype=torch.float64)
        with torch.no_grad():
            dense.weight.copy_(torch.from_numpy(kernel.T.copy()))
            dense.bias.copy_(torch.from_numpy(bias.copy()))
        parts += [dense] if layer.activation == "linear" else [dense, torch.nn.Sigmoid()]
    return torch.nn.Sequential(*parts)


def _flat(model: torch.nn.Sequential) -> torch.Tensor:
    """The weights in our layout: PyTorch keeps a kernel as (units, inputs)."""
    with torch.no_grad():
        return torch.cat([parameter.t().reshape(-1) for parameter in model.parameters()]).to(torch.float32)
