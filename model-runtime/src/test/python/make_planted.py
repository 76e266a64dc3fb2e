#!/usr/bin/python3
"""Makes planted*.pt under src/test/resources (Debian's python3-torch): a network in which, in every group, the second half
of the units are linear combinations of the first half, while what reads them is random. Run it from the module's folder."""
import torch
from torch import nn

from make_fixtures import perturbed, save


class Planted(nn.Module):
    """3x12x12 images to 5 classes: a residual block, a bottleneck without activation, stride, dilation, groups, padding."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.squeeze = nn.Conv2d(8, 12, 1)
        self.strided = nn.Conv2d(12, 16, 3, stride=2, padding=2, dilation=2, bias=False)
        self.bn3 = nn.BatchNorm2d(16)
        self.grouped = nn.Conv2d(16, 12, 3, padding=1, groups=2)
        self.fc1 = nn.Linear(12 * 9, 20)
        self.fc2 = nn.Linear(20, 5)

    def forward(self, x):
        x = torch.relu(self.bn(self.stem(x)))
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        x = torch.relu(x + y)
        x = self.squeeze(x)
        x = torch.relu(self.bn3(self.strided(x)))
        x = torch.relu(self.grouped(x))
        x = torch.flatten(nn.functional.max_pool2d(x, 2), 1)
        return self.fc2(torch.relu(self.fc1(x)))


def multiple(layer, norm, half, factors):
    """Units half.. give factors times what units 0.. give, through a norm and a ReLU."""
    for i in range(half):
        copy(layer, norm, i, half + i, factors[i])


def copy(layer, norm, source, target, factor):
    layer.weight[target] = layer.weight[source] * (1 if norm else factor)
    if layer.bias is not None:
        layer.bias[target] = layer.bias[source] * factor
    if norm:
        norm.running_mean[target] = norm.running_mean[source]
        norm.running_var[target] = norm.running_var[source]
        norm.weight[target] = norm.weight[source] * factor
        norm.bias[target] = norm.bias[source] * factor


def planted():
    model = perturbed(Planted())
    with torch.no_grad():
        trunk = torch.rand(4) + 0.5
        multiple(model.stem, model.bn, 4, trunk)
        multiple(model.conv2, model.bn2, 4, trunk)
        multiple(model.conv1, model.bn1, 4, torch.rand(4) + 0.5)
        mixture = torch.randn(6, 6)
        model.squeeze.weight[6:] = torch.einsum("ij,jabc->iabc", mixture, model.squeeze.weight[:6])
        model.squeeze.bias[6:] = mixture @ model.squeeze.bias[:6]
        for block in (0, 8):
            for i in range(4):
                copy(model.strided, model.bn3, block + i, block + 4 + i, float(torch.rand(1)) + 0.5)
        for block in (0, 6):
            for i in range(3):
                copy(model.grouped, None, block + i, block + 3 + i, float(torch.rand(1)) + 0.5)
        multiple(model.fc1, None, 10, torch.rand(10) + 0.5)
    return model.eval()


def main():
    torch.manual_seed(11)
    traced = torch.jit.trace(planted(), torch.zeros(1, 3, 12, 12))
    save(traced, "planted.pt")
    save(torch.jit.freeze(traced), "planted-frozen.pt")


main()
