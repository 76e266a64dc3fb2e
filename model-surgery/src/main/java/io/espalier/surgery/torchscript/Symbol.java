package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;

/** What a name stands for while code is inlined. */
sealed interface Symbol {
    record Module(ModuleNode node) implements Symbol {}

    record Data(Argument argument) implements Symbol {}
}
