#!/usr/bin/env bash
# What one shard costs its stream thread, in milliseconds: each time it is published, to score its newest pane with the closed
# ones, which were taken together before, and to write the score as JSON; once per pane, to take the closed ones together; each
# time it is committed, to write one pane's state. A window of one pane has none closed: it is scored whole, and closing is
# nothing. Medians of JMH's iterations; 4 minutes.
#   benchmarks/score.sh [JMH OPTION...]    -p panes=60 -p bits=102400, say
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/run" score.ScoreTable "$@"
