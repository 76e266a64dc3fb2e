package io.espalier.surgery.torchscript.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses the statements of methods. What a model's code does not have is noted, so that it is refused only where it runs. */
final class StatementParser {
    private static final int DEPTH_LIMIT = 150;
    private static final Set<String> REFUSED =
            Set.of("with", "else", "elif", "assert", "raise", "del", "global", "def", "class", "break", "continue");

    private final SourceFile file;
    private final TokenStream in;
    private final ExpressionParser expressions;
    private int depth;

    StatementParser(SourceFile file, TokenStream in, ExpressionParser expressions) {
        this.file = file;
        this.in = in;
        this.expressions = expressions;
    }

    /** The statements that are indented deeper than what they belong to. */
    List<Statement> block(int outer) {
        if (++depth > DEPTH_LIMIT) {
            throw in.refused(in.peek(), "blocks nest deeper than " + DEPTH_LIMIT);
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

    private Statement statement() {
        Token first = in.peek();
        if (REFUSED.contains(first.text()) && first.kind() == Token.Kind.NAME) {
            in.skipLine();
            return new Statement.Refused("'" + first.text() + "'", first.line());
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
                return new Statement.While(condition, block(first.column()), first.line());
            }
            default -> {
                return assignment(first);
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
        Expression expression = expressions.expression();
        in.expect(":");
        in.skipLine();
        return expression;
    }

    private Expression tupled(Token first) {
        Expression value = expressions.expression();
        if (!in.peek().is(",")) {
            return value;
        }
        List<Expression> items = new ArrayList<>(List.of(value));
        while (in.accept(",") && in.peek().kind() != Token.Kind.NEWLINE) {
            items.add(expressions.expression());
        }
        return new Expression.Sequence(
                List.copyOf(items), true, first.start(), in.previous().end());
    }

    private Statement assignment(Token first) {
        Expression left = expressions.expression();
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
            expressions.expression();
        }
        if (!in.accept("=")) {
            endStatement();
            return new Statement.Assign(List.of(), false, left, first.line());
        }
        Expression value = tupled(in.peek());
        endStatement();
        if (!plain) {
            return new Statement.Refused("an assignment to " + file.text(left), first.line());
        }
        return new Statement.Assign(List.copyOf(targets), unpack, value, first.line());
    }

    private void endStatement() {
        if (in.peek().kind() != Token.Kind.NEWLINE) {
            throw in.unexpected("the end of the line");
        }
        in.skipLine();
    }
}
