#!/usr/bin/env python3
"""Makes what the demo serves: a residual CNN for Fashion-MNIST as a traced TorchScript archive, and its traffic.

    apt-get install python3-torch python3-numpy dataset-fashion-mnist
    /usr/bin/python3 demo-model/train.py --out espalier-cli/src/main/resources/io/espalier/cli/demo

Writes fashion-resnet20.pt (the archive), fashion-train.npz and fashion-test.npz (2,000 images each, `x` float32
N,1,28,28 in [0, 1], `y` int64), and prints the accuracy on all 10,000 test images. About 30 minutes on two cores: 93.28 %.
`--traffic-only` trains nothing, and `--count 10000` writes all test images, and as many for training.

The network is the CIFAR ResNet-20 of He et al. (arXiv 1512.03385, section 4.2) on one input channel, with 1x1
projection shortcuts: 21 convolutions, 272,186 parameters. `--depth 56 --shortcuts A` makes a deeper one, whose shortcuts
take every second pixel and pad channels with zeros, as fashion-resnet56.pt. `--network vgg9` makes a plain network without
shortcuts: 8 convolutions, 295,002 parameters, as fashion-vgg9.pt.

`--epochs 0` writes the network that a training of the same seed begins with; `--norm-batches 50` shows it as many batches
first, so that its batch norms normalise what they read, and changes nothing else.
"""
import argparse
import gzip
import io
import pathlib
import time
import zipfile

import numpy
import torch
from torch import nn
from torch.nn import functional

DATASET = pathlib.Path("/usr/share/datasets/fashion-mnist")


class PaddedShortcut(nn.Module):
    """Option A of the paper: no parameters."""

    def __init__(self, added):
        super().__init__()
        self.added = added

    def forward(self, x):
        return functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added // 2))


class BasicBlock(nn.Module):
    def __init__(self, channels_in, channels, stride, shortcuts):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU(inplace=True)
        self.shortcut = nn.Identity()
        if stride != 1 and shortcuts == "A":
            self.shortcut = PaddedShortcut(channels - channels_in)
        elif stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.relu1(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += self.shortcut(x)
        return self.relu2(y)


class FashionResNet(nn.Module):
    def __init__(self, blocks=3, shortcuts="B", widths=(16, 32, 64), classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, widths[0], 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.relu = nn.ReLU(inplace=True)
        channels, stages = widths[0], []
        for stage, width in enumerate(widths):
            stage_blocks = []
            for block in range(blocks):
                stage_blocks.append(BasicBlock(channels, width, 2 if stage > 0 and block == 0 else 1, shortcuts))
                channels = width
            stages.append(nn.Sequential(*stage_blocks))
        self.layer1, self.layer2, self.layer3 = stages
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class FashionVgg(nn.Sequential):
    """Configuration B of VGG (arXiv 1409.1556), a quarter as wide, with batch norms, less a stage and two linear layers."""

    def __init__(self, widths=(16, 32, 64, 128), classes=10):
        layers, channels = [], 1
        for stage, width in enumerate(widths):
            if stage > 0:
                layers.append(nn.MaxPool2d(2))
            for _ in range(2):
                layers += [nn.Conv2d(channels, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
                channels = width
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")


def read(split):
    def payload(name, header):
        path = next(p for p in (DATASET / name, DATASET / (name + ".gz")) if p.exists())
        raw = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
        return numpy.frombuffer(raw, numpy.uint8, offset=header)

    x = payload(f"{split}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
    return x, payload(f"{split}-labels-idx1-ubyte", 8).astype(numpy.int64)


def tensor(images):
    return torch.from_numpy(images.astype(numpy.float32) / 255.0)


def augmented(x):
    """A random shift by up to two pixels and a random left-right flip, one for the whole batch: cheap and enough."""
    dy, dx = (int(v) for v in torch.randint(0, 5, (2,)))
    x = functional.pad(x, (2, 2, 2, 2))[:, :, dy:dy + 28, dx:dx + 28]
    return x.flip(3) if torch.rand(1) < 0.5 else x


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        right = sum(int((model(tensor(x[i:i + 500])).argmax(1) == torch.from_numpy(y[i:i + 500])).sum())
                    for i in range(0, len(x), 500))
    return right / len(x)


def show(model, x, batches, batch=128):
    """Sets the batch norms' statistics to their averages over the first batches, without training anything."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
    model.train()
    with torch.no_grad():
        for i in range(0, batches * batch, batch):
            model(tensor(x[i:i + batch]))
    for norm in norms:
        norm.momentum = 0.1


def train(model, x, y, epochs, batch=128):
    if epochs == 0:
        return
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
    steps = epochs * (len(x) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.3, total_steps=steps, pct_start=0.25)
    for epoch in range(epochs):
        model.train()
        started, total = time.time(), 0.0
        order = torch.randperm(len(x)).numpy()
        for i in range(0, len(x) // batch * batch, batch):
            pick = order[i:i + batch]
            loss = functional.cross_entropy(model(augmented(tensor(x[pick]))), torch.from_numpy(y[pick]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss)
        print(f"epoch {epoch + 1}/{epochs} loss {total / (len(x) // batch):.4f} {time.time() - started:.0f} s", flush=True)


def write_traffic(out, name, x, y, count):
    """The first `count` images, deflated. The archive members carry a fixed date, so that the file is reproducible."""
    with zipfile.ZipFile(out / name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for key, array in (("x", x[:count].astype(numpy.float32) / 255.0), ("y", y[:count])):
            buffer = io.BytesIO()
            numpy.lib.format.write_array(buffer, numpy.ascontiguousarray(array))
            info = zipfile.ZipInfo(key + ".npy", (2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, buffer.getvalue())


def save(traced, path):
    """Saves an archive without *.debug_pkl: those hold paths of the machine it was made on."""
    whole = path.with_name("whole-" + path.name)
    traced.save(str(whole))
    with zipfile.ZipFile(whole) as full, zipfile.ZipFile(path, "w") as lean:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                name = entry.filename.split("/", 1)[1]
                lean.writestr(zipfile.ZipInfo(f"{path.stem}/{name}"), full.read(entry))
    whole.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--network", choices=("resnet", "vgg9"), default="resnet")
    parser.add_argument("--depth", type=int, default=20, help="of a resnet: 6 n + 2 layers")
    parser.add_argument("--shortcuts", choices=("A", "B"), default="B")
    parser.add_argument("--norm-batches", type=int, default=0, help="before training, for batch norms to see")
    parser.add_argument("--traffic-only", action="store_true")
    parser.add_argument("--count", type=int, default=2000, help="images of each split to write")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    train_x, train_y = read("train")
    test_x, test_y = read("t10k")
    write_traffic(arguments.out, "fashion-train.npz", train_x, train_y, arguments.count)
    write_traffic(arguments.out, "fashion-test.npz", test_x, test_y, arguments.count)
    if arguments.traffic_only:
        return
    torch.manual_seed(arguments.seed)
    if arguments.network == "vgg9":
        name, model = "fashion-vgg9", FashionVgg()
    else:
        name = f"fashion-resnet{arguments.depth}"
        model = FashionResNet((arguments.depth - 2) // 6, arguments.shortcuts)
    print(f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    if arguments.norm_batches > 0:
        show(model, train_x, arguments.norm_batches)
    train(model, train_x, train_y, arguments.epochs)
    print(f"accuracy {accuracy(model, test_x, test_y):.4f} on {len(test_x)} test images", flush=True)
    traced = torch.jit.trace(model.eval(), tensor(test_x[:1]))
    save(traced, arguments.out / f"{name}.pt")


if __name__ == "__main__":
    main()
