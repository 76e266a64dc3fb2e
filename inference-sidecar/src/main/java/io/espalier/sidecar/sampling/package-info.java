/** Runs requests, takes activations from a share of them, and holds those until they are published. Knows no Kafka. */
package io.espalier.sidecar.sampling;
