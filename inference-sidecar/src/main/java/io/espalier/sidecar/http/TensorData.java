package io.espalier.sidecar.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/**
 * The numbers of a JSON tensor, read off the parser one by one: a tree of them would take twenty times their memory. They
 * may be flat or nested; nested, every list of a level must be of one length.
 */
final class TensorData {
    private static final int MAX_DEPTH = 16;

    private final String input;
    private float[] values = new float[1024];
    private int size;
    private final long[] lengths = new long[MAX_DEPTH];
    private int depth;

    private TensorData(String input) {
        this.input = input;
        Arrays.fill(lengths, -1);
    }

    /** Reads the array that the parser stands at the start of. */
    static TensorData read(JsonParser json, String input) throws IOException {
        TensorData data = new TensorData(input);
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw data.rejected("is not an array");
        }
        data.readList(json, 0);
        return data;
    }

    private void readList(JsonParser json, int level) throws IOException {
        if (level == MAX_DEPTH) {
            throw rejected("is nested deeper than " + MAX_DEPTH);
        }
        long length = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_ARRAY) {
                readList(json, level + 1);
            } else if (token != null && token.isNumeric()) {
                add(json.getFloatValue(), level);
            } else {
                throw rejected("holds " + (token == null ? "no end" : json.getText()) + " where a number should be");
            }
            length++;
        }
        if (lengths[level] >= 0 && lengths[level] != length) {
            throw rejected("has lists of " + lengths[level] + " and of " + length + " at one level");
        }
        lengths[level] = length;
    }

    private void add(float value, int level) {
        if (!Float.isFinite(value)) {
            throw rejected("holds a number at place " + size + " that FP32 cannot");
        }
        if (size > 0 && depth != level + 1) {
            throw rejected("has numbers at different levels");
        }
        depth = level + 1;
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    /** The numbers, row-major, when they fill {@code shape}. */
    float[] of(long[] shape) {
        long elements = 1;
        for (long length : shape) {
            if (length < 1 || elements > Integer.MAX_VALUE / length) {
                throw RejectedRequestException.badRequest("input '" + input + "' has shape " + Arrays.toString(shape)
                        + ": give sizes of 1 or more, and fewer than 2^31 elements");
            }
            elements *= length;
        }
        boolean fits = size == elements && (depth <= 1 || Arrays.equals(Arrays.copyOf(lengths, depth), shape));
        if (!fits) {
            throw rejected("has " + size + " numbers" + (depth > 1 ? " in lists of " + nesting() : "")
                    + ", but its shape " + Arrays.toString(shape) + " has " + elements);
        }
        return Arrays.copyOf(values, size);
    }

    private String nesting() {
        return Arrays.toString(Arrays.copyOf(lengths, depth));
    }

    private RejectedRequestException rejected(String what) {
        return RejectedRequestException.badRequest("data of input '" + input + "' " + what);
    }
}
