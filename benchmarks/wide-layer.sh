#!/usr/bin/env bash
# The memory of ridge on wide layers: one with 512 channels read by 3x3 (4,599 features), whose sums are kept whole, and one
# with 2,048 (18,423), which is fitted block by block. Prints seconds and the most memory the whole process had resident, and
# fails when that is 2 GB or more, or when ridge brought the outputs no nearer to the original's.
#   benchmarks/wide-layer.sh
# Needs Debian's python3-torch, python3-numpy and time.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

/usr/bin/python3 - "$work" <<'PYTHON'
import sys, warnings
import numpy, torch
from torch import nn
warnings.filterwarnings("ignore")
numpy.random.seed(1)
for name, channels, outputs, size, inputs in [("whole", 512, 512, 14, 256), ("blocks", 2048, 64, 4, 128)]:
    torch.manual_seed(1)
    model = nn.Sequential(
        nn.Conv2d(3, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(),
        nn.Conv2d(channels, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(outputs, 10)).eval()
    torch.jit.trace(model, torch.zeros(1, 3, size, size)).save(f"{sys.argv[1]}/{name}.pt")
    numpy.savez(f"{sys.argv[1]}/{name}.npz", x=numpy.random.randn(inputs, 3, size, size).astype("f"))
PYTHON
echo '{"groups":{"0":[5]}}' >"$work/plan.json"

"$root/espalier" --version >/dev/null # Builds, if anything is to be built.
echo "| layer | features | ridge, s | whole command, s of processors | divergence | resident, MB |"
echo "| --- | --- | --- | --- | --- | --- |"
failed=0
for row in "whole 14 512" "blocks 4 2048"; do
  read -r name size channels <<<"$row"
  /usr/bin/time -f "%M %U %S" -o "$work/peak" "$root/espalier" prune "$work/$name.pt" --input-shape "1,3,$size,$size" \
    --data "$work/$name.npz" --samples 512 --plan "$work/plan.json" --recover ridge \
    -o "$work/out.pt" --report "$work/report.json" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  /usr/bin/python3 - "$work/report.json" "$(tail -n 1 "$work/peak")" "$channels" <<'PYTHON' || failed=1
import json, sys

(ridge,) = json.load(open(sys.argv[1]))["recovery"]
kilobytes, user, system = map(float, sys.argv[2].split())
peak, channels = kilobytes * 1.024 / 1e3, int(sys.argv[3])
before, after = ridge["divergence_before"], ridge["divergence_after"]
print(f"| {channels}, 3x3 | {(channels - 1) * 9:,} | {ridge['seconds']:.1f} | {user + system:.0f} | {before:.2g} -> {after:.2g} | {peak:,.0f} |")
sys.exit(not (ridge["kept"] and after < before and peak < 2000))
PYTHON
done
exit $failed
