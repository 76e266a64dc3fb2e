#!/usr/bin/env bash
# What one shard costs its stream thread each time it is published and each time it is committed: milliseconds to score its
# window, to write the score as JSON, and to write one pane's state. Medians of JMH's iterations; 3 minutes.
#   benchmarks/score.sh [JMH OPTION...]    -p panes=60 -p bits=102400, say
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/run" score.ScoreTable "$@"
