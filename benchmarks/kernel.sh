#!/usr/bin/env bash
# How fast samples are counted: our counters, in Java 17 without flags, against a loop over bytes, a walk of the set bits
# and, where there is a C compiler, the same bit-planes in the widest vectors of this machine. GB/s of codes, medians over
# forks and iterations of JMH. Batches of 32 samples, as sidecars send them. 6 minutes on a quiet machine.
#   benchmarks/kernel.sh [JMH OPTION...]    -f 1 -wi 2 -i 2 -p bits=4096, say, for a first look
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

options=()
if command -v cc >/dev/null; then
  cc -O3 -march=native -o "$work/popcount" "$here/src/main/c/positional_popcount.c"
  options+=("-Dc=$work/popcount")
else
  echo "kernel.sh: no C compiler, so no row in C" >&2
fi
"$here/run" "${options[@]}" kernel.KernelTable "$@"
