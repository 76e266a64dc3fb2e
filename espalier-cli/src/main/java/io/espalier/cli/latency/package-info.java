/** Plans for a share of the time that a model takes on this machine: predicted layer by layer, then measured whole. */
package io.espalier.cli.latency;
