#!/usr/bin/env bash
# From publishing a batch to a score that has its samples in it and that a consumer of committed records can read: p50 and
# p99 at half of saturation. That is measured first, too: the batches that are scored a second while the publisher sends as many
# as the broker takes. Publisher, broker, service and the reader of scores share the machine.
#   benchmarks/latency.sh [--commits=1000,100] [--publish=0] [--guarantees=exactly_once_v2,at_least_once] [--share=0.5]
#                         [--state=100] [--samples=32] [--layers=20] [--seconds=30] [--warm-up=40]
#     publish    least milliseconds between two publications (espalier.publish.interval); 0: with each commit
#     share      of saturation
#     the rest   as benchmarks/topology.sh takes it
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/run" topology.LatencyTable "$@"
