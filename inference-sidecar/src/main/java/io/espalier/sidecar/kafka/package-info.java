/** Kafka's clients, and what is said when they do not get on. */
package io.espalier.sidecar.kafka;
