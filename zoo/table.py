"""The zoo's figures as text: a line per model while it runs, a document at the end."""
from check import DEAD, LIVE, OUTPUT

HALF, MACS = 0.5, 1e-3
REACH, PRUNABLE = 20, 0.9


def line(name, result):
    parts = [f"{name:30s} {result['seconds']:5.0f} s, {result['cpu_seconds']:.0f} s of a processor"]
    for form, r in result["forms"].items():
        parts.append(f"{form}: " + (f"refused ({r['refused'][:80]})" if "refused" in r else
                                    f"{100 * r.get('prunable', 0):.0f} % of units, {r['plans']} plans, "
                                    f"dead {r['dead']:.0e}, live {r['live']:.0e}, {len(r['problems'])} problems"))
    return " | ".join(parts)


def problems(name, result):
    found = [f"{name}: {result['crashed']}"] if "crashed" in result else []
    half = result.get("half", {})
    if "problem" in half:
        found.append(f"{name}, half of the MACs: {half['problem']}")
    elif "macs" in half:
        predicted, counted = result["macs"] - half["macs"], result["macs_in_pytorch"] - half["macs_in_pytorch"]
        if predicted != counted:
            found.append(f"{name}, half of the MACs: {counted} fewer in PyTorch, predicted {predicted}")
    for form, r in result["forms"].items():
        found += [f"{name}, {form}: {p}" for p in r["problems"]]
    return found


def percent(value):
    return f"{100 * value:.1f} %"


def per_form(result, show):
    """One text when all forms agree, else one for each."""
    shown = {form: "refused" if "refused" in r else show(r) for form, r in result["forms"].items()}
    alike = len(set(shown.values())) <= 1 and len(shown) != 1
    return next(iter(shown.values()), "-") if alike else ", ".join(f"{f} {s}" for f, s in shown.items())


def row(name, result):
    half = result.get("half", {})
    checked = [r for r in result["forms"].values() if "refused" not in r]
    worst = {kind: max((r[kind] for r in checked if r[kind + "_plans"]), default=None) for kind in ("dead", "live")}
    seconds = [result.get(k) for k in ("read_seconds", "group_seconds", "write_seconds")]
    return "| " + " | ".join([
        name,
        f"{result['params'] / 1e6:.2f} M" if "params" in result else "-",
        f"{result['macs'] / 1e9:.3f} G" if "macs" in result else "-",
        per_form(result, lambda r: percent(r.get("prunable", 0))),
        percent(half["params"] / result["params"]) if "params" in half else "-",
        percent(half["macs"] / result["macs"]) if "macs" in half else "not reached",
        "-" if worst["dead"] is None else f"{worst['dead']:.0e}",
        "-" if worst["live"] is None else f"{worst['live']:.0e}",
        per_form(result, lambda r: f"{r['one_by_one']} of {r['groups']}" if "groups" in r else "-"),
        " + ".join("-" if s is None else f"{s:.2f}" for s in seconds),
    ]) + " |"


def reasons(name, result):
    lines = []
    half = result.get("half", {})
    if "reason" in half:
        lines.append(f"- half of the MACs: {half['reason']}")
    if "not_made" in result:
        lines.append(f"- torch cannot make the next form after {', '.join(result['forms']) or 'none'}: {result['not_made']}")
    by_text = {}
    for form, r in result["forms"].items():
        if "refused" in r:
            by_text.setdefault(f"refused: {r['refused']}", []).append(form)
        for reason, held in r.get("protected", {}).items():
            text = f"{held['units']} units of {held['tensors']} tensors ({held['first']}, ...): {reason}"
            by_text.setdefault(text, []).append(form)
    lines += [f"- {', '.join(in_forms)}: {text}" for text, in_forms in by_text.items()]
    return [f"\n### {name}\n"] + lines if lines else []


def goals(results):
    """Where the zoo falls short of what Espalier is to reach, on every model."""
    reached = [n for n, r in results.items() if is_reached(r)]
    missed = [] if len(reached) >= REACH else [f"{len(reached)} models reach half of the MACs, the goal is {REACH}"]
    for name, result in results.items():
        if "macs_in_pytorch" in result and abs(result["macs"] - result["macs_in_pytorch"]) > MACS * result["macs_in_pytorch"]:
            missed.append(f"{name}: {result['macs']:,} MACs by Espalier, {result['macs_in_pytorch']:,} in PyTorch: an operator is not counted")
        for form, r in result["forms"].items():
            if result["classifier"] and r.get("prunable", 0) < PRUNABLE:
                missed.append(f"{name}, {form}: " + ("is refused" if "refused" in r else f"{percent(r['prunable'])} of the units can be cut, the goal is {percent(PRUNABLE)}"))
    return missed


def is_reached(result):
    half = result.get("half", {})
    return "macs" in half and half["macs"] <= HALF * result["macs"]


def document(results, versions, took):
    failures = [p for name, r in results.items() for p in problems(name, r)]
    missed = goals(results)
    reached = sum(map(is_reached, results.values()))
    archives = [r for result in results.values() for r in result["forms"].values()]
    text = [
        "# The zoo",
        "",
        "Written by `./zoo/run --table docs/zoo.md`; do not edit. Every model is made with random weights (norm statistics,",
        "scales and shifts perturbed), saved traced, frozen and scripted, cut by Espalier, and compared in plain PyTorch,",
        "which knows nothing of Espalier but the index map of its report.",
        "",
        f"{versions}; {len(results)} models, {len(archives)} archives, {sum(r['plans'] for r in archives)} cuts in {took:.0f} s;"
        f" {reached} models reach half of the MACs; {len(failures)} problems.",
        "",
        "- **prunable**: units in coupling groups, of all units that are not the model's outputs. What several layers write,",
        "  such as the channels of a residual trunk, counts once, whether it can be cut or not.",
        "- **params, MACs at half**: what is left by `prune --target macs=0.5 --criterion l2`, counted at the published input",
        "  size; the MACs that the cut saves are recounted by PyTorch and must be the predicted ones.",
        f"- **(a) dead**: the removed units' filters, biases, norm scales and shifts set to zero in the original: the cut model",
        f"  must equal it within {DEAD:.0e} of the largest output. Where float32 differs by more, both are compared in float64.",
        f"- **(b) live**: the weights that read the removed units set to zero in the original: within {LIVE:.0e}. Which weights",
        "  read them is taken from PyTorch's graph; where it shows none for a group, Espalier's own zeroed copy is compared.",
        "- **one by one**: groups cut alone, by a random share, as many as the time allowed for an archive; all groups together",
        "  are always cut by 30, 50 and 90 %, and twice, which must equal the union to the byte.",
        "- **seconds**: read + group + write in a running JVM, the better of two each; the recorded run is not among them.",
        "",
        "| model | params | MACs | prunable | params at half | MACs at half | (a) dead | (b) live | one by one | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    text += [row(name, result) for name, result in results.items()]
    if failures:
        text += ["", "## Problems", ""] + [f"- {f.splitlines()[0]}" for f in failures]
    if missed:
        text += ["", "## Short of the goals", ""] + [f"- {m}" for m in missed]
    text += ["", "## What is protected, and why"]
    text += [part for name, result in results.items() for part in reasons(name, result)]
    return "\n".join(text) + "\n", failures, missed
