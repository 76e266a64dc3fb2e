package io.espalier.surgery.torchscript.source;

import io.espalier.surgery.torchscript.zip.ZipEntry;
import java.util.LinkedHashMap;
import java.util.Map;

/** One code file of the archive: its text, and what it defines by unqualified name. */
public final class SourceFile {
    private final ZipEntry entry;
    private final String name;
    private final String text;
    private final Map<String, ClassDefinition> classes = new LinkedHashMap<>();
    private final Map<String, MethodDefinition> functions = new LinkedHashMap<>();

    /** {@code name} is the path below the archive's top folder. */
    SourceFile(ZipEntry entry, String name, String text) {
        this.entry = entry;
        this.name = name;
        this.text = text;
    }

    public ZipEntry entry() {
        return entry;
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    public String text(Expression expression) {
        return text.substring(expression.start(), expression.end());
    }

    public String place(int line) {
        return name + ":" + line;
    }

    Map<String, ClassDefinition> classes() {
        return classes;
    }

    Map<String, MethodDefinition> functions() {
        return functions;
    }
}
