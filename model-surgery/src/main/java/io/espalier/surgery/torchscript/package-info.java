/**
 * TorchScript archives to graph and back: zip, pickle, code. Knows the graph, and nothing of what is done with it.
 */
package io.espalier.surgery.torchscript;
