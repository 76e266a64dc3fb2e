#!/usr/bin/env bash
# Throughput of the overlap topology on a topic that is filled before: one partition, one stream thread, an embedded broker in
# a process of its own, against a bare consumer loop with the same counters, which keeps nothing, and against what Kafka's
# documentation would have one write: groupByKey, windowedBy, aggregate with a serde. That one counts as somebody would write
# it first, in plain ints, in a loop over single bits, so the ratio to it has the gain of our kernel in it (benchmarks/kernel.sh)
# beside that of the topology; the bare loop has our kernel and our reader, once with Kafka's own settings and once with our socket
# buffers. Contenders take turns, in fresh processes; the table has medians of the rounds. Rates are over the second half of the
# records, or of the seconds that a contender is given: for most of the first half the compiler has one of two cores. Changelog
# bytes are what the producer sent; resident memory is the most a process ever had (VmHWM).
#   benchmarks/topology.sh [--layers=20,64] [--states=4,100,400] [--samples=1,32] [--rounds=3] ...
#     layers       capture points of the model: at 400 KiB, 20 fit the 10 MiB that Kafka caches records in, and 64 do not
#     states       KiB of a layer's counters at four bytes per unit and position, 64 positions: 400 are 102,400 bits of code
#     samples      in a record: 32 is what sidecars send at once, 1 is the harshest for whoever pays per record
#     panes        4: that event time runs through
#     megabytes    12000: of records, which the page cache has to hold
#     limit        24: seconds a contender is given
#     commit       1000: milliseconds between commits
#     contenders   BARE_LOOP,BARE_LOOP_OUR_SOCKETS,ESPALIER,OBVIOUS,OBVIOUS_UNCACHED
#     work         target/benchmarks: where topics are kept meanwhile
#   BENCHMARK_JVM_OPTIONS    of the contenders: -XX:StartFlightRecording=filename=/tmp/,settings=profile, say
# 1.5 GB of heap and the serial collector, as ./espalier has it, for each; two hours for all of it. Where other work keeps
# the machine busy, records per second of CPU say more than records per second.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/run" topology.TopologyTable "$@"
