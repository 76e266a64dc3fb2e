package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.torchscript.source.Expression;
import io.espalier.surgery.torchscript.source.SourceCode;
import java.util.Optional;
import java.util.Set;

/** What {@code a.b} stands for: an attribute of a module, a constant or function of the archive, an item of a named tuple. */
final class Members {
    private static final Set<String> GLOBALS = Set.of("torch", "ops", "__torch__");

    private final SourceCode code;
    private final Attributes attributes;
    private final Evaluator evaluator;

    Members(SourceCode code, Attributes attributes, Evaluator evaluator) {
        this.code = code;
        this.attributes = attributes;
        this.evaluator = evaluator;
    }

    /** The value of {@code a.b} where it is not called. */
    Symbol value(Expression.Member member, Scope scope, int line) {
        if (member.target() instanceof Expression.Name name && name.id().equals("CONSTANTS")) {
            return attributes
                    .ofArchive(member.name())
                    .orElseThrow(
                            () -> scope.refused(line, "CONSTANTS." + member.name() + " is no tensor of constants.pkl"));
        }
        String dotted = globalName(member, scope);
        if (dotted != null && dotted.startsWith("__torch__.")) {
            return code.function(dotted)
                    .map(Symbol.Function::new)
                    .orElseThrow(() -> scope.refused(line, dotted + " is no function of this archive"));
        }
        Symbol target = evaluator.evaluate(member.target(), scope, line, 1);
        if (target instanceof Symbol.Module module) {
            return attribute(module.node(), member.name(), scope, line);
        } else if (target instanceof Symbol.Items items && items.fields().contains(member.name())) {
            return items.items().get(items.fields().indexOf(member.name()));
        }
        throw scope.refused(line, "the attribute " + member.name() + " of something that is no module");
    }

    /** An attribute that the pickle holds, or else a constant of the class. */
    Symbol attribute(ModuleNode module, String name, Scope scope, int line) {
        Optional<Symbol> stored = attributes.get(module, name);
        if (stored.isPresent()) {
            return stored.get();
        }
        Expression constant = attributes
                .constant(module, name)
                .orElseThrow(() -> scope.refused(line, named(module) + " has no attribute " + name));
        return withoutPlaces(evaluator.evaluate(constant, scope, line, 1));
    }

    /** A constant of a class may serve many modules: it cannot be edited where it stands. */
    private static Symbol withoutPlaces(Symbol symbol) {
        if (symbol instanceof Symbol.Data data && data.argument() instanceof Argument.Literal literal) {
            return new Symbol.Data(new Argument.Literal(literal.constant(), -1));
        } else if (symbol instanceof Symbol.Items items) {
            items.items().replaceAll(Members::withoutPlaces);
        }
        return symbol;
    }

    /** A module as errors call it. */
    static String named(ModuleNode module) {
        return module.path().isEmpty() ? "the model" : "module " + module.name();
    }

    /** The dotted name of something that is not a module's, such as {@code torch.add}; null for anything else. */
    static String globalName(Expression.Member member, Scope scope) {
        Expression root = member.target();
        while (root instanceof Expression.Member inner) {
            root = inner.target();
        }
        boolean global = root instanceof Expression.Name name
                && GLOBALS.contains(name.id())
                && !scope.names().containsKey(name.id());
        return global ? dotted(member) : null;
    }

    private static String dotted(Expression expression) {
        return expression instanceof Expression.Member member
                ? dotted(member.target()) + "." + member.name()
                : ((Expression.Name) expression).id();
    }
}
