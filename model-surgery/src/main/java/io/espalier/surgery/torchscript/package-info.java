/**
 * TorchScript archives to graph and back. Knows the graph, and nothing of what is done with it.
 *
 * <p>Below it lie the zip container ({@code zip}), the pickles ({@code pickle}) and the parsed code ({@code source}), none of
 * which knows this package. Here are the stored tensors that pickles name, the inlining of {@code forward} over symbols into
 * a graph, and the writing of edited copies.
 */
package io.espalier.surgery.torchscript;
