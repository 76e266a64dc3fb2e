#!/usr/bin/env python3
"""Recomputes what `espalier demo --once --out DIR` reports, in plain numpy and plain PyTorch.

    /usr/bin/python3 .ci/check-demo.py DIR
"""
import json
import pathlib
import sys

import numpy
import torch
from torch.utils._python_dispatch import TorchDispatchMode


def expressiveness(codes):
    """Mean pairwise normalised Hamming distance, from the definition's closed form in 64-bit integers."""
    n, _, positions = codes.shape
    k = codes.astype(numpy.int64).sum(axis=0)
    return (k * (n - k)).sum(axis=1) / (positions * (n * (n - 1) // 2))


def pairwise(codes, samples):
    """The definition itself, over the pairs of the first samples: what the closed form must equal."""
    part = codes[:samples].astype(bool)
    total = numpy.zeros(codes.shape[1], numpy.int64)
    for i in range(samples):
        total += (part[i] ^ part[i + 1:]).sum(axis=(0, 2))
    return total / (codes.shape[2] * (samples * (samples - 1) // 2))


class Macs(TorchDispatchMode):
    """Counts multiply-accumulates of convolutions and linear layers as PyTorch executes them."""
    count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if "convolution" in name:
            self.count += out.numel() * args[1][0].numel()
        elif name == "addmm":
            self.count += out.numel() * args[1].shape[1]
        elif name == "mm":
            self.count += out.numel() * args[0].shape[1]
        return out


def macs(model, x):
    with torch.no_grad(), Macs() as counted:
        model(x)
    return counted.count


def shapes(model):
    """Of everything that an archive stores by name, so that two cuts of the same units are equal."""
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


def classes(model, images):
    with torch.no_grad():
        return torch.cat([model(images[i:i + 100]).argmax(1) for i in range(0, len(images), 100)])


def main(folder):
    summary = json.loads((folder / "summary.json").read_text())
    codes = numpy.load(folder / "codes.npz")
    scores = {s["capture_point"]: s for s in json.loads((folder / "expressiveness.json").read_text())}
    checks = []

    def check(name, ok, detail):
        checks.append(ok)
        print(f"{'ok  ' if ok else 'FAIL'} {name}: {detail}")

    for which in ("first", "last"):
        bits, published = codes["codes_" + which], codes["scores_" + which]
        error = numpy.abs(expressiveness(bits) - published).max()
        check(f"scores_{which}", error <= 1e-12, f"{bits.shape}, largest difference {error:.1e}")
        exact = numpy.abs(pairwise(bits, 64) - expressiveness(bits[:64])).max()
        check(f"closed form, {which}", exact <= 1e-12, f"against all pairs of 64 samples {exact:.1e}")
        same = any(numpy.array_equal(published, s["score"]) and s["samples"] == len(bits) for s in scores.values())
        check(f"expressiveness.json, {which}", same, "holds these scores over as many samples")

    test = numpy.load(folder / "test.npz")
    images, labels = torch.from_numpy(test["x"]), torch.from_numpy(test["y"])
    before, cut, after = (
        torch.jit.load(str(folder / name)).eval() for name in ("model.pt", "model-cut.pt", "model-pruned.pt"))
    params = sum(p.numel() for p in after.parameters())
    check("params_after", params == summary["params_after"], f"{params} in plain PyTorch")
    macs_before, macs_cut, macs_after = (macs(model, images[:1]) for model in (before, cut, after))
    check("macs_before", macs_before == summary["macs_before"], f"{macs_before} in plain PyTorch")
    check("macs_after", macs_after == summary["macs_after"], f"{macs_after} in plain PyTorch")
    check("target", 2 * summary["macs_after"] <= summary["macs_before"], "at most half of the MACs remain")
    same = shapes(cut) == shapes(after) and macs_cut == macs_after
    check("model-cut.pt", same and len(shapes(cut)) > 0, f"{len(shapes(cut))} tensors of the shapes of model-pruned.pt")
    whole, part = before.state_dict(), cut.state_dict()
    copied = all(numpy.isin(part[name].numpy(), whole[name].numpy()).all() for name in part if name.endswith(".weight"))
    check("cut, not changed", copied, "every weight of model-cut.pt is one of the original's")
    kept = any(step["kept"] for step in summary["recovery"])
    differs = any(not torch.equal(a, b) for a, b in zip(cut.state_dict().values(), after.state_dict().values()))
    check("recovery", kept == differs, "model-pruned.pt differs from the cut, as it should where a step was kept")
    for step in summary["recovery"]:
        better = not step["kept"] or step["divergence_after"] < step["divergence_before"]
        check(step["step"], better, f"divergence {step.get('divergence_before')} -> {step.get('divergence_after')}, "
              f"{step['inputs']} + {step['held_out']} inputs, {step['seconds']:.1f} s")
    old, halved, new = (classes(model, images) for model in (before, cut, after))
    for name, got in (("accuracy_before", old == labels), ("accuracy_cut", halved == labels),
                      ("accuracy_after", new == labels), ("agreement", old == new)):
        got = got.double().mean().item()
        # One image may fall to the other side of a tie between two builds of libtorch.
        check(name, abs(got - summary[name]) <= 1.5 / len(labels), f"{got:.4f}, summary says {summary[name]:.4f}")
    lost = summary["accuracy_before"] - summary["accuracy_after"]
    check("recovered", not kept or lost <= 0.015, f"{100 * lost:.2f} points of accuracy are lost")
    error = summary["equivalence_max_rel_error"]
    check("equivalence_max_rel_error", 0 <= error <= 1e-4, f"{error:.1e}, of the cut")
    check("samples", summary["samples"] > 0 and summary["dropped"] >= 0, f"{summary['samples']}, {summary['dropped']} dropped")
    check("seconds", summary["seconds"] < 180, f"{summary['seconds']:.0f}")
    print(f"{sum(checks)} passed, {len(checks) - sum(checks)} failed")
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
