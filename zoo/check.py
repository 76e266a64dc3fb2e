"""Checks one archive: cuts it by Espalier, and compares every result in plain PyTorch."""
import filecmp
import random
import zipfile

import torch

import oracles
import stored
from surgery import Crashed, Refused

DEAD, LIVE = 1e-6, 1e-4
EXTRA = {"labels.txt": "cat\ndog\n"}
OUTPUT = "is the model's output"


class Check:
    """Checks of one archive. `problems` stays empty when nothing is wrong; a refusal is no problem."""

    def __init__(self, surgery, name, path, inputs, roles, folder, seconds):
        self.surgery, self.name, self.path, self.inputs, self.folder = surgery, name, path, inputs, folder
        self.until = surgery.cpu_seconds() + seconds
        self.result = {"problems": [], "dead": 0.0, "live": 0.0, "dead_plans": 0, "live_plans": 0, "own_reference": 0,
                       "plans": 0, "one_by_one": 0, "doubles": 0}
        self.problems = self.result["problems"]
        self.random = random.Random(name)
        self.model = oracles.Model(path)
        self.roles = self.model.roles = roles or self.model.roles
        self.macs, self.original = oracles.counted(self.model.module, inputs)

    def run(self):
        result = self.result
        try:
            opened = self.surgery.ask("open", self.name, file=self.path, shapes=shapes(self.inputs))
        except Refused as e:
            result["refused"] = str(e)
            return result
        except Crashed as e:
            self.problems.append(f"reading crashed: {e}")
            return result
        self.groups = opened["groups"]
        result.update(describe(opened))
        if self.macs != opened["macs"]:
            result["macs_in_pytorch"] = self.macs
        if not self.model.frozen and oracles.params(self.model.module) != opened["params"]:
            self.problems.append(f"params: {opened['params']} by Espalier, {oracles.params(self.model.module)} in PyTorch")
        if self.groups:
            for share in (0.5, 0.3, 0.9):
                self.plan(self.groups, share, f"{share:.0%} of all groups", share == 0.5)
            self.twice()
            order = list(self.groups)
            self.random.shuffle(order)
            for group in order:
                if self.surgery.cpu_seconds() > self.until:
                    break
                self.plan([group], self.random.uniform(0.1, 0.9), group["id"])
                result["one_by_one"] += 1
        self.surgery.ask("close", self.name)
        return result

    def some(self, group, share):
        """A random share of a group's units, equally many of each block or down to one of its widths, at least one and never all."""
        blocks = group.get("blocks") or [list(range(group["units"]))]
        if "widths" in group:
            narrower = [w for w in group["widths"][1:] if sum(w) <= (1 - share) * group["units"]]
            return self.narrowed(group, (narrower or group["widths"][-1:])[0])
        count = min(max(1, round(share * len(blocks[0]))), len(blocks[0]) - 1)
        return sorted(unit for block in blocks for unit in self.random.sample(block, count))

    def narrowed(self, group, width):
        return sorted(unit for block, kept in zip(group["blocks"], width)
                      for unit in self.random.sample(block, len(block) - kept))

    def plan(self, groups, share, what, metadata=False):
        groups = [g for g in groups if "widths" in g or g["units"] > len(g.get("blocks") or [0])]
        plan = {g["id"]: self.some(g, share) for g in groups}
        pruned = self.folder / "pruned.pt"
        try:
            self.cut(groups, plan, pruned, what, metadata)
        except (Refused, Crashed) as e:
            self.problems.append(f"{what}: not cut: {e}")
        except RuntimeError as e:
            self.problems.append(f"{what}: does not run in PyTorch: {str(e)[-300:]}")

    def cut(self, groups, plan, pruned, what, metadata):
        report = self.surgery.ask("prune", self.name, plan=plan, to=pruned)["report"]
        self.result["plans"] += 1
        module = torch.jit.load(str(pruned)).eval()
        macs, output = oracles.counted(module, self.inputs)
        if [t.shape for t in output] != [t.shape for t in self.original]:
            self.problems.append(f"{what}: output shapes are {[tuple(t.shape) for t in output]}")
            return
        # Units that do nothing would prove nothing.
        if metadata and oracles.error(self.original, output) < 10 * DEAD:
            self.problems.append(f"{what}: the cut changes nothing in the output, so that it shows nothing")
        self.count(module, macs, report, what)
        if metadata:
            self.metadata(pruned, what)
        self.compare("dead", list(oracles.dead_places(report, self.roles)), output, pruned, what)
        places = oracles.live_places(report, groups, self.roles)
        if places is None:
            zeroed = self.folder / "zeroed.pt"
            self.surgery.ask("zero", self.name, plan=plan, to=zeroed)
            self.result["own_reference"] += 1
            self.note("live", oracles.error(oracles.Model(zeroed, self.roles).run(self.inputs), output), what)
        else:
            self.compare("live", places, output, pruned, what)

    def compare(self, kind, places, output, pruned, what):
        with self.model.zeroed(places) as model:
            error = oracles.error(model.run(self.inputs), output)
        if error > (DEAD if kind == "dead" else LIVE):
            error = self.in_double(places, pruned, error)
        self.note(kind, error, what)

    def in_double(self, places, pruned, error):
        """The same comparison in float64: there a right cut differs by nothing that could be seen, a wrong one as before."""
        try:
            for path, target in ((self.path, "whole64.pt"), (pruned, "pruned64.pt")):
                stored.to_double(path, self.folder / target)
            inputs = [x.double() if x.is_floating_point() else x for x in self.inputs]
            roles = None if self.model.frozen else self.roles
            whole = oracles.Model(self.folder / "whole64.pt", roles)
            smaller = torch.jit.load(str(self.folder / "pruned64.pt")).eval()
            with whole.zeroed(places) as model, torch.no_grad():
                error = oracles.error(model.run(inputs), oracles.flat(smaller(*inputs)))
            self.result["doubles"] += 1
        except RuntimeError as e:
            # Left as float32 measured it: not hidden.
            self.result["double_failed"] = str(e)[-200:]
        return error

    def note(self, kind, error, what):
        self.result[kind] = max(self.result[kind], error)
        self.result[kind + "_plans"] += 1
        if not error <= (DEAD if kind == "dead" else LIVE):
            self.problems.append(f"{what}: {kind} units: differs by {error:.1e}")

    def count(self, module, macs, report, what):
        """Predicted = recounted by PyTorch: parameters exactly, MACs by what the cut saves."""
        if self.model.frozen:
            cuts = [c for n, c in report["tensors"].items() if n in self.roles.weights]
            saved = sum(product(c["before"]) - product(c["after"]) for c in cuts)
            if saved != report["params_before"] - report["params_after"]:
                self.problems.append(f"{what}: params: {saved} fewer in PyTorch, predicted "
                                     f"{report['params_before'] - report['params_after']}")
        elif oracles.params(module) != report["params_after"]:
            self.problems.append(f"{what}: params: {oracles.params(module)} in PyTorch, predicted {report['params_after']}")
        saved = self.macs - macs
        if saved != report["macs_before"] - report["macs_after"]:
            self.problems.append(f"{what}: MACs: {saved} fewer in PyTorch, predicted "
                                 f"{report['macs_before'] - report['macs_after']}")

    def metadata(self, pruned, what):
        files = dict.fromkeys(EXTRA, "")
        torch.jit.load(str(pruned), _extra_files=files)
        for name, content in EXTRA.items():
            if files[name] not in (content, content.encode()):
                self.problems.append(f"{what}: extra file {name} is lost")
        with zipfile.ZipFile(self.path) as old, zipfile.ZipFile(pruned) as new:
            rest = [sorted(n for n in z.namelist() if "/data/" not in n and "/constants/" not in n) for z in (old, new)]
        if rest[0] != rest[1]:
            self.problems.append(f"{what}: entries differ: {sorted(set(rest[0]) ^ set(rest[1]))[:5]}")

    def twice(self):
        """Plan A, then plan B with its indices mapped, is the union, to the byte."""
        first, second, union = {}, {}, {}
        for group in self.groups:
            if "widths" in group:
                first[group["id"]] = union[group["id"]] = self.narrowed(group, group["widths"][1])
                continue
            blocks = group.get("blocks") or [list(range(group["units"]))]
            # Two fifths each time, at least one, so that the files stay small and something is left.
            count = min(max(1, 2 * len(blocks[0]) // 5), (len(blocks[0]) - 1) // 2)
            if not count:
                continue
            drawn = [self.random.sample(block, 2 * count) for block in blocks]
            a, b = ([unit for d in drawn for unit in part(d)] for part in (lambda d: d[:count], lambda d: d[count:]))
            first[group["id"]], union[group["id"]] = sorted(a), sorted(a + b)
            second[group["id"]] = sorted(unit - sum(x < unit for x in a) for unit in b)
        if not first:
            return
        once, twice, together = (self.folder / f"{n}.pt" for n in ("once", "twice", "together"))
        try:
            self.surgery.ask("prune", self.name, plan=first, to=once)
            again = {g["id"]: g for g in self.surgery.ask("open", "once", file=once, shapes=shapes(self.inputs))["groups"]}
            for group in self.groups:
                # The widths that are left are known only now; at some of them, other groups have taken their place.
                narrower = again.get(group["id"], {}).get("widths", [])[1:2] if "widths" in group else []
                for width in narrower:
                    kept = sorted(set(range(group["units"])) - set(first[group["id"]]))
                    second[group["id"]] = self.narrowed(again[group["id"]], width)
                    union[group["id"]] = sorted(first[group["id"]] + [kept[unit] for unit in second[group["id"]]])
            self.surgery.ask("prune", self.name, plan=union, to=together)
            self.surgery.ask("prune", "once", plan=second, to=twice)
            self.surgery.ask("close", "once")
            same = filecmp.cmp(twice, together, shallow=False)
            self.result["twice_is_union"] = same
            if not same:
                self.problems.append("pruning twice is not pruning by the union")
        except (Refused, Crashed) as e:
            self.problems.append(f"pruning twice: {e}")


def shapes(inputs):
    return [",".join(map(str, x.shape)) for x in inputs]


def product(sizes):
    total = 1
    for size in sizes:
        total *= size
    return total


def describe(opened):
    """What can be cut, and what not and why; the model's outputs are never counted as units that could be."""
    cut = sum(g["units"] for g in opened["groups"])
    refused = sum(p.get("distinct", p["units"]) for p in opened["protected"] if OUTPUT not in p["reason"])
    reasons = {}
    for p in opened["protected"]:
        held = reasons.setdefault(f"{p['op']}: {p['reason']}", {"units": 0, "tensors": 0, "first": p["tensor"], "where": p["where"]})
        held["units"] += p["units"]
        held["tensors"] += 1
    return {"groups": len(opened["groups"]), "units": cut, "protected_units": refused, "protected": reasons,
            "prunable": cut / (cut + refused) if cut + refused else 0.0,
            "params": opened["params"], "macs": opened["macs"]}
