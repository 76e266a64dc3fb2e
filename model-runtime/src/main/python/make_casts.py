#!/usr/bin/python3
"""Makes src/main/resources/.../casts.pt (Debian's python3-torch). Run it from the module's folder.

The engine's Java side has no bfloat16 and no int16: asked for either it ends the process, and it calls both "unknown" when
a model returns them. TorchScript has both, so this archive does what Java cannot ask for.
"""
import io
import zipfile
import torch
from torch import Tensor, nn

OUT = "src/main/resources/io/espalier/runtime/casts.pt"


class Casts(nn.Module):
    @torch.jit.export
    def to_bfloat16(self, x: Tensor) -> Tensor:
        return x.to(torch.bfloat16)

    @torch.jit.export
    def to_int16(self, x: Tensor) -> Tensor:
        return x.to(torch.int16)

    @torch.jit.export
    def readable(self, x: Tensor) -> Tensor:
        """Numbers that are exactly the same: float32 of bfloat16, int32 of int16; anything else as it is."""
        if x.dtype == torch.bfloat16:
            return x.to(torch.float32)
        if x.dtype == torch.int16:
            return x.to(torch.int32)
        return x


def main():
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(Casts()), buffer)
    with zipfile.ZipFile(buffer) as full, zipfile.ZipFile(OUT, "w") as lean:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                lean.writestr(zipfile.ZipInfo(entry.filename), full.read(entry))


main()
