#!/usr/bin/env bash
# What surgery costs on real networks: seconds to read, group and write one half pruned, in a fresh JVM each time, the
# smallest heap that does it, and the most memory the process had resident. The recorded run that gives the shapes is an
# engine's work and is not part of these times. Needs Debian's python3-torch and python3-torchvision.
#   benchmarks/surgery.sh [RUNS]    medians of RUNS runs, 5 unless told
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runs=${1:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$root" && mvn -q -pl model-surgery -DskipTests -Dspotless.check.skip=true package)
mkdir "$work/classes"
javac -d "$work/classes" -cp "$root/model-surgery/target/classes" "$root/benchmarks/SurgeryBenchmark.java"
run() { java -XX:+UseSerialGC "$1" -cp "$root/model-surgery/target/classes:$work/classes" SurgeryBenchmark "${@:2}"; }

/usr/bin/python3 - "$work" <<'PYTHON'
import sys, warnings, zipfile
import torch, torchvision
warnings.filterwarnings("ignore")
torch.manual_seed(0)
for name in ["resnet50", "vit_b_16"]:
    traced = torch.jit.trace(getattr(torchvision.models, name)().eval(), torch.randn(1, 3, 224, 224), check_trace=False)
    traced.save(f"{sys.argv[1]}/full.pt")
    # What is served has no line maps: they hold the paths of the machine that traced.
    with zipfile.ZipFile(f"{sys.argv[1]}/full.pt") as full, zipfile.ZipFile(f"{sys.argv[1]}/{name}.pt", "w") as served:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                served.writestr(entry.filename, full.read(entry))
PYTHON

echo "| model | archive, MB | read, s | group, s | write, s | together, s | smallest heap, MB | resident, MB |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
for name in resnet50 vit_b_16; do
  model=$work/$name.pt
  run -Xmx1g profile "$model" "$work/profiled.pt"
  /usr/bin/python3 - "$work/profiled.pt" "$work/shapes" <<'PYTHON'
import sys, torch
with torch.no_grad():
    shapes = torch.jit.load(sys.argv[1]).forward_profiled(torch.randn(1, 3, 224, 224))
open(sys.argv[2], "w").writelines(",".join(str(int(n)) for n in shape) + "\n" for shape in shapes)
PYTHON
  low=1 high=512
  while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    if run "-Xmx${middle}m" prune "$model" "$work/shapes" "$work/pruned.pt" >/dev/null 2>&1; then high=$middle; else low=$middle; fi
  done
  for _ in $(seq "$runs"); do
    run -Xmx1g prune "$model" "$work/shapes" "$work/pruned.pt"
  done | /usr/bin/python3 -c '
import statistics, sys
runs = [[float(number) for number in line.split()] for line in sys.stdin]
read, group, write, resident = [statistics.median(column) for column in zip(*runs)]
together = statistics.median(sum(run[:3]) for run in runs)
print(f"| {sys.argv[1]} | {float(sys.argv[2]) / 1e6:.0f} | {read:.2f} | {group:.2f} | {write:.2f} | {together:.2f} | {sys.argv[3]} | {resident:.0f} |")
' "$name" "$(stat -c %s "$model")" "$high"
done
