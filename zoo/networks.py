"""Networks of the zoo that torchvision does not have, written from the published descriptions. Widths are arguments: the
zoo builds them at their usual size, the tests' fixtures tiny."""
import math

import torch
from torch import nn
from torch.nn import functional


class ShortcutA(nn.Module):
    """He et al. 2016, option A: no parameters; every other row and column, new channels padded with zeros on both sides."""

    def __init__(self, added):
        super().__init__()
        self.added = added

    def forward(self, x):
        return functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added // 2), "constant", 0.0)


class CifarBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.shortcut = ShortcutA(outputs - inputs) if stride != 1 else nn.Sequential()

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += self.shortcut(x)
        return functional.relu(y)


class CifarResNet(nn.Module):
    """ResNet-(6 n + 2) for 32x32 images with option-A shortcuts."""

    def __init__(self, blocks=3, width=16, classes=10):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        stages, inputs = [], width
        for stage in range(3):
            for block in range(blocks):
                outputs = width << stage
                stages.append(CifarBlock(inputs, outputs, 2 if stage and not block else 1))
                inputs = outputs
        self.blocks, self.linear = nn.Sequential(*stages), nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.blocks(functional.relu(self.bn1(self.conv1(x))))
        x = functional.avg_pool2d(x, int(x.shape[3]))
        return self.linear(x.view(x.shape[0], -1))


def conv(inputs, outputs, kernel=1, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.SiLU(inplace=True))


class Bottleneck(nn.Module):
    def __init__(self, width, add):
        super().__init__()
        self.cv1, self.cv2, self.add = conv(width, width, 3), conv(width, width, 3), add

    def forward(self, x):
        return x + self.cv2(self.cv1(x)) if self.add else self.cv2(self.cv1(x))


class C2f(nn.Module):
    """Splits in halves, sends one through bottlenecks, and concatenates every stage on the way."""

    def __init__(self, inputs, outputs, blocks=1, add=False):
        super().__init__()
        half = outputs // 2
        self.cv1, self.cv2 = conv(inputs, 2 * half), conv((2 + blocks) * half, outputs)
        self.m = nn.ModuleList(Bottleneck(half, add) for _ in range(blocks))

    def forward(self, x):
        parts = list(self.cv1(x).chunk(2, 1))
        for block in self.m:
            parts.append(block(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class Sppf(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.cv1, self.cv2, self.m = conv(width, width // 2), conv(width * 2, width), nn.MaxPool2d(5, 1, 2)

    def forward(self, x):
        x = self.cv1(x)
        a = self.m(x)
        b = self.m(a)
        return self.cv2(torch.cat([x, a, b, self.m(b)], 1))


class Dfl(nn.Module):
    """The expectation of a distribution over bins, as a fixed 1x1 convolution."""

    def __init__(self, bins):
        super().__init__()
        self.conv, self.bins = nn.Conv2d(bins, 1, 1, bias=False).requires_grad_(False), bins
        self.conv.weight.data[:] = torch.arange(bins, dtype=torch.float32).view(1, bins, 1, 1)

    def forward(self, x):
        batch, _, anchors = x.shape
        x = x.view(batch, 4, self.bins, anchors).transpose(2, 1).softmax(1)
        return self.conv(x).view(batch, 4, anchors)


class Detect(nn.Module):
    """Decoupled heads per level; boxes as distances from the cell's centre, in pixels."""

    def __init__(self, widths, classes, bins=16):
        super().__init__()
        self.classes, self.bins = classes, bins
        box, kind = max(widths[0] // 4, bins * 4), max(widths[0], min(classes, 100))
        self.box = nn.ModuleList(nn.Sequential(conv(w, box, 3), conv(box, box, 3), nn.Conv2d(box, 4 * bins, 1)) for w in widths)
        self.kind = nn.ModuleList(nn.Sequential(conv(w, kind, 3), conv(kind, kind, 3), nn.Conv2d(kind, classes, 1)) for w in widths)
        self.dfl = Dfl(bins)

    def forward(self, p3, p4, p5):
        maps, anchors, strides, stride = [], [], [], 8.0
        for box, kind, x in zip(self.box, self.kind, (p3, p4, p5)):
            y = torch.cat((box(x), kind(x)), 1)
            maps.append(y.view(y.shape[0], self.classes + 4 * self.bins, -1))
            rows = torch.arange(y.shape[2], dtype=torch.float32).view(-1, 1).expand(y.shape[2], y.shape[3]) + 0.5
            columns = torch.arange(y.shape[3], dtype=torch.float32).view(1, -1).expand(y.shape[2], y.shape[3]) + 0.5
            anchors.append(torch.stack((columns, rows)).view(2, -1))
            strides.append(torch.full((1, y.shape[2] * y.shape[3]), stride))
            stride *= 2.0
        bins, scores = torch.cat(maps, 2).split((4 * self.bins, self.classes), 1)
        sides = self.dfl(bins)
        near, far = sides[:, :2], sides[:, 2:]
        centre, scale = torch.cat(anchors, 1).unsqueeze(0), torch.cat(strides, 1)
        near, far = centre - near, centre + far
        return torch.cat((torch.cat(((near + far) / 2, far - near), 1) * scale, scores.sigmoid()), 1)


class Detector(nn.Module):
    """The layout of YOLOv8 (n: width 16, depth 1): C2f stages, SPPF, a path down and up again, decoupled DFL heads."""

    def __init__(self, width=16, depth=1, classes=80, bins=16):
        super().__init__()
        w = [width << i for i in range(5)]
        self.stem = nn.Sequential(conv(3, w[0], 3, 2), conv(w[0], w[1], 3, 2), C2f(w[1], w[1], depth, True))
        self.stage3 = nn.Sequential(conv(w[1], w[2], 3, 2), C2f(w[2], w[2], 2 * depth, True))
        self.stage4 = nn.Sequential(conv(w[2], w[3], 3, 2), C2f(w[3], w[3], 2 * depth, True))
        self.stage5 = nn.Sequential(conv(w[3], w[4], 3, 2), C2f(w[4], w[4], depth, True), Sppf(w[4]))
        self.up = nn.Upsample(scale_factor=2.0, mode="nearest")
        self.down4, self.down3 = C2f(w[4] + w[3], w[3], depth), C2f(w[3] + w[2], w[2], depth)
        self.to4, self.up4 = conv(w[2], w[2], 3, 2), C2f(w[2] + w[3], w[3], depth)
        self.to5, self.up5 = conv(w[3], w[3], 3, 2), C2f(w[3] + w[4], w[4], depth)
        self.detect = Detect((w[2], w[3], w[4]), classes, bins)

    def forward(self, x):
        c3 = self.stage3(self.stem(x))
        c4 = self.stage4(c3)
        c5 = self.stage5(c4)
        d4 = self.down4(torch.cat((self.up(c5), c4), 1))
        p3 = self.down3(torch.cat((self.up(d4), c3), 1))
        p4 = self.up4(torch.cat((self.to4(p3), d4), 1))
        p5 = self.up5(torch.cat((self.to5(p4), c5), 1))
        return self.detect(p3, p4, p5)


class SelfAttention(nn.Module):
    """Attention as BERT's code has it: views, permutes and two matrix products."""

    def __init__(self, hidden, heads):
        super().__init__()
        self.heads, self.size = heads, hidden // heads
        self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))

    def split(self, x):
        return x.view(x.size(0), x.size(1), self.heads, self.size).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        scores = torch.matmul(self.split(self.query(x)), self.split(self.key(x)).transpose(-1, -2))
        scores = scores / math.sqrt(float(self.size)) + mask
        y = torch.matmul(functional.softmax(scores, dim=-1), self.split(self.value(x)))
        y = y.permute(0, 2, 1, 3).contiguous()
        return y.view(y.size(0), y.size(1), self.heads * self.size)


class BertLayer(nn.Module):
    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.attention, self.output, self.norm1 = SelfAttention(hidden, heads), nn.Linear(hidden, hidden), nn.LayerNorm(hidden)
        self.inner, self.outer, self.norm2 = nn.Linear(hidden, inner), nn.Linear(inner, hidden), nn.LayerNorm(hidden)

    def forward(self, x, mask):
        x = self.norm1(self.output(self.attention(x, mask)) + x)
        return self.norm2(self.outer(functional.gelu(self.inner(x))) + x)


class Bert(nn.Module):
    """A BERT-like classifier: token, position and kind embeddings of int64 inputs, post-norm layers, pooled first token."""

    def __init__(self, tokens=30522, positions=512, hidden=768, heads=12, inner=3072, layers=12, classes=2):
        super().__init__()
        self.word, self.position, self.kind = (nn.Embedding(n, hidden) for n in (tokens, positions, 2))
        self.norm, self.layers = nn.LayerNorm(hidden), nn.ModuleList(BertLayer(hidden, heads, inner) for _ in range(layers))
        self.pooler, self.head = nn.Linear(hidden, hidden), nn.Linear(hidden, classes)
        self.register_buffer("places", torch.arange(positions).expand(1, -1))

    def forward(self, tokens, kinds):
        mask = torch.ones(tokens.shape, dtype=torch.float32)
        mask = (1.0 - mask.unsqueeze(1).unsqueeze(2)) * -10000.0
        x = self.word(tokens) + self.kind(kinds) + self.position(self.places[:, :tokens.size(1)])
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, mask)
        return self.head(torch.tanh(self.pooler(x[:, 0])))


class EncoderClassifier(nn.Module):
    """nn.TransformerEncoder over a sequence of features, its mean, a linear head."""

    def __init__(self, features=80, width=256, heads=4, inner=1024, layers=4, classes=10):
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, heads, inner, batch_first=True)
        self.into, self.encoder, self.head = nn.Linear(features, width), nn.TransformerEncoder(layer, layers), nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.encoder(self.into(x)).mean(1))


class LstmClassifier(nn.Module):
    """A linear layer, two layers of bidirectional LSTM, a linear head on the last step."""

    def __init__(self, features=40, width=64, hidden=128, classes=10):
        super().__init__()
        self.into, self.lstm = nn.Linear(features, width), nn.LSTM(width, hidden, 2, batch_first=True, bidirectional=True)
        self.inner, self.head = nn.Linear(2 * hidden, width), nn.Linear(width, classes)

    def forward(self, x):
        y, _ = self.lstm(functional.relu(self.into(x)))
        return self.head(functional.relu(self.inner(y[:, -1])))
