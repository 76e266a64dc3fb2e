package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import java.util.Map;

/** One running method: whose it is, which call of that module, and what its names stand for. */
record Scope(ModuleNode module, int call, MethodDefinition method, int depth, Map<String, Symbol> names) {
    /** What can be done about code that is not read. */
    static final String TRACE = ": trace the model (torch.jit.trace) instead of scripting it";

    ModelFormatException refused(int line, String what) {
        return new ModelFormatException(place(line) + ": " + what);
    }

    String place(int line) {
        return method.file().place(line);
    }
}
