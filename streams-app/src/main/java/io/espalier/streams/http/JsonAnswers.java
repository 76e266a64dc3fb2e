package io.espalier.streams.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.protocol.codec.Json;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.util.Iterator;

/** Writes answers as JSON, and none larger than was asked for. */
final class JsonAnswers {
    private static final String JSON = "application/json";

    private final JsonMapper mapper = Json.mapper();

    /** Of any size: for answers that are small by nature. */
    void write(Context context, Object value) {
        context.contentType(JSON).result(bytes(context, value));
    }

    /** Throws {@link BadRequestException} when it would be too large. */
    void write(Context context, Object value, PageRequest page) {
        byte[] bytes = bytes(context, value);
        if (bytes.length > page.maxBytes()) {
            throw tooLarge(bytes.length, page, "");
        }
        context.contentType(JSON).result(bytes);
    }

    /**
     * Writes a page of a list as an array, and a link to the next page when there is more. A page ends where one more
     * element would make it too large.
     *
     * @param list read no further than the page goes
     * @param moreBehind whether there is more after all of {@code list}
     */
    void write(Context context, Iterator<Named> list, boolean moreBehind, PageRequest page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String last = null;
        int count = 0;
        boolean more = moreBehind;
        while (list.hasNext()) {
            if (count == page.limit()) {
                more = true;
                break;
            }
            Named element = list.next();
            byte[] bytes = bytes(context, element.value().get());
            if (out.size() + 2 + bytes.length > page.maxBytes()) {
                if (count == 0) {
                    throw tooLarge(2 + bytes.length, page, " for '" + element.name() + "' alone");
                }
                more = true;
                break;
            }
            out.write(count == 0 ? '[' : ',');
            out.writeBytes(bytes);
            last = element.name();
            count++;
        }
        if (count == 0) {
            out.write('[');
        } else if (more) {
            NextPage.at(context, PageRequest.AFTER, last);
        }
        out.write(']');
        context.contentType(JSON).result(out.toByteArray());
    }

    private static BadRequestException tooLarge(int bytes, PageRequest page, String what) {
        return new BadRequestException("the answer has " + bytes + " bytes" + what + ", and " + page.maxBytes()
                + " are allowed: ask for a part of it (docs/api.md), or for more with ?" + PageRequest.BYTES + "="
                + bytes);
    }

    private byte[] bytes(Context context, Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answer to " + context.path(), e);
        }
    }
}
