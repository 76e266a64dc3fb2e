#!/usr/bin/env bash
# The README's table: half of the MACs of the demo's model by every criterion, recovered by every recipe with 512 unlabelled
# training images, three seeds; medians of the accuracy on the 10,000 test images of Fashion-MNIST. Hours, most of them
# distilling: started again it goes on where it was. The last row says what each step takes, so let the machine be quiet.
#   benchmarks/recovery.sh [DIR]    keeps results and curves in DIR, target/recovery-COMMIT unless told, and prints the table
#   CRITERIA, RECIPES, SEEDS, IMAGES, DISTIL_STEPS    as espalier compare takes them, to try the script on less; IMAGES to
#   test on, 200 steps of distilling unless told
# Needs Debian's python3-torch, python3-numpy and dataset-fashion-mnist.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# What another commit measured is no result of this one.
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
out=${1:-$root/target/recovery-$commit}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

/usr/bin/python3 "$root/demo-model/train.py" --traffic-only --count "${IMAGES:-10000}" --out "$work"

# compare FOLDER RANKING CRITERIA
compare() {
  "$root/espalier" compare "$root/espalier-cli/src/main/resources/io/espalier/cli/demo/fashion-resnet20.pt" \
    --input-shape 1,1,28,28 --data "$work/fashion-train.npz" --test "$work/fashion-test.npz" \
    --targets 0.5 --metric macs --samples 512 --seeds "${SEEDS:-3}" --ranking "$2" --criteria "$3" \
    --recover "${RECIPES:-none;fold;ridge;ridge,norm;ridge,distil}" --distil-steps "${DISTIL_STEPS:-200}" \
    -o "$1" --json
}
compare "$out/searched" search elimination >"$work/searched.json"
compare "$out/uniform" uniform "${CRITERIA:-all}" >"$work/uniform.json"

/usr/bin/python3 - "$work/uniform.json" "$work/searched.json" <<'PYTHON'
import json, statistics, sys

compared, searched = (json.load(open(file)) for file in sys.argv[1:])
original = compared["original"]
for m in compared["medians"]:
    m["row"] = f"`{m['criterion']}`"
for m in searched["medians"]:
    m["row"] = f"`{m['criterion']}`, sizes searched for"
medians = compared["medians"] + searched["medians"]


def distinct(field):
    return list(dict.fromkeys(median[field] for median in medians))


def row(*cells):
    print("| " + " | ".join(cells) + " |")


recipes = distinct("recipe")
accuracy = {(m["row"], m["recipe"]): f"{100 * m['accuracy']:.2f} %" for m in medians}
seeds = max(m["seeds"] for m in medians)
kept = " to ".join(dict.fromkeys(f"{100 * end([m['macs_kept'] for m in medians]):.1f}" for end in (min, max)))
print(f"{original['test_inputs']:,} test images, {'one seed' if seeds == 1 else f'median of {seeds} seeds'}, {kept} % of the MACs "
      f"kept; the original has {100 * original['accuracy']:.2f} %.\n")
row("criterion", *(recipe.replace(",", " + ") for recipe in recipes))
row("---", *["---"] * len(recipes))
for name in distinct("row"):
    row(name, *(accuracy[name, recipe] for recipe in recipes))
seconds = {}
for m in medians:
    for step, taken in m.get("seconds", {}).items():
        seconds.setdefault(m["recipe"], {}).setdefault(step, []).append(taken)
row("seconds", *(" + ".join(f"{statistics.median(seconds[recipe][step]):.1f}" for step in recipe.split(",") if recipe in seconds)
                 for recipe in recipes))
for left in compared.get("left_out", []):
    print(f"\n`{left['criterion']}` is left out: {left['reason']}")
PYTHON
