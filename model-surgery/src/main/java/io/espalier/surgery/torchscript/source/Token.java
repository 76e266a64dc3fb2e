package io.espalier.surgery.torchscript.source;

/**
 * One token of a code file.
 *
 * @param start and {@code end}: character offsets in the file, end exclusive
 * @param line from 1
 * @param column of the line's first token, from 0: the line's indentation
 */
record Token(Kind kind, String text, int start, int end, int line, int column) {
    enum Kind {
        NAME,
        NUMBER,
        TEXT,
        SYMBOL,
        NEWLINE,
        END
    }

    boolean is(String symbol) {
        return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbol);
    }
}
