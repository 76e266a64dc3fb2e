package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parses a code file: classes with typed attributes and methods, and functions. Control flow is noted, not parsed, so that
 * it is refused only where the model would run it.
 */
final class SourceParser {
    private static final Set<String> REFUSED =
            Set.of("if", "for", "while", "with", "else", "elif", "assert", "raise", "del", "global", "def", "class");

    private final SourceFile file;
    private final ExpressionParser in;

    private SourceParser(SourceFile file) {
        this.file = file;
        this.in = new ExpressionParser(file, Lexer.tokens(file.name(), file.text()));
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
                MethodDefinition function = method();
                file.functions().put(function.name(), function);
            } else {
                in.skipLine();
            }
        }
    }

    private ClassDefinition classDefinition() {
        final int indent = in.previous().column();
        final String name = in.name();
        in.skipLine();
        Map<String, Set<String>> lists = new HashMap<>();
        Map<String, Expression> constants = new LinkedHashMap<>();
        Map<String, MethodDefinition> methods = new LinkedHashMap<>();
        while (in.peek().kind() != Token.Kind.END && in.peek().column() > indent) {
            if (in.peek().is("def")) {
                MethodDefinition method = method();
                methods.put(method.name(), method);
            } else if (in.peekNext().is("=") && in.peek().text().startsWith("__")) {
                String list = in.name();
                in.expect("=");
                lists.put(list, names(in.expression()));
                in.skipLine();
            } else if (in.peekNext().is(":")) {
                attribute(constants);
            } else {
                in.skipLine();
            }
        }
        return new ClassDefinition(
                name,
                lists.getOrDefault("__parameters__", Set.of()),
                lists.getOrDefault("__buffers__", Set.of()),
                constants,
                methods,
                file,
                endOfLine());
    }

    private void attribute(Map<String, Expression> constants) {
        String attribute = in.name();
        in.expect(":");
        in.expression();
        if (in.accept("=")) {
            constants.put(attribute, in.expression());
        }
        in.skipLine();
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

    private MethodDefinition method() {
        Token def = in.peek();
        in.expect("def");
        String name = in.name();
        List<MethodDefinition.Parameter> parameters = parameters();
        String returns = in.accept("->") ? file.text(in.expression()) : "";
        in.expect(":");
        in.skipLine();
        List<Statement> body = new ArrayList<>();
        int indent = in.peek().column();
        while (in.peek().kind() != Token.Kind.END && in.peek().column() > def.column()) {
            if (in.peek().column() > indent) {
                in.skipLine();
            } else {
                body.add(statement());
            }
        }
        int start = file.text().lastIndexOf('\n', def.start()) + 1;
        return new MethodDefinition(name, parameters, returns, body, file, def.line(), start, endOfLine());
    }

    private List<MethodDefinition.Parameter> parameters() {
        List<MethodDefinition.Parameter> parameters = new ArrayList<>();
        in.expect("(");
        boolean first = true;
        while (!in.accept(")")) {
            String parameter = in.name();
            String type = in.accept(":") ? file.text(in.expression()) : "Tensor";
            if (in.accept("=")) {
                in.expression();
            }
            if (!first || !parameter.equals("self")) {
                parameters.add(new MethodDefinition.Parameter(parameter, type));
            }
            first = false;
            if (!in.accept(",")) {
                in.expect(")");
                break;
            }
        }
        return List.copyOf(parameters);
    }

    private Statement statement() {
        Token first = in.peek();
        int line = first.line();
        if (REFUSED.contains(first.text()) && first.kind() == Token.Kind.NAME) {
            in.skipLine();
            return new Statement.Refused("'" + first.text() + "'", line);
        } else if (first.is("return")) {
            in.next();
            boolean bare = in.peek().kind() == Token.Kind.NEWLINE;
            Expression value =
                    bare ? new Expression.Constant(Optional.empty(), first.start(), first.end()) : tupled(in.peek());
            endStatement();
            return new Statement.Return(value, line);
        }
        return assignment(first, line);
    }

    private Expression tupled(Token first) {
        Expression value = in.expression();
        if (!in.peek().is(",")) {
            return value;
        }
        List<Expression> items = new ArrayList<>(List.of(value));
        while (in.accept(",") && in.peek().kind() != Token.Kind.NEWLINE) {
            items.add(in.expression());
        }
        return new Expression.Sequence(
                List.copyOf(items), true, first.start(), in.previous().end());
    }

    private Statement assignment(Token first, int line) {
        Expression left = in.expression();
        List<String> targets = new ArrayList<>();
        boolean unpack = false;
        boolean plain = left instanceof Expression.Name;
        if (left instanceof Expression.Name name) {
            targets.add(name.id());
        }
        while (in.accept(",")) {
            unpack = true;
            if (in.peek().kind() == Token.Kind.NAME) {
                targets.add(in.name());
            }
        }
        if (in.accept(":")) {
            in.expression();
        }
        if (!in.accept("=")) {
            endStatement();
            return new Statement.Assign(List.of(), false, left, line);
        }
        Expression value = in.expression();
        endStatement();
        if (!plain) {
            return new Statement.Refused("an assignment to " + file.text(left), line);
        }
        return new Statement.Assign(List.copyOf(targets), unpack, value, first.line());
    }

    private void endStatement() {
        if (in.peek().kind() != Token.Kind.NEWLINE) {
            throw in.unexpected("the end of the line");
        }
        in.skipLine();
    }

    /** Offset behind the line end that was read last. */
    private int endOfLine() {
        return in.previous().end();
    }

    static ModelFormatException refusal(MethodDefinition method, Statement.Refused statement) {
        return new ModelFormatException(method.file().place(statement.line()) + ": " + statement.what() + " in "
                + method.name() + ": control flow is not read, trace the model instead of scripting it");
    }
}
