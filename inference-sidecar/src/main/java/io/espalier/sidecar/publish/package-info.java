/** Packs samples and brings them to Kafka, on one thread of its own. */
package io.espalier.sidecar.publish;
