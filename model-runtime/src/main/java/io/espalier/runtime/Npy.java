package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One array in numpy's format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** Versions 2 and 3 may have headers of 4 GiB; an array's needs a hundred bytes. */
    private static final int MAX_HEADER = 1 << 16;

    private static final int ALIGNMENT = 64;
    private static final Map<String, Datatype> TYPES = Map.of(
            "|b1",
            Datatype.BOOL,
            "|u1",
            Datatype.UINT8,
            "|i1",
            Datatype.INT8,
            "<i2",
            Datatype.INT16,
            "<i4",
            Datatype.INT32,
            "<i8",
            Datatype.INT64,
            "<f2",
            Datatype.FP16,
            "<f4",
            Datatype.FP32,
            "<f8",
            Datatype.FP64);
    private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    private Npy() {}

    /** numpy's name of a type; empty for bfloat16. */
    static Optional<String> type(Datatype type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Throws {@link IllegalArgumentException}, its message to follow the array's name, when it cannot be read. */
    static Tensor read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        String header = header(in);
        String description = field(DESCRIPTION, header);
        Datatype type = TYPES.get(description);
        if (type == null) {
            throw new IllegalArgumentException(
                    "is of type " + description + ": save it as bool, uint8, int8, int16, int32, int64, float16, "
                            + "float32 or float64, little-endian");
        }
        if (field(FORTRAN, header).equals("True")) {
            throw new IllegalArgumentException("is in Fortran order: save numpy.ascontiguousarray of it");
        }
        long[] shape = Arrays.stream(field(SHAPE, header).split(","))
                .map(size -> size.replace("L", "").strip())
                .filter(size -> !size.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        byte[] data = data(in, shape, type);
        return new Tensor(type, shape, data);
    }

    private static String header(DataInputStream in) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(MAGIC, Arrays.copyOf(start, MAGIC.length))) {
            throw new IllegalArgumentException("is not in numpy's format");
        }
        boolean small = start[MAGIC.length] == 1;
        long length = small
                ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
                : Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
        if (length > MAX_HEADER) {
            throw new IllegalArgumentException("has a header of " + length + " bytes");
        }
        return new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
    }

    private static String field(Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IllegalArgumentException("has a header that is not understood");
        }
        return matcher.group(1);
    }

    /** Memory grows with what is there, not with what the header promises. */
    private static byte[] data(InputStream in, long[] shape, Datatype type) throws IOException {
        long bytes;
        try {
            bytes = Math.multiplyExact(FloatTensor.elements(shape), (long) type.bytes());
        } catch (ArithmeticException e) {
            bytes = Long.MAX_VALUE;
        }
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("of shape " + Arrays.toString(shape) + " is larger than 2 GiB");
        }
        byte[] data = in.readNBytes((int) bytes);
        if (data.length < bytes) {
            throw new EOFException("of shape " + Arrays.toString(shape) + " ends after " + data.length + " bytes");
        }
        return data;
    }

    static void write(OutputStream out, Tensor tensor) throws IOException {
        String sizes =
                Arrays.stream(tensor.shape()).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '" + type(tensor.type()).orElseThrow() + "', 'fortran_order': False, 'shape': ("
                + sizes + "), }";
        int before = MAGIC.length + 4;
        int padding = ALIGNMENT - (before + header.length() + 1) % ALIGNMENT;
        String padded = header + " ".repeat(padding) + "\n";
        out.write(MAGIC);
        out.write(1);
        out.write(0);
        out.write(padded.length() & 0xff);
        out.write(padded.length() >>> 8);
        out.write(padded.getBytes(StandardCharsets.US_ASCII));
        out.write(tensor.data());
    }
}
