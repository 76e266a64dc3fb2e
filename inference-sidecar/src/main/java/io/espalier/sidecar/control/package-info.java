/** Follows what the streams service says of the sampling, on one thread of its own. */
package io.espalier.sidecar.control;
