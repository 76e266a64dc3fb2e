/**
 * The container of an archive: entries read in place, entries written one behind the other. Knows bytes and names, and
 * nothing of what they mean. For the packages around it alone.
 */
package io.espalier.surgery.torchscript.zip;
