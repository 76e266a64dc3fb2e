"""Makes the zoo's models one at a time, checks each in every form, and writes the table. See ./zoo/run --help."""
import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import warnings

warnings.filterwarnings("ignore")

import torch

import forms
import models
import oracles
import table
from check import EXTRA, Check, shapes
from surgery import Crashed, Refused, ROOT, Surgery

FORMS = ("traced", "frozen", "scripted")


def made(build):
    torch.manual_seed(0)
    return forms.perturb(build())


def check(name, entry, surgery, folder, seconds, wanted):
    """All forms of one model at the small size; the figures of the published size are of the traced form."""
    result = {"classifier": entry.classifier, "forms": {}}
    model, whole = made(entry.build), folder / f"{name}.pt"
    if entry.fixed:
        traced = next(iter(forms.archives(model, entry.inputs(1), False, entry.fused)))[1]
        forms.save(traced, whole, EXTRA)
        del traced
        result.update(published(name, entry, whole, surgery, folder))
        whole.unlink()
    if entry.build_small:
        model = made(entry.build_small)
    roles, inputs = None, entry.inputs(2, small=True)
    try:
        for form, module in forms.archives(model, entry.inputs(1, small=entry.fixed), entry.scripted, entry.fused):
            path = folder / f"{name}-{form}.pt"
            forms.save(module, path, EXTRA)
            del module
            try:
                if form == "traced":
                    roles = oracles.Model(path).roles
                    if not entry.fixed:
                        result.update(published(name, entry, path, surgery, folder))
                if form in wanted:
                    known = None if form == "frozen" else roles
                    result["forms"][form] = Check(surgery, f"{name}-{form}", path, inputs, known, folder, seconds).run()
            finally:
                path.unlink()
    except (RuntimeError, NotImplementedError, TypeError) as e:
        result["not_made"] = f"{type(e).__name__}: {str(e).strip().splitlines()[0] if str(e).strip() else ''}"
    return result


def published(name, entry, path, surgery, folder):
    """Params and MACs at the published input size, and what keeping at most half of the MACs costs."""
    inputs, target = entry.inputs(3), folder / "half.pt"
    result = {"megabytes": path.stat().st_size / 1e6}
    try:
        opened = surgery.ask("open", name, file=path, shapes=shapes(inputs))
        result |= {k: opened[k] for k in ("params", "macs", "read_seconds", "group_seconds")}
        result["macs_in_pytorch"] = oracles.counted(torch.jit.load(str(path)).eval(), inputs)[0]
        planned = surgery.ask("plan", name, keep=0.5)
        if "reason" in planned:
            result["half"] = {"reason": planned["reason"]}
        else:
            cuts = [surgery.ask("prune", name, plan=planned["remove"], to=target) for _ in range(2)]
            result["write_seconds"] = min(cut["seconds"] for cut in cuts)
            report = cuts[0]["report"]
            result["half"] = {"params": report["params_after"], "macs": report["macs_after"],
                              "macs_in_pytorch": oracles.counted(torch.jit.load(str(target)).eval(), inputs)[0]}
        surgery.ask("close", name)
    except Refused as e:
        result["half"] = {"reason": str(e)}
    except (Crashed, RuntimeError) as e:
        result["half"] = {"problem": str(e)[-400:]}
    return result


def worker(arguments):
    torch.set_num_threads(1)
    # The profiling executor compiles anew at the second run, which only costs time here.
    torch._C._jit_set_profiling_executor(False)
    with open(arguments.out / f"surgery-{arguments.worker}.log", "w") as log, tempfile.TemporaryDirectory() as folder:
        surgery = Surgery(log)
        for name in sys.stdin.read().split():
            # Two workers share one list: whoever makes the file first has the model.
            try:
                os.close(os.open(arguments.out / f"{name}.taken", os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            started, worked = time.monotonic(), surgery.cpu_seconds()
            try:
                result = check(name, models.ZOO[name], surgery, pathlib.Path(folder), arguments.seconds, arguments.forms)
            except (Exception, Crashed) as e:
                result = {"forms": {}, "crashed": traceback.format_exc()}
                print(f"{name}: {e}", file=sys.stderr)
                if isinstance(e, Crashed):
                    surgery = Surgery(log)
            result["seconds"], result["cpu_seconds"] = time.monotonic() - started, surgery.cpu_seconds() - worked
            (arguments.out / f"{name}.json").write_text(json.dumps(result, indent=1))
            print(table.line(name, result), flush=True)
        surgery.close()


def main():
    parser = argparse.ArgumentParser(prog="zoo/run", description=__doc__.splitlines()[0])
    parser.add_argument("--models", help="names, with commas (default: all)", default=",".join(models.ZOO))
    parser.add_argument("--forms", help="default: traced,frozen,scripted", default=",".join(FORMS))
    parser.add_argument("--seconds", type=float, default=10,
                        help="of a processor, per archive (default 10): cuts of all groups come first and are always made, "
                             "then groups are cut one by one while time is left")
    parser.add_argument("--out", type=pathlib.Path, help="keep the figures as JSON in this folder")
    parser.add_argument("--table", type=pathlib.Path, help="write the table here, as docs/zoo.md")
    parser.add_argument("--strict", action="store_true", help="fail where a goal of the zoo is missed, not only where a cut is wrong")
    parser.add_argument("--jobs", type=int, default=2, help="models at a time (default 2)")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.forms = arguments.forms.split(",")
    names = arguments.models.split(",")
    unknown = [n for n in names if n not in models.ZOO]
    if unknown:
        parser.error(f"no model {unknown[0]}; there are {', '.join(models.ZOO)}")
    if arguments.worker is not None:
        worker(arguments)
        return 0
    out = arguments.out or pathlib.Path(tempfile.mkdtemp(prefix="zoo"))
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        for old in (out / f"{name}.taken", out / f"{name}.json"):
            old.unlink(missing_ok=True)
    started = time.monotonic()
    command = [sys.executable, __file__, "--out", str(out), "--seconds", str(arguments.seconds), "--forms", ",".join(arguments.forms)]
    workers = [subprocess.Popen(command + ["--worker", str(i)], stdin=subprocess.PIPE, text=True) for i in range(arguments.jobs)]
    for process in workers:
        process.stdin.write("\n".join(names))
        process.stdin.close()
    codes = [process.wait() for process in workers]
    # All that lies there: with --out, a few models can be made again without the others.
    results = {n: json.loads((out / f"{n}.json").read_text()) for n in models.ZOO if (out / f"{n}.json").exists()}
    versions = f"PyTorch {torch.__version__}, torchvision {models.torchvision.__version__}"
    text, failures, missed = table.document(results, versions, time.monotonic() - started)
    if arguments.table:
        arguments.table.write_text(text)
    failures += [f"{n}: not checked, a worker ended early" for n in names if n not in results]
    for goal in missed:
        print("MISSED", goal)
    if arguments.strict:
        failures += missed
    for failure in failures:
        print("FAIL", failure)
    print(f"{len(results)} models in {time.monotonic() - started:.0f} s, {len(failures)} problems")
    if not arguments.out:
        shutil.rmtree(out)
    return 1 if failures or any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
