#!/usr/bin/env python3
"""Makes the small TorchScript archives that the tests of model-surgery read, and the shapes recorded from them.

    apt-get install python3-torch
    /usr/bin/python3 model-surgery/src/test/python/make_fixtures.py

Writes NAME.pt and NAME.shapes next to the tests' resources. A .shapes file has one line per tensor value of the graph, in
order of definition, inputs first: what forward_profiled returns for the input that the archive was traced with. Shapes
are recorded from the interpreter's own graph after inlining, without our code.

Weights are random from a fixed seed; batch norm statistics are perturbed so that nothing is zero by accident.
"""
import pathlib
import zipfile


import torch
from torch import nn
from torch.nn import functional

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "io" / "espalier" / "surgery"


def conv_bn(i, o, k=3, s=1, groups=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, groups=groups, bias=False), nn.BatchNorm2d(o))


class Block(nn.Module):
    """A residual block with an in-place addition, as torchvision and the demo's network have it."""

    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.relu = nn.ReLU(inplace=True)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.shortcut = conv_bn(i, o, 1, stride) if stride != 1 or i != o else nn.Identity()

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        y += self.shortcut(x)
        return self.relu(y)


class Residual(nn.Module):
    """Two stages, max pooling, flatten with more than one position per unit, two linear layers."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(1, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True)
        self.layer1, self.layer2 = nn.Sequential(Block(8, 8, 1), Block(8, 8, 1)), nn.Sequential(Block(8, 12, 2))
        self.pool = nn.MaxPool2d(2)
        self.fc1, self.relu2, self.fc2 = nn.Linear(12 * 9, 16), nn.ReLU(), nn.Linear(16, 10)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.pool(self.layer2(self.layer1(x)))
        return self.fc2(self.relu2(self.fc1(torch.flatten(x, 1))))


class Depthwise(nn.Module):
    """An inverted residual: pointwise, depthwise (whose group count is a literal), pointwise; global mean; softmax."""

    def __init__(self):
        super().__init__()
        self.expand, self.act1 = conv_bn(3, 12, 1), nn.ReLU6(inplace=True)
        self.depth, self.act2 = conv_bn(12, 12, 3, 2, groups=12), nn.Hardswish()
        self.widen = nn.Conv2d(12, 24, 3, 1, 1, groups=12)
        self.project, self.fc = conv_bn(24, 6, 1), nn.Linear(6, 5)

    def forward(self, x):
        x = self.act2(self.depth(self.act1(self.expand(x))))
        x = self.project(functional.silu(self.widen(x)))
        return functional.softmax(self.fc(x.mean([2, 3])), dim=1)


class Unknown(nn.Module):
    """Only the units at the unknown operator (cumsum) and around the grouped convolution may be protected."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 6, 3), nn.Conv2d(6, 8, 3), nn.Conv2d(8, 7, 1)
        self.d, self.grouped, self.fc = nn.Conv2d(7, 8, 1), nn.Conv2d(8, 8, 1, groups=2), nn.Linear(8, 4)

    def forward(self, x):
        x = torch.relu(self.a(x))
        x = torch.relu(torch.cumsum(self.b(x), 1))
        x = torch.relu(self.d(torch.relu(self.c(x))))
        return self.fc(torch.relu(self.grouped(x)).amax((2, 3)))


class LiteralView(nn.Module):
    """Sizes written as numbers where they count units, read from the tensor, left open, and where units are scattered."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d = (nn.Conv2d(i, o, 3, 1, 1) for i, o in ((3, 6), (6, 8), (8, 4), (4, 6)))
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        x = torch.relu(self.a(x))
        x = x.view(1, 6, 64).view(-1, 6, 8, 8)
        x = torch.relu(self.b(x))
        x = x.view(x.size(0), x.size(1), -1).view(1, -1, 8, 8)
        x = torch.relu(self.c(x))
        x = x.view(1, 2, 2, 8, 8).transpose(1, 2).reshape(1, 4, 8, 8)
        x = torch.relu(self.d(x)).permute(0, 2, 3, 1)
        return self.fc(x).mean((1, 2))


class Joined(nn.Module):
    """Concatenation of a tensor with itself, a weight used twice, a gate, a scale parameter, two outputs."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 4, 3, 1, 1), nn.Conv2d(3, 6, 3, 1, 1)
        self.mix, self.twice = nn.Conv2d(14, 8, 1), nn.Conv2d(8, 8, 3, 1, 1)
        self.gate, self.last = nn.Conv2d(8, 8, 1), nn.Conv2d(8, 8, 1)
        self.scale = nn.Parameter(torch.rand(8, 1, 1) + 0.5)
        self.fc, self.aux = nn.Linear(8, 4), nn.Linear(8, 2)

    def forward(self, x):
        a, b = torch.relu(self.a(x)), torch.relu(self.b(x))
        x = torch.tanh(self.mix(torch.cat([a, b, a], 1)))
        x = torch.relu(self.twice(torch.relu(self.twice(x))))
        x = x * torch.sigmoid(self.gate(functional.adaptive_avg_pool2d(x, 1))) * self.scale
        y = torch.relu(self.last(x))
        return self.fc(y.mean((2, 3))), self.aux(x.mean((2, 3)))


class Tokens(nn.Module):
    """Linear layers over a sequence: units in the last dimension."""

    def __init__(self):
        super().__init__()
        self.up, self.act, self.down = nn.Linear(6, 20), nn.GELU(), nn.Linear(20, 6)
        self.norm, self.head = nn.LayerNorm(6), nn.Linear(6, 3)

    def forward(self, x):
        return self.head(self.norm(x + self.down(self.act(self.up(x))))).mean(1)


class Transposed(nn.Module):
    """Weights seen through t(): as weights, where they may be cut, and as an input (of the last product), where not."""

    def __init__(self):
        super().__init__()
        shapes = ((8, 6), (10, 8), (7, 10), (7, 7))
        self.a, self.b, self.c, self.mix = (nn.Parameter(torch.randn(s)) for s in shapes)
        self.bias = nn.Parameter(torch.randn(10))

    def forward(self, x):
        x = torch.relu(torch.matmul(x, self.a.t()))
        x = torch.relu(torch.addmm(self.bias, x, self.b.transpose(0, 1)))
        x = torch.relu(functional.linear(x, self.c))
        return functional.linear(x, torch.mm(self.c.t(), self.mix))


class Squeezed(nn.Module):
    """Squeezes a dimension of several units, which does nothing until one is left; the others may be cut."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.fc = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 5, 3), nn.Linear(5, 2)

    def forward(self, x):
        x = torch.relu(self.b(torch.relu(self.a(x)).squeeze(1)))
        return self.fc(x.mean((2, 3), keepdim=True).squeeze(3).squeeze(-1))


class WrittenInto(nn.Module):
    """Concatenates into a tensor that is seen through a view."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d = (nn.Conv2d(i, o, 1) for i, o in ((3, 4), (3, 4), (8, 5), (5, 2)))
        self.requires_grad_(False)

    def forward(self, x):
        joined = torch.empty(1, 8, 8, 8)
        view = joined.view(1, 8, 64)
        torch.cat([self.a(x), self.b(x)], 1, out=joined)
        return self.d(torch.relu(self.c(view.view(1, 8, 8, 8))))


class SecondOperands(nn.Module):
    """Units that an operator takes in its second operand, and parts of one layer that must not become empty."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 4, 1), nn.Conv2d(4, 4, 1), nn.Conv2d(3, 3, 1)
        self.d, self.e, self.f, self.g = (nn.Conv2d(i, o, 1) for i, o in ((4, 2), (3, 2), (3, 8), (4, 2)))

    def forward(self, x):
        pooled, indices = functional.max_pool2d(self.a(x), 2, return_indices=True)
        restored = functional.max_unpool2d(self.b(pooled), indices, 2)
        larger = torch.max(x, self.c(x))
        first, second, third = self.f(x).split([2, 4, 2], 1)
        return self.d(restored) + self.e(larger) + self.g(second) + self.g(torch.cat([first, third], 1))


class BatchOfHeads(nn.Module):
    """Attention by bmm over samples times heads, so that a size holds both, with another size left open."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(i, o) for i, o in ((6, 8), (6, 8), (6, 8), (8, 3)))

    def forward(self, x):
        samples, tokens, _ = x.shape
        q, k, v = (y.view(samples, tokens, 4, 2).transpose(1, 2).reshape(samples * 4, tokens, -1)
                   for y in (self.q(x), self.k(x), self.v(x)))
        y = torch.bmm(torch.bmm(q, k.transpose(1, 2)).softmax(-1), v)
        return self.out(y.view(samples, 4, tokens, 2).transpose(1, 2).flatten(2))


class Branching(nn.Module):
    def forward(self, x):
        if bool(x.sum() > 0):
            return x + 1
        return x - 1


def perturb(model):
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
    return model.eval()


def recorded_shapes(traced, example):
    """Sizes of all tensor values of the inlined graph in order of definition, by running its printed form step by step."""
    graph = traced.inlined_graph.copy()
    torch._C._jit_pass_inline(graph)
    inputs = [v for v in list(graph.inputs())[1:]]
    names = [v.debugName() for v in inputs]
    for node in graph.nodes():
        names += [o.debugName() for o in node.outputs()
                  if o.type().isSubtypeOf(torch._C.TensorType.get()) and not is_stored(node)]
    outputs = {}
    for value in names:
        piece = graph.copy()
        target = next(v for n in [piece] for v in list(n.inputs()) + [o for k in n.nodes() for o in k.outputs()]
                      if v.debugName() == value)
        while len(list(piece.outputs())):
            piece.eraseOutput(0)
        piece.registerOutput(target)
        torch._C._jit_pass_dce(piece)
        function = torch._C._create_function_from_graph("piece", piece)
        outputs[value] = list(function(traced._c, example.clone()).shape)
    return [outputs[n] for n in names]


def is_stored(node):
    return node.kind() == "prim::GetAttr" or (node.kind() == "prim::Constant" and node.output().type().kind() == "TensorType")


def save(name, model, example):
    traced = torch.jit.trace(perturb(model), example)
    write(name, traced, example)
    return traced


def save_archive(name, module):
    """Saves an archive without *.debug_pkl: those hold paths of the machine it was made on."""
    path = OUT / (name + ".pt")
    module.save(str(path) + ".tmp")
    with zipfile.ZipFile(str(path) + ".tmp") as full, zipfile.ZipFile(path, "w") as lean:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                lean.writestr(zipfile.ZipInfo(entry.filename.replace(".pt/", "/", 1)), full.read(entry))
    pathlib.Path(str(path) + ".tmp").unlink()


def write(name, traced, example):
    save_archive(name, traced)
    loaded = torch.jit.load(str(OUT / (name + ".pt")))
    lines = [",".join(map(str, shape)) for shape in recorded_shapes(loaded, example)]
    (OUT / (name + ".shapes")).write_text("\n".join(lines) + "\n")
    print(name, (OUT / (name + ".pt")).stat().st_size, "bytes", len(lines), "tensors")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    image = torch.randn(1, 3, 8, 8)
    gray = torch.randn(1, 1, 12, 12)
    write("residual-frozen", torch.jit.freeze(save("residual", Residual(), gray)), gray)
    save("depthwise", Depthwise(), image)
    save("unknown", Unknown(), image)
    save("view", LiteralView(), image)
    write("joined-frozen", torch.jit.freeze(save("joined", Joined(), image)), image)
    save("tokens", Tokens(), torch.randn(1, 5, 6))
    save("transposed", Transposed(), torch.randn(1, 6))
    save("squeezed", Squeezed(), image)
    save("written-into", WrittenInto(), image)
    save("second-operands", SecondOperands(), image)
    save("batch-of-heads", BatchOfHeads(), torch.randn(1, 5, 6))
    save_archive("scripted", torch.jit.script(Branching()))


if __name__ == "__main__":
    main()
