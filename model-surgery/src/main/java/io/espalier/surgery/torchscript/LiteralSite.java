package io.espalier.surgery.torchscript;

/** Where a literal stands: its characters in a code file. */
record LiteralSite(SourceFile file, int start, int end) {}
