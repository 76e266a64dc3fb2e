"""What a cut must equal, computed in plain PyTorch: nothing here knows Espalier but for the report's index map."""
import contextlib
import math

import torch
from torch.utils._python_dispatch import TorchDispatchMode

import stored


def name_of(value, constants):
    """(name in the archive, transposed) of a stored tensor in an inlined graph, or None."""
    node = value.node()
    kind = node.kind()
    if kind in ("aten::t", "aten::transpose"):
        inner = name_of(next(iter(node.inputs())), constants)
        return inner and (inner[0], not inner[1])
    if kind == "prim::GetAttr":
        path = []
        while node.kind() == "prim::GetAttr":
            path.insert(0, node.s("name"))
            node = next(iter(node.inputs())).node()
        return ".".join(path), False
    if kind == "prim::Constant" and value.type().kind() == "TensorType":
        name = constants.get(key(node.t("value")))
        return name and (name, False)
    return None


def key(tensor):
    tensor = tensor.detach()
    return tuple(tensor.shape), str(tensor.dtype), hash(tensor.contiguous().numpy().tobytes())


class Roles:
    """Which dimensions of which tensors produce units and which consume them, read from PyTorch's own graph."""

    def __init__(self, module, path):
        self.producers, self.consumers, self.spared, self.weights, self.constants = set(), {}, set(), set(), {}
        module_constants = {}
        for node in nodes(module.inlined_graph):
            if node.kind() == "prim::Constant" and node.output().type().kind() == "TensorType":
                module_constants.setdefault(key(node.t("value")), None)
        if module_constants:
            with stored.zipfile.ZipFile(path) as archive:
                for name, tensor in stored.tensors(path).items():
                    if "/constants/" in tensor.entry and tensor.dtype in ("<f4", "<f8"):
                        content = torch.from_numpy(stored.content(archive, tensor)[1].copy())
                        self.constants.setdefault(key(content), name)
        for node in nodes(module.inlined_graph):
            self.add(node.kind().rstrip("_"), list(node.inputs()))

    def named(self, value):
        return name_of(value, self.constants)

    def add(self, kind, inputs):
        if kind.startswith("aten::") and "conv" in kind:
            transposed = inputs[6].toIValue() if kind == "aten::_convolution" else "transpose" in kind
            groups = inputs[8 if kind == "aten::_convolution" else 6].toIValue()
            self.weight(inputs[1], 1 if transposed else 0, 0 if transposed else 1, groups)
            self.other(inputs[2])
        elif kind == "aten::linear":
            self.weight(inputs[1], 0, 1)
            self.other(inputs[2])
        elif kind in ("aten::matmul", "aten::mm"):
            self.weight(inputs[1], 1, 0)
        elif kind == "aten::addmm":
            self.weight(inputs[2], 1, 0)
            self.other(inputs[0])
        elif kind in ("aten::batch_norm", "aten::instance_norm"):
            for value in inputs[1:3]:
                self.other(value)
            for value in inputs[3:5]:
                self.spare(value)
        elif kind in ("aten::layer_norm", "aten::group_norm"):
            for value in inputs[2:4]:
                self.other(value)
        elif kind == "aten::prelu":
            self.other(inputs[1])
        elif kind == "aten::embedding":
            self.other(inputs[0])
        elif kind == "aten::div":
            self.spare(inputs[1])
        elif kind == "aten::_transformer_encoder_layer_fwd":
            for value in inputs[3:]:
                self.other(value)
            self.weight(inputs[14], 0, 1)
            self.weight(inputs[16], 0, 1)

    def weight(self, value, producing, consuming, groups=1):
        named = self.named(value)
        if named:
            name, transposed = named
            self.producers.add((name, 1 - producing if transposed else producing))
            self.consumers[name, 1 - consuming if transposed else consuming] = groups
            self.weights.add(name)

    def other(self, value):
        named = self.named(value)
        if named:
            self.weights.add(named[0])

    def spare(self, value):
        named = self.named(value)
        if named:
            self.spared.add(named[0])


def nodes(block):
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from nodes(inner)


class Model:
    """An archive in PyTorch whose stored tensors can be overwritten, for a while, by name."""

    def __init__(self, path, roles=None):
        self.path = path
        self.module = torch.jit.load(str(path)).eval()
        self.roles = roles or Roles(self.module, path)
        self.tensors = {}
        for name, tensor in list(self.module.named_parameters()) + list(self.module.named_buffers()):
            self.tensors.setdefault(name, tensor)
        # Constants are no attributes, but the graph's own memory can be written to before it first runs.
        self.constants = bool(self.roles.constants)
        # Then its parameters can only be told from its other constants by who uses them.
        self.frozen = not any(True for _ in self.module.parameters())
        if self.constants:
            for node in nodes(self.module.graph):
                if node.kind() == "prim::Constant" and node.output().type().kind() == "TensorType":
                    value = node.t("value")
                    name = self.roles.constants.get(key(value))
                    if name:
                        self.tensors.setdefault(name, []).append(value)

    def run(self, inputs):
        with torch.no_grad():
            return flat(self.module(*(x.clone() for x in inputs)))

    @contextlib.contextmanager
    def zeroed(self, places):
        """The model with zeros at places: (name, dim, rows of dim 0 or None, indices)."""
        before = {}
        model = Model(self.path, self.roles) if self.constants else self
        with torch.no_grad():
            for name, dim, rows, indices in places:
                held = model.tensors[name]
                for tensor in held if isinstance(held, list) else [held]:
                    if not self.constants and name not in before:
                        before[name] = tensor.clone()
                    part = tensor if rows is None else tensor[rows[0]:rows[1]]
                    part.index_fill_(dim, torch.tensor(indices, dtype=torch.long), 0)
        try:
            yield model
        finally:
            with torch.no_grad():
                for name, tensor in before.items():
                    model.tensors[name].copy_(tensor)


def removed(cut, dim):
    """Per block of dim 0 (or once, for all): rows, indices that went along dim."""
    kept = cut["kept"][str(dim)]
    every = range(cut["before"][dim])
    if kept and isinstance(kept[0], list):
        rows = cut["before"][0] // len(kept)
        return [((b * rows, (b + 1) * rows), sorted(set(every) - set(k))) for b, k in enumerate(kept)]
    return [(None, sorted(set(every) - set(kept)))]


def dead_places(report, roles):
    """What makes the removed units exactly dead: filters, biases, norm scales and shifts; never statistics or consumers."""
    for name, cut in report["tensors"].items():
        for dim in map(int, cut["kept"]):
            if name not in roles.spared and ((name, dim) not in roles.consumers or (name, dim) in roles.producers):
                for rows, indices in removed(cut, dim):
                    yield name, dim, rows, indices


def live_places(report, groups, roles):
    """Zeros where consumers read the removed units; None where a group has no consumer that PyTorch's graph shows."""
    for group in groups:
        if not any((m["tensor"], m["dim"]) in roles.consumers for m in group["members"]):
            return None
    places = []
    for name, cut in report["tensors"].items():
        for dim in map(int, cut["kept"]):
            if (name, dim) in roles.consumers:
                if (name, dim) in roles.producers:
                    return None
                places += [(name, dim, rows, indices) for rows, indices in removed(cut, dim)]
    return places


def flat(output):
    if output is None:
        return []
    if isinstance(output, torch.Tensor):
        return [output]
    if isinstance(output, dict):
        return [t for k in output for t in flat(output[k])]
    return [t for part in output for t in flat(part)]


def error(expected, actual):
    """Largest absolute difference over the largest absolute value expected, of the worst output."""
    if [t.shape for t in expected] != [t.shape for t in actual]:
        return math.inf
    worst = 0.0
    for x, y in zip(expected, actual):
        x, y = x.double(), y.double()
        if not torch.isfinite(x).all() or not torch.isfinite(y).all():
            return math.inf
        worst = max(worst, float((x - y).abs().max() / x.abs().max().clamp_min(1e-30)))
    return worst


class Macs(TorchDispatchMode):
    """Counts multiply-accumulates of convolutions and matrix products as PyTorch executes them."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        name = function.overloadpacket.__name__
        if "convolution" in name:
            transposed = args[6] if name in ("convolution", "_convolution") else "transpose" in name
            # The result over a filter's input weights; for a transposed one, the input over a filter's output weights.
            self.count += (args[0] if transposed else out).numel() * args[1][0].numel()
        elif name == "addmm":
            self.count += out.numel() * args[1].shape[1]
        elif name in ("mm", "bmm"):
            self.count += out.numel() * args[0].shape[-1]
        elif name == "baddbmm":
            self.count += out.numel() * args[1].shape[-1]
        elif "scaled_dot_product" in name:
            query, key, value = args[:3]
            self.count += query.numel() // query.shape[-1] * key.shape[-2] * (query.shape[-1] + value.shape[-1])
        elif name in ("_transformer_encoder_layer_fwd", "_native_multi_head_attention"):
            self.count += fused(args)
        return out


def fused(args):
    """Projections, scores, values, projection, and feed-forward if it is a whole layer, from the shapes of the weights."""
    batch, tokens, width = args[0].shape
    weights = sum(t.numel() for t in args if isinstance(t, torch.Tensor) and t.dim() == 2)
    return batch * tokens * weights + 2 * batch * tokens * tokens * width


def counted(module, inputs):
    """Multiply-accumulates of one run, and its outputs."""
    with torch.no_grad(), Macs() as counter:
        output = module(*(x.clone() for x in inputs))
    return counter.count, flat(output)


def params(module):
    """Elements of the parameters, each memory counted once."""
    return sum({t.data_ptr(): t.numel() for t in module.parameters()}.values())
