"""The default model's network: eight 3x3 convolution layers, 0.57 M parameters.

The batch norms learn a shift but no scale (as in K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a
Single GPU", 2024). Their factor is then positive, so pooling before them equals pooling after them:
training normalises a quarter of the numbers, and each norm folds into the convolution before it.
"""

import torch
from torch import nn
from torch.nn import functional

SCORE_SCALE = 0.125


class Layer(nn.Module):
    """3x3 convolution, optional 2x2 max pooling, batch norm without scale, ReLU."""

    def __init__(self, inputs, outputs, pool=False):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.norm.weight.requires_grad_(False)
        self.pool = pool

    def forward(self, x):
        x = self.convolution(x)
        if self.pool:
            x = functional.max_pool2d(x, 2)
        return functional.relu(self.norm(x), inplace=True)

    def folded(self):
        """(weight, bias) of the convolution that does the work of convolution and norm."""
        norm = self.norm
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = self.convolution.weight * factor[:, None, None, None]
        return weight, norm.bias - norm.running_mean * factor


class Residual(nn.Module):
    """x + two layers of x, at one width."""

    def __init__(self, width):
        super().__init__()
        self.first = Layer(width, width)
        self.second = Layer(width, width)

    def forward(self, x):
        return x + self.second(self.first(x))


class Network(nn.Module):
    """Scores (logits) [n, 10] of normalised RGB pictures [n, 3, 32, 32]."""

    def __init__(self, classes=10):
        super().__init__()
        self.body = nn.Sequential(
            Layer(3, 32),
            Layer(32, 64, pool=True),
            Residual(64),
            Layer(64, 120, pool=True),
            Residual(120),
            Layer(120, 136, pool=True),
        )
        self.head = nn.Linear(136, classes, bias=False)

    def forward(self, x):
        return self.head(self.body(x).amax((2, 3))) * SCORE_SCALE
