#!/usr/bin/env python3
"""Makes small archives in which some filters are zero, so that their units are constants (see make_fixtures.py).

    /usr/bin/python3 model-surgery/src/test/python/make_folds.py

Which units are dead, and which of them can be folded, stands with each network and again in the tests.
"""
import torch
from torch import nn
from torch.nn import functional

import make_fixtures
from make_fixtures import perturb, write

make_fixtures.OUT = make_fixtures.OUT / "folds"


def silence(layer, *units):
    """Zero filters, with biases of which an activation leaves something."""
    with torch.no_grad():
        for unit in units:
            layer.weight[unit] = 0
            if layer.bias is not None:
                layer.bias[unit] = 0.4 + 0.3 * unit


def lifted(norm):
    """A batch norm whose shifts an activation does not cut off."""
    with torch.no_grad():
        norm.bias += 1


class Valid(nn.Module):
    """A consumer that pads nothing or, for comparison, does: filters 1 and 4 of a, and the norm scale 2, are zero."""

    def __init__(self, padding):
        super().__init__()
        self.a, self.bn = nn.Conv2d(3, 6, 3), nn.BatchNorm2d(6)
        self.b = nn.Conv2d(6, 5, 3, padding=padding)
        perturb(self)
        lifted(self.bn)
        silence(self.a, 1, 4)
        silence(self.bn, 2)

    def forward(self, x):
        return self.b(torch.relu(self.bn(self.a(x))))


class Flattened(nn.Module):
    """Pooling with borders, then a linear layer that reads each unit at four positions: filters 0 and 3 are zero."""

    def __init__(self):
        super().__init__()
        self.a, self.fc = nn.Conv2d(3, 4, 3, padding=1), nn.Linear(16, 5)
        silence(self.a, 0, 3)

    def forward(self, x):
        x = functional.max_pool2d(torch.sigmoid(self.a(x)), 3, 2, 1)
        x = functional.avg_pool2d(x, 2, 2)
        return self.fc(torch.flatten(x, 1))


class Normed(nn.Module):
    """A consumer without a bias and a batch norm behind it: filters 2 and 5 are zero."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.bn = nn.Conv2d(3, 6, 3), nn.Conv2d(6, 8, 3, bias=False), nn.BatchNorm2d(8)
        self.c = nn.Conv2d(8, 4, 1, bias=False)
        perturb(self)
        silence(self.a, 2, 5)

    def forward(self, x):
        return torch.relu(self.c(torch.relu(self.bn(self.b(torch.tanh(self.a(x)))))))


class Residual(nn.Module):
    """Units 1 and 3 are zero in both producers, 2 in one; one consumer pads, one does not, one has no place for it."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(3, 6, 1)
        self.plain, self.pads, self.bare = nn.Conv2d(6, 4, 1), nn.Conv2d(6, 4, 3, padding=1), nn.Conv2d(6, 4, 1, bias=False)
        silence(self.a, 1, 2, 3)
        silence(self.b, 1, 3)

    def forward(self, x):
        x = functional.leaky_relu(self.a(x) + self.b(x), 0.2)
        return self.plain(x), self.pads(x), self.bare(x)


class Depthwise(nn.Module):
    """Constants through depthwise convolutions, of which the second pads: filters 0 and 7 and the depthwise one 2."""

    def __init__(self, padding):
        super().__init__()
        self.expand, self.bn1 = nn.Conv2d(3, 8, 1, bias=False), nn.BatchNorm2d(8)
        self.depth, self.bn2 = nn.Conv2d(8, 8, 3, groups=8, bias=False, padding=padding), nn.BatchNorm2d(8)
        self.project = nn.Conv2d(8, 4, 1)
        perturb(self)
        lifted(self.bn1)
        silence(self.expand, 0, 7)
        silence(self.depth, 2)

    def forward(self, x):
        return self.project(functional.hardswish(self.bn2(self.depth(functional.relu6(self.bn1(self.expand(x)))))))


class Activations(nn.Module):
    """Every function of one number, between linear layers whose row 1 is zero."""

    def __init__(self):
        super().__init__()
        self.functions = [
            torch.relu, functional.relu6, torch.sigmoid, functional.hardsigmoid, functional.silu, functional.gelu,
            lambda x: functional.gelu(x, approximate="tanh"), functional.hardswish, torch.tanh,
            lambda x: functional.leaky_relu(x, 0.3), lambda x: functional.elu(x, 0.7), torch.selu,
            lambda x: functional.celu(x, 1.3), functional.mish, lambda x: functional.softplus(x, 0.5, 3),
            functional.softsign, functional.logsigmoid, lambda x: functional.hardtanh(x, -0.4, 0.6), torch.exp,
            torch.expm1, torch.abs, torch.neg, torch.square, torch.sin, torch.cos, torch.erf,
            lambda x: torch.clamp(x, -0.5, 0.25), lambda x: torch.clamp(x, min=-0.1), lambda x: torch.clamp_max(x, 0.2),
            lambda x: torch.log(torch.abs(x) + 2), lambda x: torch.log1p(torch.square(x)),
            lambda x: torch.sqrt(torch.abs(x) + 0.3), lambda x: torch.rsqrt(torch.square(x) + 0.7),
            lambda x: torch.reciprocal(torch.exp(x) + 1.0), lambda x: torch.pow(torch.abs(x) + 0.1, 1.5),
            lambda x: 1.5 - x, lambda x: (x * 2 - 3) / 4, lambda x: functional.dropout(x, 0.5, False),
            lambda x: torch.sub(x, 2, alpha=1), lambda x: x.to(torch.float32).contiguous().detach(),
        ]
        self.first = nn.Linear(6, 5)
        self.layers = nn.ModuleList([nn.Linear(5, 5) for _ in self.functions])
        self.slopes = nn.PReLU(5)
        self.last = nn.Linear(5, 3)
        nn.init.uniform_(self.slopes.weight, -0.5, 0.5)
        for layer in [self.first, *self.layers]:
            silence(layer, 1)
            nn.init.normal_(layer.bias, 0, 0.8)

    def forward(self, x):
        x = self.first(x)
        for function, layer in zip(self.functions, self.layers):
            x = layer(function(x))
        return self.last(self.slopes(x))


class Grouped(nn.Module):
    """A consumer in two groups: filters 1 and 6, one of each block."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 6, 3, groups=2)
        silence(self.a, 1, 6)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))


class Layouts(nn.Module):
    """Concatenation, parts, channels last, a stored scale, resizing, stored vectors; filters 1 of a, 2 and 3 of b."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 4, 1), nn.Conv2d(12, 5, 1)
        self.scale, self.shift = nn.Parameter(torch.rand(4, 1, 1) + 0.5), nn.Parameter(torch.randn(4))
        self.fc, self.weight, self.bias = nn.Linear(4, 6), nn.Parameter(torch.randn(4, 5)), nn.Parameter(torch.randn(5))
        silence(self.a, 1)
        silence(self.b, 2, 3)

    def forward(self, x):
        a = self.a(x) * self.scale
        b = functional.interpolate(functional.adaptive_avg_pool2d(self.b(x).exp(), 4), scale_factor=2)
        b = functional.interpolate(b, size=(8, 8), mode="bilinear")
        left, right = torch.chunk(torch.cat([a, a], 1), 2, 1)
        tokens = (b.permute(0, 2, 3, 1) + self.shift).flatten(1, 2)
        return (self.c(torch.cat([left, b, right - 1], 1)).mean((2, 3)), self.fc(tokens).mean(1),
                torch.matmul(tokens, self.weight) + self.bias)


class Varying(nn.Module):
    """What is a constant where it is made and none, or another one, where it is read; filters 1 and 2 are zero."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = (nn.Conv2d(3, 4, 1) for _ in range(3))
        self.gate, self.d, self.e, self.f = nn.Conv2d(3, 4, 1), nn.Conv2d(4, 3, 1), nn.Conv2d(4, 3, 1), nn.Conv2d(4, 3, 1)
        self.mask = nn.Parameter(torch.rand(8, 8))
        self.requires_grad_(False)
        for layer in (self.a, self.b, self.c):
            silence(layer, 1, 2)

    def forward(self, x):
        a = self.a(x) * torch.sigmoid(self.gate(x))
        b = self.b(x)
        b[:, :, :3].mul_(2)
        c = functional.pad(self.c(x), [1, 1, 1, 1])[:, :, 1:, 1:9] * self.mask[0, 0] + x.mean(1, keepdim=True)[:, :, :1]
        return self.d(a), self.e(torch.relu(b)), self.f(c[:, :, 1:])


class Shared(nn.Module):
    """A consumer that is used twice: its bias would be shifted for both; filter 3 is zero."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.fc = nn.Conv2d(3, 5, 1), nn.Conv2d(5, 5, 1), nn.Linear(5, 2)
        silence(self.a, 3)

    def forward(self, x):
        x = self.b(torch.relu(self.b(torch.relu(self.a(x)))))
        return self.fc(x.mean((2, 3)))


def save(name, model, example):
    traced = torch.jit.trace(model.eval(), example)
    write(name, traced, example)
    return traced


def main():
    make_fixtures.OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(3)
    image = torch.randn(1, 3, 8, 8)
    valid = save("valid", Valid(0), image)
    write("valid-frozen", torch.jit.freeze(valid), image)
    save("valid-double", Valid(0).double(), image.double())
    save("padded", Valid(1), image)
    save("flattened", Flattened(), image)
    save("normed", Normed(), image)
    save("residual", Residual(), image)
    save("depthwise", Depthwise(0), image)
    save("depthwise-padded", Depthwise(1), image)
    save("activations", Activations(), torch.randn(1, 6))
    save("grouped", Grouped(), image)
    save("layouts", Layouts(), image)
    save("varying", Varying(), image)
    save("shared", Shared(), image)


if __name__ == "__main__":
    main()
