package io.espalier.surgery.torchscript;

import io.espalier.surgery.torchscript.source.SourceFile;

/** Where a literal stands: its characters in a code file. */
record LiteralSite(SourceFile file, int start, int end) {}
