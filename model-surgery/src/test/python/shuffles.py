"""Networks that part their channels, put them together and shuffle them, again and again."""
import torch
from torch import nn


def shuffle(x, parts):
    n, c, h, w = x.shape
    return x.view(n, parts, c // parts, h, w).transpose(1, 2).contiguous().view(n, c, h, w)


def unit(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Halves(nn.Module):
    """One half is convolved, four times. The trunk begins as a sum, ends in a norm, and lies beside channels of its own."""

    def __init__(self, width=10, blocks=4):
        super().__init__()
        self.stem, self.second, self.side = unit(3, 2 * width), unit(3, 2 * width), unit(3, 6)
        self.blocks = nn.ModuleList(unit(width, width) for _ in range(blocks))
        self.bn, self.head, self.fc = nn.BatchNorm2d(2 * width), unit(2 * width + 6, 8), nn.Linear(8, 5)

    def forward(self, image):
        x = self.stem(image) + self.second(image)
        for block in self.blocks:
            a, b = x.chunk(2, 1)
            x = shuffle(torch.cat((a, block(b)), 1), 2)
        x = torch.cat((torch.relu(self.bn(x)), self.side(image)), 1)
        return self.fc(self.head(x).mean((2, 3)))


class Thirds(nn.Module):
    """Of three parts one passes, one is convolved, and one only goes through an activation, which no weight shows."""

    def __init__(self, width=10, blocks=3):
        super().__init__()
        self.stem, self.blocks = unit(3, 3 * width), nn.ModuleList(unit(width, width) for _ in range(blocks))
        self.head, self.fc = unit(3 * width, 8), nn.Linear(8, 5)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            a, b, c = x.chunk(3, 1)
            x = shuffle(torch.cat((a, block(b), torch.tanh(c)), 1), 3)
        return self.fc(self.head(x).mean((2, 3)))


class InGroups(nn.Module):
    """Convolutions in groups, shuffled between, in a trunk of residual additions that is shuffled as well."""

    def __init__(self, width=48, parts=4, blocks=3):
        super().__init__()
        self.parts, half = parts, width // 2
        self.stem, self.head, self.fc = unit(3, width), unit(width, 8), nn.Linear(8, 5)
        self.blocks = nn.ModuleList(
            nn.ModuleList([nn.Conv2d(width, half, 1, groups=parts), nn.Conv2d(half, half, 3, 1, 1, groups=half),
                           nn.Conv2d(half, width, 1, groups=parts)]) for _ in range(blocks))

    def forward(self, x):
        x = self.stem(x)
        for narrow, depthwise, wide in self.blocks:
            y = shuffle(torch.relu(narrow(x)), self.parts)
            x = shuffle(torch.relu(x + wide(depthwise(y))), self.parts)
        return self.fc(self.head(x).mean((2, 3)))


class Flattened(Halves):
    """Each channel is read at four places by a linear layer, so that an order of channels is none of its inputs."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(80, 5)

    def forward(self, image):
        x = self.stem(image)
        for block in self.blocks:
            a, b = x.chunk(2, 1)
            x = shuffle(torch.cat((a, block(b)), 1), 2)
        return self.fc(nn.functional.adaptive_avg_pool2d(x, 2).flatten(1))


class Native(Halves):
    """The same shuffles by PyTorch's own operator."""

    def forward(self, image):
        x = self.stem(image)
        for block in self.blocks:
            a, b = x.chunk(2, 1)
            x = nn.functional.channel_shuffle(torch.cat((a, block(b)), 1), 2)
        return self.fc(self.head(torch.cat((x, self.side(image)), 1)).mean((2, 3)))
