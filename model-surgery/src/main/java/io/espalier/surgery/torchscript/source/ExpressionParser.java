package io.espalier.surgery.torchscript.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses expressions. */
final class ExpressionParser {
    private static final int DEPTH_LIMIT = 200;

    private final SourceFile file;
    private final TokenStream in;
    private int depth;

    ExpressionParser(SourceFile file, TokenStream in) {
        this.file = file;
        this.in = in;
    }

    /** An expression; one that goes on with an operator sign comes back as {@link Expression.Other}. */
    Expression expression() {
        if (++depth > DEPTH_LIMIT) {
            throw in.refused(in.peek(), "expressions nest deeper than " + DEPTH_LIMIT);
        }
        Expression value = postfix(primary());
        while (in.peek().kind() == Token.Kind.SYMBOL
                && "+-*/%<>!&|^@=".contains(in.peek().text())
                && !atKeyword()) {
            String sign = in.next().text();
            while (in.peek().is("=") || in.peek().is(sign)) {
                in.next();
            }
            Expression right = postfix(primary());
            value = new Expression.Other("the operator '" + sign + "'", value.start(), right.end());
        }
        if (--depth == 0) {
            checkHeight(value, 0);
        }
        return value;
    }

    /** A chain of members, calls and indices nests without brackets around it: whoever follows it falls as deep. */
    private void checkHeight(Expression expression, int above) {
        if (above > DEPTH_LIMIT) {
            throw in.refused(in.previous(), "expressions nest deeper than " + DEPTH_LIMIT);
        }
        Expression.children(expression).forEach(child -> checkHeight(child, above + 1));
    }

    /** A single '=' ends an expression: it belongs to the statement. */
    private boolean atKeyword() {
        return in.peek().is("=") && !in.peekNext().is("=");
    }

    private Expression primary() {
        Token token = in.next();
        if (token.kind() == Token.Kind.NAME) {
            return named(token);
        } else if (token.kind() == Token.Kind.NUMBER) {
            return new Expression.Constant(
                    Optional.of(NumberLiteral.value(token.text(), () -> file.place(token.line()))),
                    token.start(),
                    token.end());
        } else if (token.kind() == Token.Kind.TEXT) {
            String text = TextLiteral.unquoted(token.text(), () -> file.place(token.line()));
            return new Expression.Constant(Optional.of(text), token.start(), token.end());
        } else if (token.is("-") && in.peek().kind() == Token.Kind.NUMBER) {
            Token digits = in.next();
            Object number = NumberLiteral.value("-" + digits.text(), () -> file.place(digits.line()));
            return new Expression.Constant(Optional.of(number), token.start(), digits.end());
        } else if (token.is("-") && in.peek().is("inf")) {
            return new Expression.Constant(
                    Optional.of(Double.NEGATIVE_INFINITY),
                    token.start(),
                    in.next().end());
        } else if (token.is("(")) {
            return items(token, ")");
        } else if (token.is("[")) {
            return items(token, "]");
        } else if (token.is("{")) {
            return dictionary(token);
        }
        in.back();
        throw in.unexpected("an expression");
    }

    private Expression named(Token token) {
        return switch (token.text()) {
            case "None" -> new Expression.Constant(Optional.empty(), token.start(), token.end());
            case "True" -> new Expression.Constant(Optional.of(true), token.start(), token.end());
            case "False" -> new Expression.Constant(Optional.of(false), token.start(), token.end());
            case "inf" -> new Expression.Constant(Optional.of(Double.POSITIVE_INFINITY), token.start(), token.end());
            case "nan" -> new Expression.Constant(Optional.of(Double.NaN), token.start(), token.end());
            default -> new Expression.Name(token.text(), token.start(), token.end());
        };
    }

    private Expression items(Token open, String close) {
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!in.accept(close)) {
            items.add(expression());
            comma = in.accept(",");
            if (!comma) {
                in.expect(close);
                break;
            }
        }
        boolean tuple = close.equals(")");
        if (tuple && items.size() == 1 && !comma) {
            return items.get(0);
        }
        return new Expression.Sequence(
                List.copyOf(items), tuple, open.start(), in.previous().end());
    }

    private Expression dictionary(Token open) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!in.accept("}")) {
            keys.add(expression());
            in.expect(":");
            values.add(expression());
            if (!in.accept(",")) {
                in.expect("}");
                break;
            }
        }
        return new Expression.Dictionary(
                List.copyOf(keys),
                List.copyOf(values),
                open.start(),
                in.previous().end());
    }

    private Expression postfix(Expression base) {
        Expression value = base;
        while (true) {
            if (in.accept(".")) {
                value = new Expression.Member(
                        value, in.name(), base.start(), in.previous().end());
            } else if (in.accept("(")) {
                value = call(value, base.start());
            } else if (in.accept("[")) {
                Expression index = items(in.previous(), "]");
                List<Expression> parts = ((Expression.Sequence) index).items();
                value = parts.size() == 1
                        ? new Expression.Index(
                                value, parts.get(0), base.start(), in.previous().end())
                        : new Expression.Index(
                                value, index, base.start(), in.previous().end());
            } else {
                return value;
            }
        }
    }

    private Expression call(Expression function, int start) {
        List<Expression> arguments = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!in.accept(")")) {
            if (in.peek().kind() == Token.Kind.NAME && in.peekNext().is("=")) {
                String key = in.name();
                in.expect("=");
                named.put(key, expression());
            } else {
                arguments.add(expression());
            }
            if (!in.accept(",")) {
                in.expect(")");
                break;
            }
        }
        return new Expression.Call(
                function, List.copyOf(arguments), named, start, in.previous().end());
    }
}
