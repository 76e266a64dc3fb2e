package io.espalier.sidecar.settings;

import io.espalier.protocol.Topics;
import io.espalier.runtime.InputShapes;
import io.espalier.settings.KafkaProperties;
import io.espalier.settings.SettingsReader;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the sidecar, all under {@code espalier.}; what has no default here must be given, or depends on the
 * machine: {@link MachineDefaults}. Durations are ISO-8601 ({@code PT1S}), sizes bytes.
 */
@ConfigMapping(prefix = "espalier")
public interface SidecarSettings {
    /**
     * Reads a properties or YAML file and, over it, the environment.
     *
     * @param file null to go by the environment alone
     * @throws io.espalier.settings.SettingsException when a setting is missing, unknown or cannot be used
     */
    static SidecarSettings read(Path file, Map<String, String> environment) {
        return reader().read(file, environment);
    }

    /**
     * Takes settings by their full keys.
     *
     * @throws io.espalier.settings.SettingsException when a setting is missing, unknown or cannot be used
     */
    static SidecarSettings of(Map<String, String> settings) {
        return reader().of(settings);
    }

    private static SettingsReader<SidecarSettings> reader() {
        return new SettingsReader<>(SidecarSettings.class, MachineDefaults.get(), SidecarSettingsCheck::check);
    }

    KafkaProperties kafka();

    /** As the streams service has them. */
    @WithName("topics.prefix")
    @WithConverter(TopicsConverter.class)
    @WithDefault(Topics.DEFAULT_PREFIX)
    Topics topics();

    Model model();

    Http http();

    Sampling sampling();

    Batch batch();

    Control control();

    Inputs inputs();

    Engine runtime();

    /** Unique among the sidecars that serve the model. */
    @WithName("publisher.id")
    String publisherId();

    /** How long a shutdown may take to send what was sampled. */
    @WithName("shutdown.timeout")
    @WithDefault("PT10S")
    Duration shutdown();

    /** The model that is served. */
    interface Model {
        Path path();

        String name();

        @WithDefault("1")
        String version();

        /** Needed unless the archive holds the inputs it was traced with. */
        @WithName("input-shape")
        @WithConverter(InputShapesConverter.class)
        Optional<InputShapes> inputShapes();
    }

    /** Where requests are taken. */
    interface Http {
        @WithDefault("0.0.0.0")
        String host();

        /** 0 for any that is free. */
        @WithDefault("8080")
        int port();

        /** Longer requests are refused with 413. */
        @WithDefault("16777216")
        int maxBodyBytes();

        /** Requests worked on at once; others wait. */
        int threads();
    }

    /** Which requests are sampled. */
    interface Sampling {
        /** Share of requests, 0 to 1; no directive takes more. */
        @WithDefault("0.1")
        double rate();

        /** Samples that may wait to be published; what comes while it is full is dropped and counted. */
        @WithDefault("256")
        int queue();

        /**
         * Whether batches carry the products of units, which the criterion {@code saliency} needs: up to 257 KiB more a
         * batch, for capture points of at most 256 units.
         */
        @WithDefault("false")
        boolean products();
    }

    /** When a capture point's batch is sent: when it has {@code samples}, or its first sample has waited for its linger. */
    interface Batch {
        @WithDefault("32")
        int samples();

        /** Where all that is sampled is wanted; as many times longer as less of it is. */
        @WithDefault("PT1S")
        Duration linger();

        /** However little is wanted. */
        @WithDefault("PT1M")
        Duration maxLinger();
    }

    /** Whether the directives of the streams service are followed, which say how much is wanted at which capture point. */
    interface Control {
        @WithDefault("true")
        boolean enabled();

        /** A directive that was not renewed for so long is let go of. */
        @WithDefault("PT15M")
        Duration maxAge();
    }

    /**
     * Whether inputs are published for the checking and recovering of smaller versions, and of how many requests a minute;
     * whichever limit is lower holds.
     */
    interface Inputs {
        @WithDefault("false")
        boolean enabled();

        @WithDefault("60")
        int perMinute();

        /** Bytes a minute: an input of 1,3,224,224 has 588 KiB. */
        @WithDefault("67108864")
        long maxBytes();
    }

    /** Names {@code espalier.runtime.*}. */
    interface Engine {
        /** Threads an operator, 0 for one per processor. Requests come side by side, and share the cores better. */
        @WithDefault("1")
        int threads();

        /** Where its native libraries are unpacked. */
        Path cache();
    }
}
