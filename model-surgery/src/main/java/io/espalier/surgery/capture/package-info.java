/**
 * Which activations show the units of a group, and at which positions they are sampled.
 */
package io.espalier.surgery.capture;
