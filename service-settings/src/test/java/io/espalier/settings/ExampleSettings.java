package io.espalier.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One setting of each type that the services have. */
@ConfigMapping(prefix = "espalier")
public interface ExampleSettings {
    /** The publisher is called "one" unless it is set. */
    static SettingsReader<ExampleSettings> reader() {
        return new SettingsReader<>(
                ExampleSettings.class, Map.of("espalier.publisher.id", "one"), ExampleSettings::check);
    }

    private static void check(ExampleSettings settings) {
        SettingRanges.share("sampling.rate", settings.sampling().rate());
        SettingRanges.between("threads", settings.threads(), 1, 4);
        SettingRanges.positive("window.pane", settings.pane(), Duration.ofDays(1));
    }

    KafkaProperties kafka();

    Sampling sampling();

    @WithName("publisher.id")
    String publisherId();

    @WithName("window.pane")
    @WithDefault("PT1M")
    Duration pane();

    @WithDefault("1")
    int threads();

    @WithName("model.path")
    Path model();

    @WithDefault("uniform")
    Ranking ranking();

    interface Sampling {
        @WithDefault("0.1")
        double rate();

        @WithDefault("false")
        boolean inputsToo();

        @WithDefault("7")
        long seed();

        @WithDefault("-1")
        short replication();
    }

    enum Ranking {
        UNIFORM,
        GLOBAL
    }
}
