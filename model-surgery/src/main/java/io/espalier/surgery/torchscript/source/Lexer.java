package io.espalier.surgery.torchscript.source;

import io.espalier.surgery.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a code file into tokens. Line ends within brackets are no tokens, as in Python. */
final class Lexer {
    private static final int TOKEN_LIMIT = 1_000_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");
    private static final Pattern NUMBER = Pattern.compile("(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?j?");
    private static final String SYMBOLS = "()[]{},:=.-+*/%<>!&|^~@";

    private final String file;
    private final String code;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int column;
    private int brackets;

    private Lexer(String file, String code) {
        this.file = file;
        this.code = code;
    }

    static List<Token> tokens(String file, String code) {
        Lexer lexer = new Lexer(file, code);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        Matcher name = NAME.matcher(code);
        Matcher number = NUMBER.matcher(code);
        boolean fresh = true;
        while (at < code.length()) {
            char c = code.charAt(at);
            if (c == '\n') {
                newline();
                fresh = brackets == 0;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                skipComment();
            } else {
                if (fresh) {
                    column = at - (code.lastIndexOf('\n', at) + 1);
                    fresh = false;
                }
                token(c, name, number);
            }
        }
        if (!tokens.isEmpty() && tokens.get(tokens.size() - 1).kind() != Token.Kind.NEWLINE) {
            add(Token.Kind.NEWLINE, at);
        }
        add(Token.Kind.END, at);
    }

    private void newline() {
        boolean content = !tokens.isEmpty() && tokens.get(tokens.size() - 1).kind() != Token.Kind.NEWLINE;
        if (brackets == 0 && content) {
            add(Token.Kind.NEWLINE, at + 1);
        } else {
            at++;
        }
        line++;
    }

    private void skipComment() {
        while (at < code.length() && code.charAt(at) != '\n') {
            at++;
        }
    }

    private void token(char c, Matcher name, Matcher number) {
        if (name.region(at, code.length()).lookingAt()) {
            add(Token.Kind.NAME, name.end());
        } else if (number.region(at, code.length()).lookingAt()) {
            add(Token.Kind.NUMBER, number.end());
        } else if (c == '"' || c == '\'') {
            add(Token.Kind.TEXT, endOfText(c));
        } else if (SYMBOLS.indexOf(c) >= 0) {
            brackets += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            boolean arrow = c == '-' && code.startsWith("->", at);
            add(Token.Kind.SYMBOL, at + (arrow ? 2 : 1));
        } else {
            throw new ModelFormatException(
                    file + ":" + line + ": a character that is not TorchScript, code point " + (int) c);
        }
    }

    private int endOfText(char quote) {
        for (int end = at + 1; end < code.length() && code.charAt(end) != '\n'; end++) {
            if (code.charAt(end) == '\\') {
                end++;
            } else if (code.charAt(end) == quote) {
                return end + 1;
            }
        }
        throw new ModelFormatException(file + ":" + line + ": a string without an end");
    }

    private void add(Token.Kind kind, int end) {
        if (tokens.size() >= TOKEN_LIMIT) {
            throw new ModelFormatException(file + ": more than " + TOKEN_LIMIT + " tokens");
        }
        tokens.add(new Token(kind, code.substring(at, end), at, end, line, column));
        at = end;
    }
}
