/**
 * How long a model takes at widths it does not have yet: its layers timed one by one on this machine, the rest in
 * proportion. Knows no engine: what is timed, and by which clock, is handed in.
 */
package io.espalier.runtime.latency;
