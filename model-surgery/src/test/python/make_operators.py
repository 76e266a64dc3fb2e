#!/usr/bin/env python3
"""Makes the table of operators that OperatorTypes reads, from the schemas of one or several PyTorch installations.

    PYTHON make_operators.py dump > schemas-1.txt     once per installation
    python3 make_operators.py join schemas-1.txt schemas-2.txt > operators.txt

A line is an operator, the kinds of its parameters ('?' before those with a default), and the kinds of its results. Kinds:
T a tensor (optional or not), L a list of tensors, G an element of a list and H a list of any type, S a scalar, a string or
a list of them, O anything else. Parameters that can only be given by name are left out, and so are operators of training.
"""
import re
import sys

SKIPPED = re.compile(r"_backward|_foreach_|_fused_|_cudnn|_copy$|^aten::_test|^aten::sym_|_jvp$|^prim::(?!NumToTensor)[A-Z]")


def kind(text):
    text = re.sub(r"Optional\[(.*)\]$", r"\1", text)
    if text in ("Tensor", "Tensor (inferred)"):
        return "T"
    if text in ("List[Tensor]", "List[Optional[Tensor]]"):
        return "L"
    if text in ("t", "t1", "t2", "tVal"):
        return "G"
    if text in ("List[t]",):
        return "H"
    inner = re.sub(r"^(List|Optional)\[(.*)\]$", r"\2", text)
    return "S" if inner in ("int", "float", "bool", "number", "str", "complex", "SymInt") else "O"


def dump():
    import torch

    for schema in torch._C._jit_get_all_schemas():
        if not schema.name.startswith(("aten::", "prim::", "torchvision::")) or SKIPPED.search(schema.name):
            continue
        if any(a.name == "out" for a in schema.arguments):
            continue
        given = [a for a in schema.arguments if not a.kwarg_only]
        required = "".join(kind(str(a.type)) for a in given if not a.has_default_value())
        optional = "".join(kind(str(a.type)) for a in given if a.has_default_value())
        results = "".join(kind(str(r.type)) for r in schema.returns)
        name = schema.name.replace("aten::", "").replace("::", ".")
        print(name, required + ("?" + optional if optional else "") or "-", results or "-")


def join(files):
    lines = set()
    for file in files:
        lines.update(line.strip() for line in open(file, encoding="ascii"))
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    dump() if sys.argv[1] == "dump" else join(sys.argv[2:])
