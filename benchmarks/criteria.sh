#!/usr/bin/env bash
# The README's table: one loop of the demo per criterion, the same target, the same test images.
#   benchmarks/criteria.sh [CRITERION ...]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
[ $# -gt 0 ] || set -- expressiveness l2 hybrid:0.5 random:1

echo "| criterion | MACs kept | params kept | accuracy before | accuracy after | agreement |"
echo "| --- | --- | --- | --- | --- | --- |"
for criterion in "$@"; do
  "$root/espalier" demo --once --out "$out" --criterion "$criterion" >"$out/log" || { cat "$out/log" >&2; exit 1; }
  python3 - "$criterion" "$out/summary.json" <<'PYTHON'
import json, sys
s = json.load(open(sys.argv[2]))
percent = lambda x: f"{100 * x:.1f} %"
print("|", " | ".join([sys.argv[1], percent(s["macs_after"] / s["macs_before"]), percent(s["params_after"] / s["params_before"]),
      percent(s["accuracy_before"]), percent(s["accuracy_after"]), percent(s["agreement"])]), "|")
PYTHON
done
