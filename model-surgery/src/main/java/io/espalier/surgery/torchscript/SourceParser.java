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
 * Parses a code file: classes with typed attributes and methods, and functions. What a model's code does not have is noted,
 * so that it is refused only where the model would run it.
 */
final class SourceParser {
    private static final int DEPTH_LIMIT = 150;
    private static final Set<String> REFUSED =
            Set.of("with", "else", "elif", "assert", "raise", "del", "global", "def", "class", "break", "continue");

    private final SourceFile file;
    private final ExpressionParser in;
    private int depth;

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
                lists.put(list, names(in.expression()));
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
        in.expression();
        if (in.accept("=")) {
            constants.put(attribute, in.expression());
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
        String returns = in.accept("->") ? file.text(in.expression()) : "";
        in.expect(":");
        in.skipLine();
        List<Statement> body = block(def.column());
        int start = file.text().lastIndexOf('\n', def.start()) + 1;
        return new MethodDefinition(name, receiver, parameters, returns, body, file, def.line(), start, endOfLine());
    }

    /** The statements that are indented deeper than what they belong to. */
    private List<Statement> block(int outer) {
        if (++depth > DEPTH_LIMIT) {
            throw new ModelFormatException(file.place(in.peek().line()) + ": blocks nest deeper than " + DEPTH_LIMIT);
        }
        List<Statement> body = new ArrayList<>();
        int indent = in.peek().column();
        while (in.peek().kind() != Token.Kind.END && in.peek().column() > outer) {
            if (in.peek().column() > indent || in.accept("pass")) {
                in.skipLine();
            } else {
                body.add(statement());
            }
        }
        depth--;
        return List.copyOf(body);
    }

    private List<MethodDefinition.Parameter> parameters() {
        List<MethodDefinition.Parameter> parameters = new ArrayList<>();
        in.expect("(");
        while (!in.accept(")")) {
            String parameter = in.name();
            String type = in.accept(":") ? file.text(in.expression()) : "Tensor";
            Optional<Expression> preset = in.accept("=") ? Optional.of(in.expression()) : Optional.empty();
            parameters.add(new MethodDefinition.Parameter(parameter, type, preset));
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
        }
        switch (first.kind() == Token.Kind.NAME ? first.text() : "") {
            case "return" -> {
                return result();
            }
            case "if" -> {
                return branch();
            }
            case "for" -> {
                return counted();
            }
            case "while" -> {
                in.next();
                Expression condition = header();
                return new Statement.While(condition, block(first.column()), line);
            }
            default -> {
                return assignment(first, line);
            }
        }
    }

    private Statement result() {
        Token first = in.next();
        boolean bare = in.peek().kind() == Token.Kind.NEWLINE;
        Expression value =
                bare ? new Expression.Constant(Optional.empty(), first.start(), first.end()) : tupled(in.peek());
        endStatement();
        return new Statement.Return(value, first.line());
    }

    private Statement branch() {
        Token first = in.next();
        Expression condition = header();
        List<Statement> then = block(first.column());
        List<Statement> otherwise = List.of();
        if (in.peek().is("else") && in.peek().column() == first.column()) {
            in.next();
            in.expect(":");
            in.skipLine();
            otherwise = block(first.column());
        }
        return new Statement.If(condition, then, otherwise, first.line());
    }

    private Statement counted() {
        Token first = in.next();
        String target = in.name();
        in.expect("in");
        Expression range = header();
        List<Statement> body = block(first.column());
        if (range instanceof Expression.Call call
                && call.function() instanceof Expression.Name name
                && name.id().equals("range")
                && call.arguments().size() == 1) {
            return new Statement.For(target, call.arguments().get(0), body, first.line());
        }
        return new Statement.Refused("a loop over " + file.text(range), first.line());
    }

    /** A condition or range up to its colon and line end. */
    private Expression header() {
        Expression expression = in.expression();
        in.expect(":");
        in.skipLine();
        return expression;
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
        Expression value = tupled(in.peek());
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
}
