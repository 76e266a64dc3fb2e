package io.espalier.surgery.torchscript.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses what a code file declares: classes with typed attributes and methods, and functions. */
final class SourceParser {
    private final SourceFile file;
    private final TokenStream in;
    private final ExpressionParser expressions;
    private final StatementParser statements;

    private SourceParser(SourceFile file) {
        this.file = file;
        this.in = new TokenStream(file);
        this.expressions = new ExpressionParser(file, in);
        this.statements = new StatementParser(file, in, expressions);
    }

    /** Fills the file's classes and functions; throws ModelFormatException naming file and line. */
    static void parse(SourceFile file) {
        new SourceParser(file).run();
    }

    private void run() {
        while (in.peek().kind() != Token.Kind.END) {
            if (in.accept("class")) {
                ClassDefinition definition = classDefinition();
                file.classes().put(definition.name(), definition);
            } else if (in.peek().is("def")) {
                MethodDefinition function = method(false);
                file.functions().put(function.name(), function);
            } else {
                in.skipLine();
            }
        }
    }

    private ClassDefinition classDefinition() {
        final int indent = in.previous().column();
        final String name = in.name();
        final String base = in.accept("(") && in.peek().kind() == Token.Kind.NAME ? in.name() : "";
        in.skipLine();
        Map<String, Set<String>> lists = new HashMap<>();
        Map<String, Expression> constants = new LinkedHashMap<>();
        List<String> fields = new ArrayList<>();
        Map<String, MethodDefinition> methods = new LinkedHashMap<>();
        while (in.peek().kind() != Token.Kind.END && in.peek().column() > indent) {
            if (in.peek().is("def")) {
                MethodDefinition method = method(true);
                methods.put(method.name(), method);
            } else if (in.peekNext().is("=") && in.peek().text().startsWith("__")) {
                String list = in.name();
                in.expect("=");
                lists.put(list, names(expressions.expression()));
                in.skipLine();
            } else if (in.peekNext().is(":")) {
                fields.add(attribute(constants));
            } else {
                in.skipLine();
            }
        }
        return new ClassDefinition(
                name,
                base,
                lists.getOrDefault("__parameters__", Set.of()),
                lists.getOrDefault("__buffers__", Set.of()),
                constants,
                base.equals("NamedTuple") ? List.copyOf(fields) : List.of(),
                methods,
                file,
                endOfLine());
    }

    private String attribute(Map<String, Expression> constants) {
        String attribute = in.name();
        in.expect(":");
        expressions.expression();
        if (in.accept("=")) {
            constants.put(attribute, expressions.expression());
        }
        in.skipLine();
        return attribute;
    }

    private static Set<String> names(Expression list) {
        Set<String> names = new LinkedHashSet<>();
        if (list instanceof Expression.Sequence sequence) {
            for (Expression item : sequence.items()) {
                if (item instanceof Expression.Constant constant
                        && constant.value().orElse(null) instanceof String name) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private MethodDefinition method(boolean ofClass) {
        Token def = in.peek();
        in.expect("def");
        String name = in.name();
        List<MethodDefinition.Parameter> all = parameters();
        Optional<String> receiver =
                ofClass ? all.stream().findFirst().map(MethodDefinition.Parameter::name) : Optional.empty();
        List<MethodDefinition.Parameter> parameters = receiver.isPresent() ? all.subList(1, all.size()) : all;
        String returns = in.accept("->") ? file.text(expressions.expression()) : "";
        in.expect(":");
        in.skipLine();
        List<Statement> body = statements.block(def.column());
        int start = file.text().lastIndexOf('\n', def.start()) + 1;
        return new MethodDefinition(name, receiver, parameters, returns, body, file, def.line(), start, endOfLine());
    }

    private List<MethodDefinition.Parameter> parameters() {
        List<MethodDefinition.Parameter> parameters = new ArrayList<>();
        in.expect("(");
        while (!in.accept(")")) {
            String parameter = in.name();
            String type = in.accept(":") ? file.text(expressions.expression()) : "Tensor";
            Optional<Expression> preset = in.accept("=") ? Optional.of(expressions.expression()) : Optional.empty();
            parameters.add(new MethodDefinition.Parameter(parameter, type, preset));
            if (!in.accept(",")) {
                in.expect(")");
                break;
            }
        }
        return List.copyOf(parameters);
    }

    /** Offset behind the line end that was read last. */
    private int endOfLine() {
        return in.previous().end();
    }
}
