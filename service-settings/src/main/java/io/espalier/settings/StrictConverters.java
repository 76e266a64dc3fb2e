package io.espalier.settings;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.function.Function;
import org.eclipse.microprofile.config.spi.Converter;

/** For types whose converters in SmallRye take too much (any word is a false boolean) or do not say what they take. */
final class StrictConverters {
    private StrictConverters() {}

    static void addTo(SmallRyeConfigBuilder builder, int priority) {
        builder.withConverter(Boolean.class, priority, StrictConverters::flag)
                .withConverter(Integer.class, priority, reading(Integer::valueOf, "a whole number"))
                .withConverter(Long.class, priority, reading(Long::valueOf, "a whole number"))
                .withConverter(Short.class, priority, reading(Short::valueOf, "a whole number"))
                .withConverter(Double.class, priority, reading(Double::valueOf, "a number"))
                .withConverter(
                        Duration.class, priority, reading(Duration::parse, "an ISO-8601 duration, PT1S for a second"));
    }

    private static <V> Converter<V> reading(Function<String, V> parse, String mend) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("give " + mend, e);
            }
        };
    }

    private static Boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("give true or false");
        };
    }
}
