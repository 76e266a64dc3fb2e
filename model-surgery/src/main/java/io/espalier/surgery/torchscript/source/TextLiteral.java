package io.espalier.surgery.torchscript.source;

import io.espalier.surgery.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Strings as TorchScript prints them (c10::printQuotedString): bytes of UTF-8, escaped in octal where not plain ASCII. */
public final class TextLiteral {
    private static final String NAMED = "abfnrtv";
    private static final String NAMED_VALUES = "\u0007\b\f\n\r\t\u000b";

    private TextLiteral() {}

    /** What a quoted token stands for. */
    static String unquoted(String token, Supplier<String> place) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
        int at = 1;
        while (at < token.length() - 1) {
            char c = token.charAt(at);
            if (c != '\\') {
                int point = token.codePointAt(at);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(point);
            } else {
                at = escape(token, at + 1, bytes);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(place.get() + ": a string that is not UTF-8", e);
        }
    }

    /** Writes the byte of the escape whose first character is at {@code at}; returns where to read on. */
    private static int escape(String token, int at, ByteArrayOutputStream bytes) {
        char c = token.charAt(at);
        if (c >= '0' && c <= '7') {
            int end = at;
            int value = 0;
            while (end < at + 3 && token.charAt(end) >= '0' && token.charAt(end) <= '7') {
                value = value * 8 + token.charAt(end++) - '0';
            }
            bytes.write(value);
            return end;
        }
        int named = NAMED.indexOf(c);
        String plain = named >= 0 ? String.valueOf(NAMED_VALUES.charAt(named)) : String.valueOf(c);
        bytes.writeBytes(plain.getBytes(StandardCharsets.UTF_8));
        return at + 1;
    }

    public static String quoted(String text) {
        StringBuilder result = new StringBuilder("\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int named = NAMED_VALUES.indexOf((char) (b & 0xff));
            if (b == '"' || b == '\\' || b == '\'') {
                result.append('\\').append((char) b);
            } else if (named >= 0) {
                result.append('\\').append(NAMED.charAt(named));
            } else if (b < 0x20 || b == 0x7f) {
                result.append(String.format("\\%03o", b & 0xff));
            } else {
                result.append((char) b);
            }
        }
        return result.append('"').toString();
    }
}
