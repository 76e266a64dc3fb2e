package io.espalier.sidecar.settings;

import static io.espalier.settings.SettingRanges.between;
import static io.espalier.settings.SettingRanges.positive;
import static io.espalier.settings.SettingRanges.share;
import static io.espalier.settings.SettingRanges.wrong;

import io.espalier.protocol.Names;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.settings.SettingsException;
import java.nio.file.Files;
import java.time.Duration;

/** The ranges that types alone do not hold. */
final class SidecarSettingsCheck {
    /** One renewal may be late or lost. */
    private static final Duration SHORTEST_AGE = SamplingDirective.RENEWAL.multipliedBy(2);

    private static final Duration LONGEST_AGE = Duration.ofDays(7);

    private SidecarSettingsCheck() {}

    static void check(SidecarSettings settings) {
        if (!Files.isRegularFile(settings.model().path())) {
            throw wrong(
                    "model.path", settings.model().path(), "the TorchScript archive to serve; there is no such file");
        }
        name("model.name", settings.model().name());
        name("model.version", settings.model().version());
        name("publisher.id", settings.publisherId());
        between("http.port", settings.http().port(), 0, 65_535);
        between("http.max-body-bytes", settings.http().maxBodyBytes(), 1024, 1 << 30);
        between("http.threads", settings.http().threads(), 1, 1024);
        share("sampling.rate", settings.sampling().rate());
        between("sampling.queue", settings.sampling().queue(), 1, 1 << 20);
        between("batch.samples", settings.batch().samples(), 1, 4096);
        positive("batch.linger", settings.batch().linger(), Duration.ofMinutes(1));
        lingers(settings.batch());
        maxAge(settings.control().maxAge());
        between("inputs.per-minute", settings.inputs().perMinute(), 1, 60_000);
        between("inputs.max-bytes", settings.inputs().maxBytes(), 1024, 1L << 40);
        between("runtime.threads", settings.runtime().threads(), 0, 1024);
        positive("shutdown.timeout", settings.shutdown(), Duration.ofMinutes(10));
    }

    private static void lingers(SidecarSettings.Batch batch) {
        positive("batch.max-linger", batch.maxLinger(), Duration.ofMinutes(10));
        if (batch.maxLinger().compareTo(batch.linger()) < 0) {
            throw wrong("batch.max-linger", batch.maxLinger(), "no less than espalier.batch.linger, " + batch.linger());
        }
    }

    private static void maxAge(Duration maxAge) {
        positive("control.max-age", maxAge, LONGEST_AGE);
        if (maxAge.compareTo(SHORTEST_AGE) < 0) {
            throw wrong(
                    "control.max-age",
                    maxAge,
                    SHORTEST_AGE + " or more: a directive that still holds is renewed every "
                            + SamplingDirective.RENEWAL);
        }
    }

    private static void name(String key, String value) {
        try {
            Names.require("espalier." + key, value);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(e.getMessage(), e);
        }
    }
}
