package io.espalier.streams.topology;

import io.espalier.protocol.Names;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.score.StateSize;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.deadletter.RefusedException;
import io.espalier.streams.topology.PlanningInput.Kind;
import java.nio.charset.StandardCharsets;

/** Reads a record of one of the JSON topics, and refuses what is not the record it should be under its key. */
final class PlanningInputReader {
    /** More than a repartitioned record adds to a value: its key twice, a few bytes of our own, and Kafka's framing. */
    private static final int OVERHEAD_BYTES = 4 * 1024;

    private final Kind kind;
    private final PlanningSettings settings;

    PlanningInputReader(Kind kind, PlanningSettings settings) {
        this.kind = kind;
        this.settings = settings;
    }

    PlanningInput read(byte[] key, byte[] value) throws RefusedException {
        if (key == null) {
            throw new RefusedException(Reason.KEY_MISMATCH, "the record has no key");
        }
        String name = new String(key, StandardCharsets.UTF_8);
        requireKey(name);
        if (value != null) {
            requireRepartitionable(name, value);
            requireSameKey(name, keyOf(value, name));
        }
        return new PlanningInput(kind, name, value);
    }

    /** The model whose task an input belongs to. */
    static String model(PlanningInput input) {
        return switch (input.kind()) {
            case POLICY -> input.key();
            case SCORES -> ShardKey.parse(input.key()).model();
            case MODEL, VERSION -> VersionKey.parse(input.key()).model();
        };
    }

    /** A compressed record can be larger than what our producers send, which would stop the stream at it for ever. */
    private void requireRepartitionable(String name, byte[] value) throws RefusedException {
        int most = settings.maxMessageBytes() - OVERHEAD_BYTES;
        if (value.length > most) {
            throw new RefusedException(
                    Reason.OTHER,
                    "the record of '" + name + "' has " + value.length + " bytes, and " + most
                            + " can be taken in: raise espalier.topics.max-message-bytes");
        }
    }

    private void requireKey(String name) throws RefusedException {
        try {
            switch (kind) {
                case POLICY -> Names.require("model", name);
                case SCORES -> ShardKey.parse(name);
                case MODEL, VERSION -> VersionKey.parse(name);
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Reason.KEY_MISMATCH, e.getMessage());
        }
    }

    private String keyOf(byte[] value, String name) throws RefusedException {
        try {
            return switch (kind) {
                case MODEL ->
                    withinBudget(Codecs.MODEL_DESCRIPTOR.decode(value)).key().toString();
                case SCORES -> Codecs.EXPRESSIVENESS.decode(value).key().toString();
                case VERSION -> Codecs.MODEL_VERSION.decode(value).key().toString();
                case POLICY -> {
                    Codecs.POLICY.decode(value);
                    yield name;
                }
            };
        } catch (RefusedRecordException e) {
            throw new RefusedException(Reason.BAD_JSON, e.getMessage());
        }
    }

    /** Its state may be shared by instances, but a model that no instance could hold will not be held by several for long. */
    private ModelDescriptor withinBudget(ModelDescriptor descriptor) throws RefusedException {
        long bytes = descriptor.capturePoints().stream()
                .mapToLong(point -> StateSize.window(point.units(), point.positions(), 0, settings.windowPanes()))
                .sum();
        if (bytes > settings.stateBytes()) {
            throw new RefusedException(
                    Reason.OVER_BUDGET,
                    "the windows of " + descriptor.key() + " may take " + bytes
                            + " bytes, and espalier.state.max-bytes is " + settings.stateBytes()
                            + ": raise it and the heap, or lower espalier.window.panes");
        }
        return descriptor;
    }

    private static void requireSameKey(String name, String spokenOf) throws RefusedException {
        if (!name.equals(spokenOf)) {
            throw new RefusedException(
                    Reason.KEY_MISMATCH, "the key is '" + name + "', and the record is of '" + spokenOf + "'");
        }
    }
}
