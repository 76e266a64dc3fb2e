/** Serves a model and lets a share of its activations be seen, without the requests noticing. */
package io.espalier.sidecar;
