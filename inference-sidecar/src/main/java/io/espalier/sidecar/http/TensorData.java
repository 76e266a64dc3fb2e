package io.espalier.sidecar.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.espalier.protocol.Datatype;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.TensorBuilder;
import java.io.IOException;
import java.util.Arrays;

/**
 * The numbers of a JSON tensor, read off the parser one by one: a tree of them would take twenty times their memory. They
 * may be flat or nested; nested, every list of a level must be of one length.
 */
final class TensorData {
    private static final int MAX_DEPTH = 16;
    // Just below halfway from the largest number to what would be the next: rounding gives infinity from there on.
    private static final double LARGEST_FP16 = Math.nextDown(65_520f);
    private static final double LARGEST_BF16 = Math.nextDown(0x1.ffp127f);

    private final String input;
    private final TensorBuilder values;
    private final long[] lengths = new long[MAX_DEPTH];
    private int depth;

    private TensorData(String input, Datatype datatype) {
        this.input = input;
        this.values = new TensorBuilder(datatype, 1024);
        Arrays.fill(lengths, -1);
    }

    /** Reads the array that the parser stands at the start of. */
    static TensorData read(JsonParser json, String input, Datatype datatype) throws IOException {
        TensorData data = new TensorData(input, datatype);
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
            } else if (token == null || !isElement(token)) {
                throw rejected("holds " + (token == null ? "no end" : json.getText()) + " where a "
                        + (values.type() == Datatype.BOOL ? "truth value" : "number") + " should be");
            } else {
                atLevel(level);
                add(json, token);
            }
            length++;
        }
        if (lengths[level] >= 0 && lengths[level] != length) {
            throw rejected("has lists of " + lengths[level] + " and of " + length + " at one level");
        }
        lengths[level] = length;
    }

    private boolean isElement(JsonToken token) {
        return token.isNumeric() || (token.isBoolean() && values.type() == Datatype.BOOL);
    }

    private void atLevel(int level) {
        if (values.size() > 0 && depth != level + 1) {
            throw rejected("has numbers at different levels");
        }
        depth = level + 1;
    }

    private void add(JsonParser json, JsonToken token) throws IOException {
        switch (values.type()) {
            case FP64 -> addReal(json.getDoubleValue(), Double.MAX_VALUE);
            case FP32 -> addReal(json.getFloatValue(), Float.MAX_VALUE);
            case FP16 -> addReal(json.getFloatValue(), LARGEST_FP16);
            case BF16 -> addReal(json.getFloatValue(), LARGEST_BF16);
            default -> addWhole(json, token);
        }
    }

    /** Rounds to the type; what would become infinite is refused. */
    private void addReal(double value, double largest) {
        if (!(Math.abs(value) <= largest)) {
            throw cannotHold();
        }
        values.add(value);
    }

    private void addWhole(JsonParser json, JsonToken token) throws IOException {
        if (token.isBoolean()) {
            values.add(token == JsonToken.VALUE_TRUE ? 1L : 0L);
            return;
        }
        if (token != JsonToken.VALUE_NUMBER_INT || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw cannotHold();
        }
        try {
            values.add(json.getLongValue());
        } catch (IllegalArgumentException e) {
            throw cannotHold();
        }
    }

    private RejectedRequestException cannotHold() {
        return rejected("holds a number at place " + values.size() + " that " + values.type() + " cannot");
    }

    /** The numbers, row-major, when they fill {@code shape}. */
    Tensor of(long[] shape) {
        long elements = 1;
        for (long length : shape) {
            if (length < 1 || elements > Integer.MAX_VALUE / length) {
                throw RejectedRequestException.badRequest("input '" + input + "' has shape " + Arrays.toString(shape)
                        + ": give sizes of 1 or more, and fewer than 2^31 elements");
            }
            elements *= length;
        }
        int size = values.size();
        boolean fits = size == elements && (depth <= 1 || Arrays.equals(Arrays.copyOf(lengths, depth), shape));
        if (!fits) {
            throw rejected("has " + size + " numbers" + (depth > 1 ? " in lists of " + nesting() : "")
                    + ", but its shape " + Arrays.toString(shape) + " has " + elements);
        }
        return values.build(shape);
    }

    private String nesting() {
        return Arrays.toString(Arrays.copyOf(lengths, depth));
    }

    private RejectedRequestException rejected(String what) {
        return RejectedRequestException.badRequest("data of input '" + input + "' " + what);
    }
}
