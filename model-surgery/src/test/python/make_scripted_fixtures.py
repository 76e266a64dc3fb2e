#!/usr/bin/env python3
"""Makes the small scripted archives that the tests of model-surgery and model-runtime read.

    /usr/bin/python3 model-surgery/src/test/python/make_scripted_fixtures.py          with PyTorch 1.13: NAME.pt
    PYTHON model-surgery/src/test/python/make_scripted_fixtures.py -2                 with PyTorch 2: NAME-2.pt

Each is written with a NAME.npz next to it: inputs in0, in1, ... and the outputs out0, out1, ... that PyTorch gives.
"""
import pathlib
import sys
import zipfile
from typing import Dict, List, NamedTuple, Optional, Tuple

import numpy
import torch
from torch import nn
from torch.nn import functional

OUT = pathlib.Path(__file__).resolve().parents[4] / "model-runtime/src/test/resources/io/espalier/runtime/scripted"


class Block(nn.Module):
    """Two instances share one class, and so the literals of its code."""

    def __init__(self, i: int, o: int, groups: int):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(i, o, 3, 1, 1, groups=groups, bias=False), nn.BatchNorm2d(o)
        self.shortcut = nn.Conv2d(i, o, 1) if i != o else None

    def forward(self, x):
        y = functional.relu(self.bn(self.conv(x)), inplace=True)
        if self.shortcut is not None:
            x = self.shortcut(x)
        return y + x


class Shuffled(nn.Module):
    """Sizes in arithmetic, chunks, a list that grows, a loop over modules."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.blocks = nn.ModuleList([Block(8, 8, 8), Block(8, 8, 8), Block(8, 12, 1)])
        self.fc = nn.Linear(12 + 8 * 3, 5)
        self.steps = 2

    def shuffle(self, x: torch.Tensor, groups: int) -> torch.Tensor:
        b, c, h, w = x.size()
        return x.view(b, groups, c // groups, h, w).transpose(1, 2).reshape(b, c, h, w)

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("expected images")
        x = functional.relu(self.stem(x))
        seen: List[torch.Tensor] = []
        for block in self.blocks:
            seen.append(x)
            x = self.shuffle(block(x), 2)
        for _ in range(self.steps):
            a, b = x.chunk(2, dim=1)
            x = torch.cat([b, a], dim=1)
        if x.shape[2] * x.shape[3] > 1000:
            x = functional.avg_pool2d(x, 4)
        seen.append(x)
        return self.fc(torch.cat([s.mean([2, 3]) for s in seen], 1))


class Outputs(NamedTuple):
    first: torch.Tensor
    second: Optional[torch.Tensor]


class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(6, 4), nn.Linear(4, 3)

    def forward(self, x: torch.Tensor, mask: Optional[torch.Tensor] = None) -> Outputs:
        x = torch.relu(self.a(x))
        if mask is not None:
            x = x * mask
        return Outputs(self.b(x), None)


class Table(nn.Module):
    """A dictionary that is filled by what its attributes say, with texts that are not ASCII in attributes and code."""

    def __init__(self):
        super().__init__()
        self.wanted = {"first": "café", "last": "out", "naïve": ""}
        self.conv = nn.ModuleDict({"first": nn.Conv2d(3, 4, 3), "last": nn.Conv2d(4, 2, 3)})

    def forward(self, x: torch.Tensor) -> Dict[str, torch.Tensor]:
        result: Dict[str, torch.Tensor] = {}
        if "naïve" in self.wanted:
            x = torch.tanh(x)
        for name, module in self.conv.items():
            x = torch.relu(module(x))
            if name in self.wanted:
                result[self.wanted[name]] = x
        return result


class Literal(nn.Module):
    """Traced: a dictionary of outputs."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 1)

    def forward(self, x):
        x = torch.relu(self.a(x))
        return {"out": self.b(x), "aux": x}


class Windows(nn.Module):
    """As Swin: pads to windows and shifts only where the map is larger than one."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.fc = nn.Conv2d(3, 8, 2, 2), nn.LayerNorm(8), nn.Linear(8, 8)
        self.window: List[int] = [4, 4]

    def forward(self, x):
        x = self.norm(self.conv(x).permute(0, 2, 3, 1))
        h, w = x.size(1), x.size(2)
        x = functional.pad(x, (0, 0, 0, (4 - w % 4) % 4, 0, (4 - h % 4) % 4))
        shift = self.window.copy()
        if x.size(1) <= self.window[0]:
            shift[0] = 0
        if sum(shift) > 0:
            x = torch.roll(x, [-shift[0] // 2, -shift[1] // 2], [1, 2])
        n, hh, ww, c = x.shape
        x = x.view(n, hh // 4, 4, ww // 4, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, 16, c)
        return torch.relu(self.fc(x)).mean(1)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.fc = nn.LSTM(6, 5, batch_first=True), nn.Linear(5, 3)

    def forward(self, x):
        y, (h, c) = self.lstm(x)
        return self.fc(y[:, -1]), h


class Unpredictable(nn.Module):
    """Each condition hangs on a size that only a run can tell: of unique values."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        kept = torch.unique(torch.floor(x * 0.0), dim=1)
        if kept.size(1) == 1:
            x = torch.relu(self.a(x))
        else:
            x = torch.relu(self.b(x))
        again = torch.unique(torch.floor(x * 0.0), dim=1)
        if again.size(1) > 1:
            x = self.a(x)
        return x + 1


class Shared(nn.Module):
    """Traced: one module called twice on maps of unlike layout, whose code has a literal for both."""

    class Flat(nn.Module):
        def forward(self, x):
            return x.view(1, 8, 16)

    def __init__(self):
        super().__init__()
        self.a, self.b, self.flat = nn.Conv2d(3, 8, 1), nn.Conv2d(8, 8, 1), Shared.Flat()
        self.fc = nn.Linear(16, 2)

    def forward(self, x):
        y = self.flat(torch.relu(self.a(x)))
        z = self.flat(torch.relu(self.b(y.view(1, 8, 4, 4))))
        return self.fc(z)


class DataDependent(nn.Module):
    def forward(self, x):
        while bool(x.sum() < 100):
            x = x * 2 + 1
        return x


class Assigning(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls = self.calls + 1
        return torch.relu(x)


class Lists(nn.Module):
    def forward(self, xs: List[torch.Tensor]):
        return xs[0]


def flat(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if value is None:
        return []
    if isinstance(value, dict):
        return [t for k in sorted(value) for t in flat(value[k])]
    return [t for v in value for t in flat(v)]


def save(name, module, *inputs):
    path = OUT / (name + (sys.argv[1] if len(sys.argv) > 1 else "") + ".pt")
    module.save(str(path) + ".tmp")
    with zipfile.ZipFile(str(path) + ".tmp") as full, zipfile.ZipFile(path, "w") as lean:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                top = entry.filename.index("/")
                lean.writestr(zipfile.ZipInfo(name + entry.filename[top:]), full.read(entry))
    pathlib.Path(str(path) + ".tmp").unlink()
    if inputs:
        arrays = {f"in{i}": x.numpy() for i, x in enumerate(inputs)}
        with torch.no_grad():
            arrays.update({f"out{i}": y.numpy() for i, y in enumerate(flat(module(*inputs)))})
        numpy.savez(path.with_suffix(".npz"), **arrays)
    print(path.name, path.stat().st_size, "bytes")


def perturbed(module):
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.normal_(part.running_mean, 0, 0.2)
            nn.init.uniform_(part.running_var, 0.5, 1.5)
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.normal_(part.bias, 0, 0.2)
    return module.eval()


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(3)
    image = torch.randn(1, 3, 16, 16)
    scripted = torch.jit.script(perturbed(Shuffled()))
    save("shuffled", scripted, image)
    save("shuffled-frozen", torch.jit.freeze(scripted), image)
    save("named", torch.jit.script(Named().eval()), torch.randn(1, 6))
    save("table", torch.jit.script(Table().eval()), image)
    save("windows", torch.jit.script(Windows().eval()), image)
    save("recurrent", torch.jit.script(Recurrent().eval()), torch.randn(1, 7, 6))
    layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True)
    save("encoder", torch.jit.script(nn.TransformerEncoder(layer, 2).eval()), torch.randn(1, 5, 8))
    save("unpredictable", torch.jit.script(Unpredictable().eval()), torch.randn(1, 4))
    save("literal", torch.jit.trace(Literal().eval(), image, strict=False), image)
    save("shared", torch.jit.trace(Shared().eval(), torch.randn(1, 3, 4, 4)), torch.randn(1, 3, 4, 4))
    save("data-dependent", torch.jit.script(DataDependent()))
    save("assigning", torch.jit.script(Assigning()))
    save("lists", torch.jit.script(Lists()))


if __name__ == "__main__":
    main()
