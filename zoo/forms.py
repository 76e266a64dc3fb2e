"""Turns a module into archives: perturbed so that nothing is zero by accident, traced, frozen and scripted, and saved
without *.debug_pkl, which hold paths of the machine they were made on."""
import pathlib
import zipfile

import torch
from torch import nn

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def perturb(model, seed=1):
    """Random statistics, norm scales and shifts; every tensor that is constant (zeros, ones, a layer scale of 1e-6) moves."""
    draw = torch.Generator().manual_seed(seed)

    def uniform(tensor, low, high):
        tensor.copy_(torch.rand(tensor.shape, generator=draw) * (high - low) + low)

    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, NORMS):
                uniform(module.running_mean, -0.3, 0.3)
                uniform(module.running_var, 0.5, 1.5)
            if isinstance(module, NORMS + (nn.LayerNorm, nn.GroupNorm)) and module.weight is not None:
                uniform(module.weight, 0.5, 1.5)
                uniform(module.bias, -0.3, 0.3)
        for name, tensor in model.named_parameters():
            if not tensor.requires_grad or tensor.numel() < 2:
                continue
            if name.endswith("layer_scale"):
                uniform(tensor, 0.2, 0.8)
            elif tensor.std() == 0:
                tensor.add_(torch.randn(tensor.shape, generator=draw) * 0.1)
    return model.eval()


def archives(model, inputs, scripted=True, fused=False):
    """Form name -> module, or None where torch cannot make it; fused: traced without gradients, as served."""
    if fused:
        with torch.no_grad():
            traced = torch.jit.trace(model, inputs, check_trace=False, strict=False)
    else:
        traced = torch.jit.trace(model, inputs, check_trace=False, strict=False)
    yield "traced", traced
    yield "frozen", torch.jit.freeze(traced)
    if scripted:
        yield "scripted", torch.jit.script(model)


def save(module, path, extra=None):
    """extra: extra files of the archive by name, which every copy must keep."""
    path = pathlib.Path(path)
    full = path.with_suffix(".full")
    torch.jit.save(module, str(full), _extra_files=extra or {})
    top = full.stem
    with zipfile.ZipFile(full) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            if entry.filename.endswith(".debug_pkl"):
                continue
            lean = zipfile.ZipInfo(f"{top}/{entry.filename.split('/', 1)[1]}")
            # PyTorch deflates the code and stores the weights.
            lean.compress_type, lean.file_size = entry.compress_type, entry.file_size
            with source.open(entry) as data, target.open(lean, "w") as out:
                while chunk := data.read(1 << 20):
                    out.write(chunk)
    full.unlink()
