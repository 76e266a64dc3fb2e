/**
 * Code files of an archive as classes, methods, statements and expressions, each with its place in the text. Knows the
 * grammar that TorchScript prints, and nothing of what code means when it runs. For the packages around it alone.
 */
package io.espalier.surgery.torchscript.source;
