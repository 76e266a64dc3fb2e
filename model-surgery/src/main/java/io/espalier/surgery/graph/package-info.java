/**
 * A network as straight-line code: values, operators, stored tensors. Knows no file format; readers produce it, all
 * analysis rests on it.
 */
package io.espalier.surgery.graph;
