package io.espalier.streams.metrics;

import io.espalier.streams.deadletter.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Refused records by reason. Every reason has its series from the start, so that a rate has a zero to rise from. */
public final class DeadLetterMeters {
    public static final String DEAD_LETTERS = "espalier.dead.letters";
    public static final String REASON = "reason";

    private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

    public DeadLetterMeters(MeterRegistry registry) {
        for (Reason reason : Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder(DEAD_LETTERS)
                            .description("Records sent to the dead-letter topic")
                            .tag(REASON, reason.label())
                            .register(registry));
        }
    }

    public void refused(Reason reason) {
        counters.get(reason).increment();
    }
}
