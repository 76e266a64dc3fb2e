package io.espalier.sidecar.sampling;

import io.espalier.protocol.Datatype;
import io.espalier.protocol.record.ModelDescriptor;
import java.time.Duration;

/** How often an input may be taken. All inputs of a model are equally large, so that a limit on bytes is one on their rate. */
public final class InputRate {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private InputRate() {}

    /**
     * The time between two inputs.
     *
     * @param perMinute inputs a minute at most, 1 or more
     * @param bytesPerMinute their bytes a minute at most, 1 or more; one that has more comes less often than once a minute
     */
    public static Duration interval(ModelDescriptor model, int perMinute, long bytesPerMinute) {
        double bytes = model.inputs().stream().mapToDouble(InputRate::bytes).sum();
        return Duration.ofNanos(Math.max(MINUTE / perMinute, Math.round(MINUTE * (bytes / bytesPerMinute))));
    }

    private static double bytes(ModelDescriptor.Input input) {
        return input.shape().stream()
                .mapToDouble(Long::doubleValue)
                .reduce(Datatype.parse(input.datatype()).bytes(), (product, size) -> product * size);
    }
}
