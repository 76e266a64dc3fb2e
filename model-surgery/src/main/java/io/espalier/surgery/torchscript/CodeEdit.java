package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.torchscript.source.ClassDefinition;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import io.espalier.surgery.torchscript.source.SourceCode;
import io.espalier.surgery.torchscript.source.SourceFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** New texts of an archive's code files: literals changed where they stand, or forward written anew; methods added. */
final class CodeEdit {
    private final SourceCode code;
    private final InlinedMethod forward;
    private final ParameterTable parameters;
    private final Map<SourceFile, List<TextEdit>> edits = new HashMap<>();

    /** Characters of a code file to replace. */
    private record TextEdit(int start, int end, String text) {}

    CodeEdit(SourceCode code, InlinedMethod forward, ParameterTable parameters) {
        this.code = code;
        this.forward = forward;
        this.parameters = parameters;
        for (String name : AddedMethod.ALL) {
            drop(forward.type().methods().get(name));
        }
    }

    private void drop(MethodDefinition method) {
        if (method != null) {
            edit(method.file(), method.start(), method.end(), "");
        }
    }

    private void edit(SourceFile file, int start, int end, String text) {
        edits.computeIfAbsent(file, f -> new ArrayList<>()).add(new TextEdit(start, end, text));
    }

    /** Adds a method to the top class. */
    CodeEdit with(String method) {
        ClassDefinition top = forward.type();
        boolean openLine = !top.file().text().substring(0, top.end()).endsWith("\n");
        edit(top.file(), top.end(), top.end(), (openLine ? "\n" : "") + method);
        return this;
    }

    /**
     * Gives integer literals other values, by site number. Where each literal stands for one use, or all its uses change
     * alike, this is done where they stand; otherwise, and for a model that was resolved from control flow, forward is
     * written anew as straight-line code.
     */
    CodeEdit withLiterals(Map<Integer, Long> literals) {
        if (forward.flat() || !editableInPlace(literals)) {
            return withoutMethods().with(new MethodPrinter(forward, parameters, literals).printForward());
        }
        Set<LiteralSite> done = new HashSet<>();
        literals.forEach((number, value) -> {
            LiteralSite site = forward.sites().get(number).orElseThrow();
            if (done.add(site)) {
                edit(site.file(), site.start(), site.end(), Long.toString(value));
            }
        });
        return this;
    }

    /**
     * Puts whole numbers in place of arguments of forward: where they stand when all of them are literals, else by writing
     * forward anew.
     */
    CodeEdit with(List<ArgumentEdit> changes) {
        Map<Integer, Long> literals = new HashMap<>();
        for (ArgumentEdit change : changes) {
            if (!(change.before() instanceof Argument.Literal literal)
                    || literal.site() < 0
                    || !(change.after() instanceof Argument.Literal after)) {
                return withoutMethods().with(new MethodPrinter(forward.edited(changes), parameters).printForward());
            }
            literals.put(literal.site(), (Long) after.constant().orElseThrow());
        }
        return withLiterals(literals);
    }

    /**
     * Drops the methods of all modules: forward calls none of them when it is written anew, some would not fit the new
     * sizes, and some use operators that an older engine does not know in branches that are never taken.
     */
    CodeEdit withoutMethods() {
        boolean interfaces =
                code.classes().stream().anyMatch(type -> type.base().endsWith("Interface"));
        for (ClassDefinition type : code.classes()) {
            boolean top = type.equals(forward.type());
            if (top || (type.base().equals("Module") && !interfaces)) {
                type.methods().values().stream()
                        .filter(method -> !top || !AddedMethod.ALL.contains(method.name()))
                        .forEach(this::drop);
            }
        }
        return this;
    }

    private boolean editableInPlace(Map<Integer, Long> literals) {
        Map<LiteralSite, Long> values = new HashMap<>();
        for (Map.Entry<Integer, Long> literal : literals.entrySet()) {
            Optional<LiteralSite> site = forward.sites().get(literal.getKey());
            if (site.isEmpty()) {
                return false;
            }
            values.put(site.get(), literal.getValue());
        }
        for (int i = 0; i < forward.sites().size(); i++) {
            Optional<LiteralSite> site = forward.sites().get(i);
            if (site.isPresent()
                    && values.containsKey(site.get())
                    && !values.get(site.get()).equals(literals.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The files that change, with their new text. */
    Map<SourceFile, String> texts() {
        Map<SourceFile, String> texts = new HashMap<>();
        edits.forEach((file, list) -> texts.put(file, edited(file.text(), list)));
        return texts;
    }

    private static String edited(String text, List<TextEdit> edits) {
        StringBuilder result = new StringBuilder(text);
        edits.stream()
                .sorted(Comparator.comparingInt(TextEdit::start)
                        .thenComparingInt(TextEdit::end)
                        .reversed())
                .forEach(edit -> result.replace(edit.start(), edit.end(), edit.text()));
        return result.toString();
    }
}
