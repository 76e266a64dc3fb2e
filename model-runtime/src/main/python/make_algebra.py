#!/usr/bin/python3
"""Makes src/main/resources/.../algebra.pt (Debian's python3-torch). Run it from the module's folder.

The engine's Java side has matrix products that make new matrices, and neither products that add to one nor solvers.
TorchScript has them: with these, sums over many observations stay in one place, and equations are solved where they lie.
"""
import io
import zipfile
import torch
from torch import Tensor, nn

OUT = "src/main/resources/io/espalier/runtime/algebra.pt"


class Algebra(nn.Module):
    @torch.jit.export
    def add_scaled(self, into: Tensor, factor: float, other: Tensor) -> Tensor:
        return into.add_(other, alpha=factor)

    @torch.jit.export
    def add_product(self, into: Tensor, factor: float, left: Tensor, right: Tensor) -> Tensor:
        return into.addmm_(left, right, alpha=factor)

    @torch.jit.export
    def add_transpose_product(self, into: Tensor, factor: float, left: Tensor, right: Tensor) -> Tensor:
        return into.addmm_(left.t(), right, alpha=factor)

    @torch.jit.export
    def add_gram(self, into: Tensor, rows: Tensor, block: int) -> Tensor:
        """Adds rows' rows, blocks above the diagonal left out: half of the work."""
        turned = rows.t()
        for start in range(0, into.size(0), block):
            end = min(start + block, into.size(0))
            into[start:, start:end].addmm_(turned[start:], rows[:, start:end])
        return into

    @torch.jit.export
    def mirror(self, into: Tensor, block: int) -> Tensor:
        """Fills what add_gram with this block left out."""
        for start in range(0, into.size(0), block):
            end = min(start + block, into.size(0))
            into[start:end, end:].copy_(into[end:, start:end].t())
        return into

    @torch.jit.export
    def add_to_diagonal(self, into: Tensor, term: float) -> Tensor:
        into.diagonal().add_(term)
        return into

    @torch.jit.export
    def decompose(self, matrix: Tensor) -> Tensor:
        """Of a symmetric matrix whose lower triangle is given, in place; 0 if it is positive definite."""
        # By rows the lower triangle is what the upper one is by columns, as LAPACK wants it.
        columns = matrix.t()
        info = torch.zeros([], dtype=torch.int32)
        torch.linalg.cholesky_ex(columns, upper=True, check_errors=False, L=columns, info=info)
        return info

    @torch.jit.export
    def solve(self, decomposed: Tensor, right: Tensor) -> Tensor:
        half = torch.linalg.solve_triangular(decomposed, right, upper=False)
        return torch.linalg.solve_triangular(decomposed.t(), half, upper=True).contiguous()

    @torch.jit.export
    def columns(self, matrix: Tensor, start: int, end: int) -> Tensor:
        return matrix[:, start:end]

    @torch.jit.export
    def part(self, matrix: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
        return matrix.index_select(0, rows).index_select(1, columns)

    @torch.jit.export
    def sum_of_squares(self, matrix: Tensor) -> Tensor:
        return matrix.square().sum()

    @torch.jit.export
    def diagonal(self, matrix: Tensor) -> Tensor:
        return matrix.diagonal().contiguous()

    @torch.jit.export
    def copy(self, matrix: Tensor) -> Tensor:
        return matrix.clone(memory_format=torch.contiguous_format)


def main():
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(Algebra()), buffer)
    with zipfile.ZipFile(buffer) as full, zipfile.ZipFile(OUT, "w") as lean:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                lean.writestr(zipfile.ZipInfo(entry.filename), full.read(entry))


main()
