/**
 * Reads a serialised network, finds which of its units can be removed, and writes a smaller one. Nothing outside this
 * package and its {@code graph} is meant for others.
 */
package io.espalier.surgery;
