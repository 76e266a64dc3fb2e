package io.espalier.streams.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A record that bears on the plan of a model, on its way to the task of that model: which topic it is from, its key
 * there, and its value there, already found to be good; no value is a tombstone.
 *
 * <p>On the wire: version (1 byte), kind (1), length of the key (2, big-endian), key (UTF-8), 1 when there is a value,
 * else 0, value.
 */
record PlanningInput(Kind kind, String key, byte[] value) {
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + 1 + Short.BYTES;

    enum Kind {
        MODEL('m'),
        POLICY('p'),
        SCORES('s'),
        VERSION('v');

        private final byte code;

        Kind(char code) {
            this.code = (byte) code;
        }

        private static Kind of(byte code) {
            return Arrays.stream(values())
                    .filter(kind -> kind.code == code)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("planning input of unknown kind " + code));
        }
    }

    boolean isTombstone() {
        return value == null;
    }

    static Serde<PlanningInput> serde() {
        return Serdes.serdeFrom((topic, input) -> input.toBytes(), (topic, bytes) -> parse(bytes));
    }

    private byte[] toBytes() {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(HEADER + name.length + 1 + (value == null ? 0 : value.length))
                .put(VERSION)
                .put(kind.code)
                .putShort((short) name.length)
                .put(name)
                .put((byte) (value == null ? 0 : 1));
        return (value == null ? out : out.put(value)).array();
    }

    private static PlanningInput parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != VERSION) {
            throw new IllegalArgumentException("not a planning input of version " + VERSION);
        }
        Kind kind = Kind.of(in.get());
        byte[] name = new byte[in.getShort()];
        in.get(name);
        byte[] value = in.get() == 0 ? null : new byte[in.remaining()];
        if (value != null) {
            in.get(value);
        }
        return new PlanningInput(kind, new String(name, StandardCharsets.UTF_8), value);
    }
}
