/** What is measured: one class per thing, every meter registered at start, so that zero is seen as zero. */
package io.espalier.sidecar.metrics;
