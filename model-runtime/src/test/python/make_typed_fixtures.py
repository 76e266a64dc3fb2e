#!/usr/bin/env python3
"""Makes typed-*.pt under src/test/resources (PyTorch 2: older ones cannot trace float16). Run it from the module's folder."""
import io
import warnings
import zipfile
from typing import Optional, Tuple
import torch
from torch import Tensor, nn

OUT = "src/test/resources/io/espalier/runtime"
warnings.simplefilter("ignore")


class Classifier(nn.Module):
    """Two convolutions with batch norm and ReLU, pooling, linear: 1x8x8 images to 5 classes."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(8, 12, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(12)
        self.relu2 = nn.ReLU()
        self.fc = nn.Linear(12, 5)
        for norm in (self.bn1, self.bn2):
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.normal_(norm.bias, 0.0, 0.3)
            nn.init.normal_(norm.running_mean, 0.0, 0.3)
            nn.init.uniform_(norm.running_var, 0.5, 1.5)

    def forward(self, x):
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.relu2(self.bn2(self.conv2(x)))
        return self.fc(x.mean([2, 3]))


class Pixels(Classifier):
    """Takes bytes."""

    def forward(self, x):
        return super().forward(x.float() / 255)


class Nothings(Classifier):
    """Outputs that are zero: exactly, and but for rounding."""

    def forward(self, x):
        y = super().forward(x)
        return y, y - y, torch.softmax(y, 1).sum(1) - 1


class SometimesNaN(Classifier):
    """Its second output is no number for images that are dark on average."""

    def forward(self, x):
        y = super().forward(x)
        return y, y * torch.sqrt(x.mean())


class Chooses(Classifier):
    """A class, as int64, and whether the first score is above zero, as bool."""

    def forward(self, x):
        y = super().forward(x)
        return y.argmax(1), y[:, 0] > 0


class Tokens(nn.Module):
    """Token ids, kinds and a mask of int64: tables of 50 and 3 rows, a feed-forward part, a mean over what is masked in."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(50, 8)
        self.kinds = nn.Embedding(3, 8)
        self.up = nn.Linear(8, 16)
        self.down = nn.Linear(16, 8)
        self.head = nn.Linear(8, 4)

    def forward(self, ids, kinds, mask):
        x = self.words(ids) + self.kinds(kinds)
        x = x + self.down(torch.relu(self.up(x)))
        weight = mask.to(x.dtype).unsqueeze(2)
        return self.head((x * weight).sum(1)), ids[:, 0]


class Leftovers(nn.Module):
    """Outputs that few models have: none at all, int16, and without elements."""

    def forward(self, x: Tensor) -> Tuple[Tensor, Optional[Tensor], Tensor, Tensor]:
        return x + 1, None, x.to(torch.int16), x[:, :0]


def trace(module, inputs):
    return torch.jit.trace(module.eval(), inputs, strict=False)


def save(archive, name):
    """Saves an archive without *.debug_pkl, which hold paths of the machine, and without the inputs it was traced with."""
    buffer = io.BytesIO()
    torch.jit.save(archive, buffer)
    with zipfile.ZipFile(buffer) as full, zipfile.ZipFile(f"{OUT}/typed-{name}.pt", "w") as lean:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl") and "/traced_inputs" not in entry.filename:
                lean.writestr(zipfile.ZipInfo(entry.filename), full.read(entry))


def main():
    torch.manual_seed(11)
    image = torch.randn(1, 1, 8, 8)
    save(trace(Classifier().half(), image.half()), "float16")
    save(trace(Classifier().bfloat16(), image.bfloat16()), "bfloat16")
    save(trace(Classifier().double(), image.double()), "float64")
    save(trace(Pixels(), torch.zeros(1, 1, 8, 8, dtype=torch.uint8)), "pixels")
    save(trace(Nothings(), image), "nothings")
    save(trace(SometimesNaN(), image.abs()), "sometimes-nan")
    save(trace(Chooses(), image), "chooses")
    ones = torch.ones(1, 6, dtype=torch.int64)
    save(torch.jit.script(Leftovers()), "leftovers")
    save(trace(Tokens(), (ones, ones, ones)), "tokens")


main()
