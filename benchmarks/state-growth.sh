#!/usr/bin/env bash
# Bytes of state against units, positions, panes, models and samples, up to a ResNet-50 with all its ReLUs on the full grid and
# 200 models of it: at rest by the format, in the changelog, on the heap of the real store, and what the budget
# (StateSize) counts with; beyond what fits, computed. What is not said in a row is 10 layers of 256 units at 64 positions, 10
# panes and 1 model. 2 minutes.
#   benchmarks/state-growth.sh
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(dirname "${BASH_SOURCE[0]}")/run" growth.GrowthTable "$work"
