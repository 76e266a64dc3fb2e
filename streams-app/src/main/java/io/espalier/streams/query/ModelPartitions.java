package io.espalier.streams.query;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition the records and the state of a model are in.
 *
 * <p>Kafka Streams would tell as well, but takes the partitions that have an owner at the moment for all that there are:
 * in the middle of a rebalance it then names the wrong one.
 */
public final class ModelPartitions {
    private final Supplier<OptionalInt> lookUp;
    private volatile int count;

    /**
     * Looks nothing up yet.
     *
     * @param lookUp tells how many partitions there are, once the topic exists; not asked again after it has
     */
    public ModelPartitions(Supplier<OptionalInt> lookUp) {
        this.lookUp = lookUp;
    }

    /** As Kafka's producers choose it by the key: murmur2 of its UTF-8. */
    public int of(String model) {
        return Utils.toPositive(Utils.murmur2(model.getBytes(StandardCharsets.UTF_8))) % count();
    }

    /** How many there are; throws {@link UnavailableException} while it is not known. */
    public int count() {
        if (count == 0) {
            count = lookUp.get()
                    .orElseThrow(() -> new UnavailableException(
                            "how the models are partitioned is not known yet: try again shortly; /health/ready says more",
                            null));
        }
        return count;
    }
}
