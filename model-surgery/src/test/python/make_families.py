#!/usr/bin/env python3
"""Makes tiny archives of the zoo's families and of known traps, for the tests of model-surgery and model-runtime.

    apt-get install python3-torch python3-torchvision
    /usr/bin/python3 model-surgery/src/test/python/make_families.py            all, with PyTorch 1.13
    PYTHON2 model-surgery/src/test/python/make_families.py                     the few whose names end in -t2, with PyTorch 2.x

Beside each NAME.pt in the tests' resources under families/:
  NAME.shapes   traced and frozen only: one line per tensor value of the inlined graph, as make_fixtures.py has it
  NAME.inputs   a line per input: its shape, and its element type where that is not float32: `1,6 int64 50` (below 50)
  NAME.tensors  a line per stored tensor: name, zip entry, offset, shape, strides (in elements), the dimensions to zero
                where a unit is made dead, and the dimensions that read units. From PyTorch's graph, not from our code.
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "zoo"))

import torch
import torchvision
from torch import nn
from torch.nn import functional
from torchvision.models import (convnext, densenet, efficientnet, mnasnet, mobilenetv2, mobilenetv3, regnet, resnet,
                                shufflenetv2, squeezenet, swin_transformer, vgg, vision_transformer)
from torchvision.models.googlenet import BasicConv2d, Inception
from torchvision.models.segmentation import deeplabv3, fcn
from torchvision.ops import Conv2dNormActivation

import forms
import networks
import oracles
import shuffles
import stored

OUT = ROOT / "model-surgery" / "src" / "test" / "resources" / "io" / "espalier" / "surgery" / "families"


class AlexNet(nn.Module):
    """Plain convolutions, pooling to more than one position, flatten, dropout, linear layers."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 5, 2, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2), nn.Conv2d(8, 12, 3, 1, 1), nn.ReLU(inplace=True))
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(48, 16), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(16, 5))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def tiny_vgg():
    model = vgg.VGG(nn.Sequential(), num_classes=5, init_weights=False)
    model.features = vgg.make_layers([8, "M", 12, 12, "M"], batch_norm=True)
    model.avgpool = nn.AdaptiveAvgPool2d((2, 2))
    model.classifier = nn.Sequential(nn.Linear(48, 16), nn.ReLU(True), nn.Dropout(), nn.Linear(16, 5))
    return model


class TinyResNet(resnet.ResNet):
    """torchvision's own blocks and forward over narrow stages."""

    def __init__(self, block, width=8, groups=1, width_per_group=64, blocks=2):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation = nn.BatchNorm2d, width, 1
        self.groups, self.base_width = groups, width_per_group
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1, self.layer2 = self._make_layer(block, width, blocks), self._make_layer(block, width * 2, 1, stride=2)
        self.layer3 = self._make_layer(block, width * 2, 1)
        self.layer4, self.avgpool = nn.Sequential(), nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(width * 2 * block.expansion, 5)


def tiny_regnet():
    parameters = regnet.BlockParams([1, 2], [8, 16], [4, 8], [1.0, 1.0], [2, 2], 0.25)
    return regnet.RegNet(parameters, num_classes=5, stem_width=8, activation=nn.ReLU)


class TinyGoogLeNet(nn.Module):
    """The stem and inception blocks of torchvision's GoogLeNet: four branches, concatenated."""

    def __init__(self):
        super().__init__()
        self.conv1 = BasicConv2d(3, 8, kernel_size=3, stride=2, padding=1)
        self.a = Inception(8, 4, 4, 6, 2, 4, 3)
        self.b = Inception(17, 5, 4, 6, 2, 4, 2)
        self.pool, self.avgpool, self.fc = nn.MaxPool2d(3, 2, ceil_mode=True), nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(17, 5)

    def forward(self, x):
        x = torch.cat((x[:, 0:1] * 0.9 + 0.1, x[:, 1:2] * 0.8, x[:, 2:3] + 0.2), 1)
        return self.fc(torch.flatten(self.avgpool(self.b(self.pool(self.a(self.conv1(x))))), 1))


class TinyInception(nn.Module):
    """Inception v3's factorised convolutions: 1x7 and 7x1, a split into 1x3 and 3x1, average pooling in a branch."""

    def __init__(self):
        super().__init__()
        self.stem = BasicConv2d(3, 8, kernel_size=3, stride=2)
        self.one, self.seven = BasicConv2d(8, 6, kernel_size=1), nn.Sequential(
            BasicConv2d(8, 4, kernel_size=1), BasicConv2d(4, 4, kernel_size=(1, 7), padding=(0, 3)), BasicConv2d(4, 6, kernel_size=(7, 1), padding=(3, 0)))
        self.pooled = BasicConv2d(8, 6, kernel_size=1)
        self.wide, self.high = BasicConv2d(18, 5, kernel_size=(1, 3), padding=(0, 1)), BasicConv2d(18, 5, kernel_size=(3, 1), padding=(1, 0))
        self.fc = nn.Linear(10, 5)

    def forward(self, x):
        x = self.stem(x)
        x = torch.cat([self.one(x), self.seven(x), self.pooled(functional.avg_pool2d(x, 3, 1, 1))], 1)
        x = torch.cat([self.wide(x), self.high(x)], 1)
        return self.fc(torch.flatten(functional.adaptive_avg_pool2d(x, (1, 1)), 1))


class TinySqueezeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, ceil_mode=True),
            squeezenet.Fire(8, 4, 6, 6), squeezenet.Fire(12, 4, 8, 8))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Conv2d(16, 5, 1), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


class TinyMobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        block = mobilenetv2.InvertedResidual
        self.features = nn.Sequential(
            Conv2dNormActivation(3, 8, stride=2, activation_layer=nn.ReLU6), block(8, 8, 1, 1), block(8, 12, 2, 2),
            block(12, 12, 1, 2), Conv2dNormActivation(12, 16, 1, activation_layer=nn.ReLU6))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(16, 5))

    def forward(self, x):
        x = functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


def tiny_mobilenet_v3():
    block = mobilenetv3.InvertedResidualConfig
    settings = [block(8, 3, 8, 8, True, "RE", 2, 1, 1), block(8, 3, 16, 12, False, "RE", 1, 1, 1),
                block(12, 5, 16, 12, True, "HS", 1, 1, 1)]
    return mobilenetv3.MobileNetV3(settings, 16, num_classes=5)


class TinyMnasNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True),
            mnasnet._stack(8, 12, 3, 2, 2, 2, 0.01), nn.Conv2d(12, 16, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(16, 5))

    def forward(self, x):
        return self.classifier(self.layers(x).mean([2, 3]))


def tiny_efficientnet():
    block = efficientnet.MBConvConfig
    settings = [block(1, 3, 1, 8, 8, 1, 1.0, 1.0), block(2, 5, 2, 8, 12, 2, 1.0, 1.0)]
    return efficientnet.EfficientNet(settings, 0.2, num_classes=5, last_channel=16)


def tiny_convnext():
    block = convnext.CNBlockConfig
    return convnext.ConvNeXt([block(8, 12, 1), block(12, None, 1)], num_classes=5)


def tiny_swin():
    return swin_transformer.SwinTransformer([2, 2], 8, [2, 2], [2, 4], [4, 4], 2.0, num_classes=5)


def segmenter(head, outputs):
    """A dilated backbone, a head, and bilinear resizing to the input's size; a dictionary of outputs."""
    backbone = TinyResNet(resnet.BasicBlock, blocks=1)
    body = torchvision.models._utils.IntermediateLayerGetter(backbone, {"layer3": "out", "layer1": "aux"} if outputs > 1 else {"layer3": "out"})
    return fcn.FCN(body, head, fcn.FCNHead(8, 3) if outputs > 1 else None)


def tiny_deeplab():
    head = nn.Sequential(deeplabv3.ASPP(16, [1, 2], 8), nn.Conv2d(8, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 3, 1))
    model = segmenter(head, 1)
    return deeplabv3.DeepLabV3(model.backbone, head)


class Pyramid(nn.Module):
    """A detection backbone: torchvision's feature pyramid over two stages, a head on every level."""

    def __init__(self):
        super().__init__()
        self.body = torchvision.models._utils.IntermediateLayerGetter(TinyResNet(resnet.BasicBlock, blocks=1), {"layer1": "0", "layer2": "1"})
        self.fpn = torchvision.ops.FeaturePyramidNetwork([8, 16], 8)
        self.head = nn.Sequential(nn.Conv2d(8, 8, 3, 1, 1), nn.ReLU(inplace=True), nn.Conv2d(8, 6, 1))

    def forward(self, x):
        levels = self.fpn(self.body(x))
        return [self.head(level) for level in levels.values()]


# --- traps, each by the name that it has in the issue -----------------------------------------------------------------


class OptionA(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn, self.block = nn.Conv2d(3, 8, 3, 1, 1), nn.BatchNorm2d(8), networks.CifarBlock(8, 16, 2)
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        return self.fc(self.block(torch.relu(self.bn(self.conv(x)))).mean((2, 3)))


class ChannelShuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.fc = nn.Conv2d(3, 12, 1), nn.Conv2d(12, 12, 3, 1, 1, groups=12), nn.Conv2d(12, 8, 1), nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.a(x))
        n, c, h, w = x.shape
        x = x.view(n, 3, c // 3, h, w).transpose(1, 2).contiguous().view(n, c, h, w)
        return self.fc(torch.relu(self.c(torch.relu(self.b(x)))).mean((2, 3)))


class NhwcFlatten(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.fc1, self.fc2 = nn.Conv2d(3, 6, 3, 2, 1), nn.Linear(96, 10), nn.Linear(10, 5)

    def forward(self, x):
        x = torch.relu(self.a(x)).permute(0, 2, 3, 1).reshape(x.shape[0], -1)
        return self.fc2(torch.relu(self.fc1(x)))


class Grouped(nn.Module):
    """Between plain convolutions, so that every group may keep other indices than the next."""

    def __init__(self):
        super().__init__()
        self.a, self.grouped, self.bn, self.b = nn.Conv2d(3, 12, 1), nn.Conv2d(12, 24, 3, 1, 1, groups=3), nn.BatchNorm2d(24), nn.Conv2d(24, 8, 1)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.bn(self.grouped(torch.relu(self.a(x)))))
        return self.fc(torch.relu(self.b(x)).mean((2, 3)))


class SplitChunk(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.c2f, self.fc = networks.conv(3, 8), networks.C2f(8, 12, 2, True), nn.Linear(12, 5)

    def forward(self, x):
        return self.fc(self.c2f(self.stem(x)).mean((2, 3)))


class SplitTwice(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 16, 1), nn.Conv2d(8, 16, 3, 1, 1)
        self.c, self.d, self.fc = nn.Conv2d(4, 6, 1), nn.Conv2d(12, 6, 1), nn.Linear(6, 5)

    def forward(self, x):
        near, far = torch.split(torch.relu(self.a(x)), 8, 1)
        small, large = torch.split(torch.relu(self.b(near + far)), [4, 12], 1)
        return self.fc(torch.relu(self.c(small) + self.d(large)).mean((2, 3)))


class PixelShuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 8, 3, 1, 1), nn.Conv2d(8, 24, 3, 1, 1), nn.Conv2d(6, 3, 3, 1, 1)

    def forward(self, x):
        return self.c(torch.relu(functional.pixel_shuffle(self.b(torch.relu(self.a(x))), 2)))


class Gates(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.bn = nn.Conv2d(3, 12, 3, 1, 1), nn.BatchNorm2d(12)
        self.squeeze, self.excite, self.b, self.fc = nn.Conv2d(12, 4, 1), nn.Conv2d(4, 12, 1), nn.Conv2d(12, 8, 1), nn.Linear(8, 5)

    def forward(self, x):
        x = functional.silu(self.bn(self.a(x)))
        gate = torch.sigmoid(self.excite(torch.relu(self.squeeze(functional.adaptive_avg_pool2d(x, 1)))))
        return self.fc(torch.relu(self.b(gate * x)).mean((2, 3)))


class WithItself(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.fc = nn.Conv2d(3, 6, 3, 1, 1), nn.Conv2d(12, 8, 1), nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.a(x))
        return self.fc(torch.relu(self.b(torch.cat([x, x], 1))).mean((2, 3)))


class WeightTwice(nn.Module):
    """One convolution called twice, and one weight under two names."""

    def __init__(self):
        super().__init__()
        self.a, self.same, self.first, self.second, self.fc = (nn.Conv2d(3, 8, 1), nn.Conv2d(8, 8, 3, 1, 1), nn.Linear(8, 8, False),
                                                               nn.Linear(8, 8, False), nn.Linear(8, 5))
        self.second.weight = self.first.weight

    def forward(self, x):
        x = torch.relu(self.same(torch.relu(self.same(torch.relu(self.a(x)))))).mean((2, 3))
        return self.fc(torch.relu(self.second(torch.relu(self.first(x)))))


class Gathered(nn.Module):
    """Channels taken by stored indices: a fixed shuffle, some of them twice, and a bias table gathered for each channel."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.fc = nn.Conv2d(3, 8, 1), nn.Conv2d(10, 8, 3, 1, 1), nn.Linear(6, 5)
        self.register_buffer("order", torch.tensor([7, 2, 0, 5, 1, 6, 3, 4]))
        self.register_buffer("some", torch.tensor([0, 2, 2, 3, 5, 7, 1, 4, 6, 6]))
        self.register_buffer("last", torch.tensor([6, 1, 0, 3, 4, 7]))

    def forward(self, x):
        x = torch.relu(self.a(x)).index_select(1, self.order)[:, self.some]
        return self.fc(torch.relu(self.b(x)).mean((2, 3))[:, self.last])


class RolledWindows(nn.Module):
    """Swin's roll and window partition around one window attention, without its norms."""

    def __init__(self, width=8, heads=2, window=4):
        super().__init__()
        self.embed, self.window, self.heads = nn.Conv2d(3, width, 2, 2), window, heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.inner, self.outer, self.fc = nn.Linear(width, 2 * width), nn.Linear(2 * width, width), nn.Linear(width, 5)

    def forward(self, x):
        x = self.embed(x).permute(0, 2, 3, 1)
        n, h, w, c = x.shape
        m = self.window
        y = torch.roll(x, shifts=(-2, -2), dims=(1, 2))
        y = y.view(n, h // m, m, w // m, m, c).permute(0, 1, 3, 2, 4, 5).reshape(n * (h // m) * (w // m), m * m, c)
        q, k, v = self.qkv(y).reshape(y.size(0), m * m, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        y = torch.softmax(q.matmul(k.transpose(-2, -1)), dim=-1).matmul(v).transpose(1, 2).reshape(y.size(0), m * m, c)
        y = self.out(y).view(n, h // m, w // m, m, m, c).permute(0, 1, 3, 2, 4, 5).reshape(n, h, w, c)
        x = x + torch.roll(y, shifts=(2, 2), dims=(1, 2))
        x = x + self.outer(functional.gelu(self.inner(x)))
        return self.fc(x.mean((1, 2)))


class Sdpa(nn.Module):
    """PyTorch 2's fused attention after unflatten."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(8, 8) for _ in range(4))
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        q, k, v = (f(x).unflatten(-1, (2, 4)).transpose(1, 2) for f in (self.q, self.k, self.v))
        y = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(-2)
        return self.fc(x + self.out(y)).mean(1)

class Rotary(nn.Module):
    """Angles and a causal mask are tables of all heads, of which two share their keys and values."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(6, 16), nn.Linear(6, 8), nn.Linear(6, 8)
        self.out, self.fc = nn.Linear(16, 8), nn.Linear(8, 5)
        self.register_buffer("cos", torch.rand(7, 4))
        self.register_buffer("sin", torch.rand(7, 4))
        self.register_buffer("causal", torch.tril(torch.ones(7, 7)).view(1, 1, 7, 7))

    def turned(self, x):
        tokens, (first, second) = x.shape[2], x.split(2, -1)
        return x * self.cos[:tokens] + torch.cat([-second, first], -1) * self.sin[:tokens]

    def forward(self, x):
        n, t, _ = x.shape
        q, k, v = (y.view(n, t, -1, 4).transpose(1, 2) for y in (self.q(x), self.k(x), self.v(x)))
        q, k = self.turned(q), self.turned(k)
        k, v = (y[:, :, None].expand(n, 2, 2, t, 4).reshape(n, 4, t, 4) for y in (k, v))
        scores = (q @ k.transpose(-2, -1)).masked_fill(self.causal[:, :, :t, :t] == 0, -1e4)
        return self.fc(self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, 16)))


class LinearToMap(nn.Module):
    """A linear layer makes whole channels of a map, as decoders begin."""

    def __init__(self):
        super().__init__()
        self.a, self.bn = nn.Linear(6, 8 * 9), nn.BatchNorm2d(8)
        self.b, self.c = nn.ConvTranspose2d(8, 6, 2, 2), nn.Conv2d(6, 3, 3)

    def forward(self, x):
        return self.c(torch.relu(self.b(torch.relu(self.bn(self.a(x).view(x.shape[0], 8, 3, 3))))))


class DistanceBias(nn.Module):
    """Biases of heads, taken from a table of distances by rows and by columns."""

    def __init__(self):
        super().__init__()
        self.qkv, self.again, self.out = nn.Linear(6, 24), nn.Linear(6, 24), nn.Linear(8, 5)
        self.columns, self.rows = nn.Parameter(torch.randn(4, 5)), nn.Parameter(torch.randn(5, 4))
        steps = torch.arange(5)
        self.register_buffer("distance", (steps[:, None] - steps).abs())

    def heads(self, qkv, bias):
        n, t, _ = qkv.shape
        q, k, v = qkv.view(n, t, 3, 4, 2).permute(2, 0, 3, 1, 4).unbind(0)
        return ((q @ k.transpose(-2, -1) + bias).softmax(-1) @ v).transpose(1, 2).reshape(n, t, 8)

    def forward(self, x):
        by_rows = self.rows[self.distance.view(-1)].view(5, 5, -1).permute(2, 0, 1)
        return self.out(self.heads(self.qkv(x), self.columns[:, self.distance]) + self.heads(self.again(x), by_rows))


class Branches(nn.Module):
    """Attention over branches: the weights change along the channels only, the branches along both."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.squeeze = nn.Conv2d(3, 8, 3, 1, 1), nn.Conv2d(3, 8, 1), nn.Conv2d(8, 4, 1)
        self.excite, self.fc = nn.Conv2d(4, 16, 1), nn.Linear(8, 5)

    def forward(self, x):
        n, _, h, w = x.shape
        both = torch.relu(torch.cat([self.a(x), self.b(x)], 1)).view(n, 2, 8, h, w)
        weights = self.excite(torch.relu(self.squeeze(both.sum(1).mean((2, 3), keepdim=True))))
        return self.fc((both * weights.view(n, 2, 8, 1, 1).softmax(1)).sum(1).mean((2, 3)))


class GatedTables(nn.Module):
    """What is computed from stored tensors alone goes along; one of heads by features keeps heads whole."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.w, self.out = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 6, 1), nn.Linear(6, 8), nn.Linear(8, 5)
        self.gate, self.shift = nn.Parameter(torch.randn(1, 8, 1, 1)), nn.Parameter(torch.randn(8))
        self.slopes, self.heads = nn.Parameter(torch.rand(6) + 0.1), nn.Parameter(torch.randn(4, 2))

    def forward(self, x):
        y = self.a(x) * self.gate.sigmoid() + torch.tanh(self.shift)[:, None, None]
        y = self.b(torch.relu(y)) * (-self.slopes.exp()).view(-1, 1, 1)
        w = self.w(y.mean((2, 3))).view(-1, 4, 2)
        scores = torch.sigmoid((w * self.heads).sum(-1))
        return self.out((w * scores.unsqueeze(-1)).flatten(1))


class Equations(nn.Module):
    """Products of heads by equation and by a batched product onto a mask, and sizes taken from another tensor."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.w = (nn.Linear(6, 8) for _ in range(4))
        self.c, self.out = nn.Conv1d(8, 6, 2), nn.Linear(6, 5)
        self.register_buffer("mask", torch.triu(torch.full((1, 5, 5), -1e4), 1))

    def forward(self, x):
        n, t, _ = x.shape
        q, k, v = (y.view(n, t, 4, 2) for y in (self.q(x), self.k(x), self.v(x)))
        y = torch.einsum("bhij,bjhd->bihd", torch.einsum("bihd,bjhd->bhij", q, k).softmax(-1), v)
        q, k, v = (z.transpose(1, 2).flatten(0, 1) for z in (q, k, v))
        z = torch.bmm(torch.baddbmm(self.mask, q, k.transpose(1, 2)).softmax(-1), v)
        y = y + z.view(n, 4, t, 2).transpose(1, 2)
        w = self.w(x)
        made = self.c((w + y.flatten(2).view_as(w)).transpose(1, 2))
        return self.out(made[:, :, 1 - made.size(2):].transpose(1, 2))


def image(size=32):
    return torch.randn(1, 3, size, size)


def tokens():
    return torch.randint(0, 50, (1, 6)), torch.randint(0, 2, (1, 6))


def sequence():
    return torch.randn(1, 5, 6)


def detector():
    return networks.Detector(2, 1, 3, bins=2)


def encoder():
    return networks.EncoderClassifier(6, 8, 2, 16, 2, 5)


def bert():
    return networks.Bert(50, 16, 8, 2, 16, 2)


def vit():
    return vision_transformer.VisionTransformer(16, 4, 2, 2, 8, 16, num_classes=5)


FAMILIES = {
    "alexnet": (AlexNet, image), "vgg": (tiny_vgg, image),
    "resnet-basic": (lambda: TinyResNet(resnet.BasicBlock), image),
    "resnet-bottleneck": (lambda: TinyResNet(resnet.Bottleneck, 4), image),
    "resnext": (lambda: TinyResNet(resnet.Bottleneck, 4, 2, 64), image),
    "regnet": (tiny_regnet, image), "densenet": (lambda: densenet.DenseNet(4, (2, 2), 8, 2, num_classes=5), image),
    "googlenet": (TinyGoogLeNet, image), "inception": (TinyInception, image), "squeezenet": (TinySqueezeNet, image),
    "shufflenet": (lambda: shufflenetv2.ShuffleNetV2([2, 1, 1], [8, 16, 20, 24, 24], num_classes=5), image),
    "shufflenet-deep": (lambda: shufflenetv2.ShuffleNetV2([4, 3, 2], [8, 20, 44, 28, 24], num_classes=5), image),
    "mobilenet-v2": (TinyMobileNetV2, image), "mobilenet-v3": (tiny_mobilenet_v3, image), "mnasnet": (TinyMnasNet, image),
    "efficientnet": (tiny_efficientnet, image), "convnext": (tiny_convnext, image), "vit": (vit, lambda: image(16)),
    "swin": (tiny_swin, image), "fcn": (lambda: segmenter(fcn.FCNHead(16, 3), 2), image), "deeplab": (tiny_deeplab, image),
    "pyramid": (Pyramid, image), "cifar-resnet": (lambda: networks.CifarResNet(1, 6, 5), lambda: image(16)),
    "detector": (detector, lambda: image(64)), "encoder": (encoder, sequence), "bert": (bert, tokens),
    "lstm": (lambda: networks.LstmClassifier(6, 8, 8, 5), sequence),
}
FUSED = {"encoder-fused": (encoder, sequence)}
TRAPS = {
    "trap-option-a": (OptionA, image), "trap-channel-shuffle": (ChannelShuffle, lambda: image(8)),
    "trap-nhwc-flatten": (NhwcFlatten, lambda: image(8)), "trap-grouped": (Grouped, lambda: image(8)),
    "trap-c2f": (SplitChunk, lambda: image(8)), "trap-split-twice": (SplitTwice, lambda: image(8)),
    "trap-pixel-shuffle": (PixelShuffle, lambda: image(8)), "trap-gates": (Gates, lambda: image(8)),
    "trap-concat-itself": (WithItself, lambda: image(8)), "trap-weight-twice": (WeightTwice, lambda: image(8)),
    "trap-rolled-windows": (RolledWindows, lambda: image(16)), "trap-gathered": (Gathered, lambda: image(8)),
    "trap-rotary": (Rotary, sequence), "trap-linear-to-map": (LinearToMap, lambda: torch.randn(1, 6)),
    "trap-distance-bias": (DistanceBias, sequence), "trap-branches": (Branches, lambda: image(8)),
    "trap-shuffled-halves": (shuffles.Halves, lambda: image(8)), "trap-shuffled-thirds": (shuffles.Thirds, lambda: image(8)),
    "trap-shuffled-groups": (shuffles.InGroups, lambda: image(8)),
    "trap-shuffled-native": (shuffles.Native, lambda: image(8)),
    "trap-shuffled-flatten": (shuffles.Flattened, lambda: image(8)),
    "trap-equations": (Equations, sequence), "trap-gated-tables": (GatedTables, lambda: image(8)),
}
NEWER = {
    "sdpa": (Sdpa, lambda: torch.randn(1, 5, 8)), "vit": (vit, lambda: image(16)), "encoder": (encoder, sequence),
    "swin": (tiny_swin, image), "convnext": (tiny_convnext, image), "bert": (bert, tokens),
    "trap-c2f": TRAPS["trap-c2f"], "trap-grouped": TRAPS["trap-grouped"],
}


def recorded_shapes(module, examples):
    """Sizes of all tensor values of the inlined graph in order of definition, from one run that returns them all."""
    graph = module.inlined_graph.copy()
    values = list(graph.inputs())[1:]
    for node in graph.nodes():
        if node.kind() != "prim::GetAttr" and node.kind() != "prim::Constant":
            values += [o for o in node.outputs() if o.type().isSubtypeOf(torch._C.TensorType.get())]
    while len(list(graph.outputs())):
        graph.eraseOutput(0)
    every = graph.appendNode(graph.create("prim::ListConstruct", values, 1))
    every.output().setType(torch._C.ListType(torch._C.TensorType.get()))
    graph.registerOutput(every.output())
    function = torch._C._create_function_from_graph("recorded", graph)
    with torch.no_grad():
        return [tuple(t.shape) for t in function(module._c, *(x.clone() for x in examples))]


def numbers(sizes):
    return ",".join(map(str, sizes)) or "-"


def tensor_lines(path, roles):
    """A tensor under several names has one role, whichever name the graph shows."""
    names = {}
    for name, tensor in stored.tensors(path).items():
        names.setdefault(tensor, []).append(name)
    for name, tensor in stored.tensors(path).items():
        same, dims = names[tensor], range(len(tensor.shape))
        reads = [d for d in dims if any((n, d) in roles.consumers for n in same)]
        dead = [d for d in dims if d not in reads or any((n, d) in roles.producers for n in same)]
        dead = [] if any(n in roles.spared for n in same) or tensor.dtype.lstrip("<").startswith("i") else dead
        yield " ".join([name, tensor.entry, str(tensor.offset), tensor.dtype.lstrip("<"), numbers(tensor.shape), numbers(tensor.strides),
                        numbers(dead), numbers(reads)])


def make(name, build, example, scripted=True, fused=False):
    torch.manual_seed(1)
    model, examples = forms.perturb(build()), example()
    examples = examples if isinstance(examples, tuple) else (examples,)
    twin = None
    for form, module in forms.archives(model, examples, scripted, fused):
        path = OUT / f"{name}-{form}.pt"
        forms.save(module, path)
        held = oracles.Model(path)
        twin = twin or held.roles
        path.with_suffix(".tensors").write_text("\n".join(tensor_lines(path, held.roles if form == "frozen" else twin)) + "\n")
        path.with_suffix(".inputs").write_text("".join(
            numbers(x.shape) + ("" if x.is_floating_point() else f" int64 {50 if i == 0 else 2}") + "\n" for i, x in enumerate(examples)))
        if form != "scripted":
            path.with_suffix(".shapes").write_text("\n".join(numbers(s) if s else "" for s in recorded_shapes(held.module, examples)) + "\n")
        print(path.name, path.stat().st_size, "bytes")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch._C._jit_set_profiling_executor(False)
    if torch.__version__.startswith("1."):
        for name, (build, example) in FAMILIES.items():
            make(name, build, example)
        for name, (build, example) in FUSED.items():
            make(name, build, example, False, True)
        for name, (build, example) in TRAPS.items():
            make(name, build, example, False)
    else:
        for name, (build, example) in NEWER.items():
            make(name + "-t2", build, example, False)


if __name__ == "__main__":
    main()
