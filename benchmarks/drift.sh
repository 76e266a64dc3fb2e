#!/usr/bin/env bash
# How often traffic that stays as it is raises a false alarm within the configured run length (DriftDetector), for several run
# lengths and kinds of traffic, and after how many panes a third of the units swapping roles is seen. 5 minutes on an idle machine.
#   benchmarks/drift.sh [--lengths=20,100,500,1000] [--panes=40000] [--runs=40] [--swaps=40] [--baselines=10,20] [--seed=1]
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/run" drift.FalseAlarms "$@"
