#!/usr/bin/env bash
# Throughput of the overlap topology on 1, 2 and 4 stream threads and on 2 processes: 8 partitions, 64 layers, medians of
# rounds. It cannot scale over more processors than there are, and the broker of this benchmark needs some of them.
#   benchmarks/scale.sh [--state=100] [--samples=32] [--layers=64] [--partitions=8] [--megabytes=8000] [--rounds=3]
#                       [--limit=30] [--commit=1000] [--guarantee=exactly_once_v2]    as benchmarks/topology.sh takes them
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/run" topology.ScaleTable "$@"
