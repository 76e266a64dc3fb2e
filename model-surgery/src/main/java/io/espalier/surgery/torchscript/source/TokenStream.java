package io.espalier.surgery.torchscript.source;

import io.espalier.surgery.ModelFormatException;
import java.util.List;

/** The tokens of a code file, read from front to back with one token of lookahead. */
final class TokenStream {
    private final SourceFile file;
    private final List<Token> tokens;
    private int at;

    TokenStream(SourceFile file) {
        this.file = file;
        this.tokens = Lexer.tokens(file.name(), file.text());
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The token behind the next, or the end. */
    Token peekNext() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    /** The next token, which is passed; the end is never passed. */
    Token next() {
        return peek().kind() == Token.Kind.END ? peek() : tokens.get(at++);
    }

    Token previous() {
        return tokens.get(at - 1);
    }

    /** Goes back by one token. */
    void back() {
        at--;
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

    /** Passes all tokens up to the end of the line. */
    void skipLine() {
        boolean more = true;
        while (more) {
            more = next().kind() != Token.Kind.NEWLINE && peek().kind() != Token.Kind.END;
        }
    }

    /** What was expected and what was found, with the place. */
    ModelFormatException unexpected(String wanted) {
        String text = peek().text();
        return refused(
                peek(),
                "expected " + wanted + " but found '"
                        + text.substring(0, Math.min(40, text.length())).replaceAll("\\p{Cntrl}", " ") + "'");
    }

    ModelFormatException refused(Token token, String what) {
        return new ModelFormatException(file.place(token.line()) + ": " + what);
    }
}
