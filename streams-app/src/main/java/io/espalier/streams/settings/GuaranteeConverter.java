package io.espalier.streams.settings;

import java.util.List;
import org.apache.kafka.streams.StreamsConfig;
import org.eclipse.microprofile.config.spi.Converter;

/** Lets Kafka's two processing guarantees through. */
public final class GuaranteeConverter implements Converter<String> {
    private static final long serialVersionUID = 1L;
    private static final List<String> KNOWN = List.of(StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE);

    @Override
    public String convert(String text) {
        if (!KNOWN.contains(text)) {
            throw new IllegalArgumentException("give one of " + String.join(",", KNOWN));
        }
        return text;
    }
}
