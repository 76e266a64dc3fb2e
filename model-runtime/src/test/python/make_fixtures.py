#!/usr/bin/python3
"""Makes the files under src/test/resources (Debian's python3-torch and numpy). Run it from the module's folder."""
import os
import zipfile
import numpy
import torch
from torch import nn

OUT = "src/test/resources/io/espalier/runtime"


class Classifier(nn.Module):
    """Convolution, batch norm, ReLU, pooling, linear: 1x8x8 images to 5 classes."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(8, 12, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(12)
        self.relu2 = nn.ReLU(inplace=True)
        self.fc = nn.Linear(12, 5)

    def forward(self, x):
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.relu2(self.bn2(self.conv2(x)))
        return self.fc(x.mean([2, 3]))


class Block(nn.Module):
    """A basic block: in-place addition of a shortcut, which is a projection where the shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += self.shortcut(x)
        return self.relu(y)


class Residual(nn.Module):
    """Stem, two blocks, pooling to 2x2, flatten, two linear layers: 2x12x12 images to 6 classes."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 8, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.block1 = Block(8, 8, 1)
        self.block2 = Block(8, 16, 2)
        self.pool = nn.MaxPool2d(3)
        self.fc1 = nn.Linear(64, 20)
        self.fc2 = nn.Linear(20, 6)

    def forward(self, x):
        x = self.relu(self.bn(self.stem(x)))
        x = self.pool(self.block2(self.block1(x)))
        x = torch.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc2(x)


class ManyOutputs(nn.Module):
    """A dictionary of a tensor and a tuple, of two inputs; one output is int64."""

    def forward(self, a, b):
        return {"sum": a + b, "difference": a - b, "largest": torch.argmax(a, 1)}


class Interpreted(nn.Module):
    """Returns what is no tensor."""

    def forward(self, x):
        return x.size(0)


def save(module, name):
    """Saves an archive without *.debug_pkl: those hold paths of the machine it was made on."""
    module.save(f"{OUT}/{name}.tmp")
    with zipfile.ZipFile(f"{OUT}/{name}.tmp") as full, zipfile.ZipFile(f"{OUT}/{name}", "w") as lean:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                lean.writestr(zipfile.ZipInfo(entry.filename), full.read(entry))
    os.remove(f"{OUT}/{name}.tmp")


def perturbed(model):
    """Gives batch norms statistics of their own, so that nothing is accidentally zero."""
    for norm in model.modules():
        if isinstance(norm, nn.BatchNorm2d):
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.normal_(norm.bias, 0.0, 0.3)
            nn.init.normal_(norm.running_mean, 0.0, 0.3)
            nn.init.uniform_(norm.running_var, 0.5, 1.5)
    return model.eval()


def grid(size):
    """The picked rows (or columns) of a map: all up to 8, else 8 of them, evenly spaced."""
    picked = min(size, 8)
    return [(2 * i + 1) * size // (2 * picked) for i in range(picked)]


def codes(model, x):
    """What plain PyTorch computes at the capture points: per point name, bits [N, units, positions]."""
    seen = {}

    def watch(module, name):
        def before(_, args):
            unique = name if name not in seen else name + ":1"
            seen[unique] = args[0].detach().clone()
        return module.register_forward_pre_hook(before)

    hooks = [watch(m, n) for n, m in model.named_modules() if isinstance(m, nn.ReLU)]
    # The functional one after fc1 is no module.
    hooks.append(model.fc1.register_forward_hook(lambda m, i, o: seen.__setitem__("relu:1", o.detach().clone())))
    with torch.no_grad():
        y = model(x)
    for hook in hooks:
        hook.remove()
    nearest = min(v.abs().min().item() for v in seen.values())
    bits = {}
    for name, v in seen.items():
        if v.dim() == 4:
            v = v[:, :, grid(v.shape[2])][:, :, :, grid(v.shape[3])].flatten(2)
        else:
            v = v.unsqueeze(2)
        bits[name] = (v > 0).to(torch.uint8).numpy()
    return bits, y.numpy(), nearest


def main():
    torch.manual_seed(7)
    os.makedirs(OUT, exist_ok=True)
    save(torch.jit.trace(perturbed(Classifier()), torch.zeros(1, 1, 8, 8)), "classifier.pt")
    plain = perturbed(Residual())
    residual = torch.jit.trace(plain, torch.zeros(1, 2, 12, 12))
    save(residual, "residual.pt")
    save(torch.jit.freeze(residual), "residual-frozen.pt")
    two = (torch.zeros(1, 4), torch.zeros(1, 4))
    save(torch.jit.trace(ManyOutputs(), two, strict=False), "many-outputs.pt")
    save(torch.jit.script(Interpreted()), "no-tensor.pt")

    for seed in range(1000):  # inputs of which no bit hangs on a rounding
        torch.manual_seed(seed)
        x = torch.randn(24, 2, 12, 12)
        bits, y, nearest = codes(plain, x)
        if nearest > 2e-6:
            break
    assert nearest > 2e-6
    numpy.savez_compressed(f"{OUT}/residual-codes.npz", x=x.numpy(), y=y, **bits)

    arrays = {
        "x": (numpy.arange(24, dtype=numpy.float32) / 2).reshape(2, 1, 3, 4),
        "y": numpy.array([1 << 40, -7]),
        "codes": numpy.array([[0, 1, 255]], dtype=numpy.uint8),
        "scores": numpy.array([1 / 3, -0.0]),
    }
    numpy.savez(f"{OUT}/stored.npz", **arrays)
    numpy.savez_compressed(f"{OUT}/deflated.npz", **arrays)
    numpy.savez(f"{OUT}/int32.npz", labels=numpy.array([1, 2], dtype=numpy.int32))


if __name__ == "__main__":
    main()
