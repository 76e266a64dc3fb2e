package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses expressions from a file's tokens and keeps the position that the statement parser goes on from. */
final class ExpressionParser {
    private static final int DEPTH_LIMIT = 200;

    private final SourceFile file;
    private final List<Token> tokens;
    private int at;
    private int depth;

    ExpressionParser(SourceFile file, List<Token> tokens) {
        this.file = file;
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peekNext() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        return peek().kind() == Token.Kind.END ? peek() : tokens.get(at++);
    }

    Token previous() {
        return tokens.get(at - 1);
    }

    boolean accept(String symbol) {
        if (peek().is(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String symbol) {
        if (!accept(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
    }

    String name() {
        if (peek().kind() != Token.Kind.NAME) {
            throw unexpected("a name");
        }
        return next().text();
    }

    void skipLine() {
        boolean more = true;
        while (more) {
            more = next().kind() != Token.Kind.NEWLINE && peek().kind() != Token.Kind.END;
        }
    }

    ModelFormatException unexpected(String wanted) {
        String text = peek().text();
        return new ModelFormatException(file.place(peek().line()) + ": expected " + wanted + " but found '"
                + text.substring(0, Math.min(40, text.length())).replaceAll("\\p{Cntrl}", " ") + "'");
    }

    /** An expression; one that goes on with an operator sign comes back as {@link Expression.Other}. */
    Expression expression() {
        if (++depth > DEPTH_LIMIT) {
            throw new ModelFormatException(file.place(peek().line()) + ": expressions nest deeper than " + DEPTH_LIMIT);
        }
        Expression value = postfix(primary());
        while (peek().kind() == Token.Kind.SYMBOL && "+-*/%<>!&|^@=".contains(peek().text()) && !atKeyword()) {
            String sign = next().text();
            while (peek().is("=") || peek().is(sign)) {
                next();
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
            throw new ModelFormatException(
                    file.place(previous().line()) + ": expressions nest deeper than " + DEPTH_LIMIT);
        }
        Expression.children(expression).forEach(child -> checkHeight(child, above + 1));
    }

    /** A single '=' ends an expression: it belongs to the statement. */
    private boolean atKeyword() {
        return peek().is("=") && !peekNext().is("=");
    }

    private Expression primary() {
        Token token = next();
        if (token.kind() == Token.Kind.NAME) {
            return named(token);
        } else if (token.kind() == Token.Kind.NUMBER) {
            return new Expression.Constant(Optional.of(number(token, false)), token.start(), token.end());
        } else if (token.kind() == Token.Kind.TEXT) {
            String text = TextLiteral.unquoted(token.text(), () -> file.place(token.line()));
            return new Expression.Constant(Optional.of(text), token.start(), token.end());
        } else if (token.is("-") && peek().kind() == Token.Kind.NUMBER) {
            Token digits = next();
            return new Expression.Constant(Optional.of(number(digits, true)), token.start(), digits.end());
        } else if (token.is("-") && peek().is("inf")) {
            return new Expression.Constant(Optional.of(Double.NEGATIVE_INFINITY), token.start(), next().end());
        } else if (token.is("(")) {
            return items(token, ")");
        } else if (token.is("[")) {
            return items(token, "]");
        } else if (token.is("{")) {
            return dictionary(token);
        }
        at--;
        throw unexpected("an expression");
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

    private Object number(Token token, boolean negative) {
        String digits = (negative ? "-" : "") + token.text();
        try {
            if (digits.matches("-?[0-9]+")) {
                return Long.parseLong(digits);
            }
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw new ModelFormatException(file.place(token.line()) + ": " + brief(digits) + " is no number", e);
        }
    }

    private static String brief(String text) {
        return text.substring(0, Math.min(40, text.length()));
    }

    private Expression items(Token open, String close) {
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!accept(close)) {
            items.add(expression());
            comma = accept(",");
            if (!comma) {
                expect(close);
                break;
            }
        }
        boolean tuple = close.equals(")");
        if (tuple && items.size() == 1 && !comma) {
            return items.get(0);
        }
        return new Expression.Sequence(
                List.copyOf(items), tuple, open.start(), previous().end());
    }

    private Expression dictionary(Token open) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!accept("}")) {
            keys.add(expression());
            expect(":");
            values.add(expression());
            if (!accept(",")) {
                expect("}");
                break;
            }
        }
        return new Expression.Dictionary(
                List.copyOf(keys), List.copyOf(values), open.start(), previous().end());
    }

    private Expression postfix(Expression base) {
        Expression value = base;
        while (true) {
            if (accept(".")) {
                value = new Expression.Member(
                        value, name(), base.start(), previous().end());
            } else if (accept("(")) {
                value = call(value, base.start());
            } else if (accept("[")) {
                Expression index = items(previous(), "]");
                List<Expression> parts = ((Expression.Sequence) index).items();
                value = parts.size() == 1
                        ? new Expression.Index(
                                value, parts.get(0), base.start(), previous().end())
                        : new Expression.Index(
                                value, index, base.start(), previous().end());
            } else {
                return value;
            }
        }
    }

    private Expression call(Expression function, int start) {
        List<Expression> arguments = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!accept(")")) {
            if (peek().kind() == Token.Kind.NAME && peekNext().is("=")) {
                String key = name();
                expect("=");
                named.put(key, expression());
            } else {
                arguments.add(expression());
            }
            if (!accept(",")) {
                expect(")");
                break;
            }
        }
        return new Expression.Call(
                function, List.copyOf(arguments), named, start, previous().end());
    }
}
