package io.espalier.streams.settings;

import static io.espalier.settings.SettingRanges.between;
import static io.espalier.settings.SettingRanges.positive;
import static io.espalier.settings.SettingRanges.share;
import static io.espalier.settings.SettingRanges.wrong;

import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Evidence;
import io.espalier.protocol.record.Policy.Limits;
import io.espalier.protocol.record.Policy.Metric;
import io.espalier.protocol.record.Policy.Thresholds;
import io.espalier.settings.SettingsException;
import io.espalier.streams.settings.StreamsSettings.CompressorSettings;
import io.espalier.streams.settings.StreamsSettings.PolicySettings;
import io.espalier.streams.settings.StreamsSettings.RecoverySettings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The ranges that types alone do not hold. */
final class StreamsSettingsCheck {
    private static final int LEAST_MESSAGE_BYTES = 64 * 1024;
    /** Longer is a slip of the pen; Kafka's clients count in milliseconds that fit an int. */
    private static final Duration LONGEST = Duration.ofDays(24);
    /** Transactions may take twice as long, and brokers allow a quarter of an hour. */
    private static final Duration LONGEST_COMMIT = Duration.ofMinutes(5);
    /** While it runs no other compressor can join the group. */
    private static final Duration LONGEST_JOB = Duration.ofDays(1);
    /** Below, nothing could be held out to judge by. */
    private static final int LEAST_RECOVERY_INPUTS = 8;

    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+]):[1-9][0-9]{0,4}");

    /** A year without a false alarm is as good as none ever. */
    private static final Duration LONGEST_RUN = Duration.ofDays(366);

    private StreamsSettingsCheck() {}

    static void check(StreamsSettings settings) {
        positive("window.pane", settings.window().pane(), LONGEST);
        positive("window.grace", settings.window().grace(), LONGEST);
        positive("window.retention", settings.window().retention(), LONGEST);
        positive("drift.run-length", settings.drift().runLength(), LONGEST_RUN);
        share("drift.min-change", settings.drift().minChange());
        share("drift.min-units", settings.drift().minUnits());
        positive("control.interval", settings.control().interval(), LONGEST);
        share("control.floor", settings.control().floor());
        if (!(settings.control().floor() > 0 && settings.control().bytesPerSecond() > 0)) {
            throw wrong("control", "a floor or bytes-per-second of 0", "both above 0");
        }
        if (settings.stateMaxBytes() < LEAST_MESSAGE_BYTES) {
            throw wrong("state.max-bytes", settings.stateMaxBytes(), LEAST_MESSAGE_BYTES + " or more");
        }
        if (settings.publishInterval().isNegative()
                || settings.publishInterval().compareTo(LONGEST) > 0) {
            throw wrong("publish.interval", settings.publishInterval(), "a duration from PT0S to " + LONGEST);
        }
        positive("commit.interval", settings.commitInterval(), LONGEST_COMMIT);
        positive("plan.interval", settings.plan().interval(), LONGEST);
        positive("shutdown.timeout", settings.shutdownTimeout(), LONGEST);
        if (settings.plan().coolDown().isNegative()) {
            throw wrong("plan.cool-down", settings.plan().coolDown(), "PT0S or more");
        }
        between("window.panes", settings.window().panes(), 1, 100_000);
        between("standby-replicas", settings.standbyReplicas(), 0, 100);
        between("threads", settings.threads(), 1, 1024);
        between("http.port", settings.http().port(), 0, 65_535);
        settings.applicationServer().ifPresent(StreamsSettingsCheck::server);
        between("topics.partitions", settings.topics().partitions(), 1, 10_000);
        between("topics.max-message-bytes", settings.topics().maxMessageBytes(), LEAST_MESSAGE_BYTES, 1 << 30);
        int replication = settings.topics().replication();
        if (replication != -1) {
            between("topics.replication", replication, 1, Short.MAX_VALUE);
        }
        compressor(settings.compressor());
        if (settings.policy().target().metric() == Metric.LATENCY) {
            throw wrong(
                    "policy.target",
                    settings.policy().target(),
                    "macs=SHARE or params=SHARE: a service measures no times");
        }
        policy(settings.policy());
    }

    private static void server(String address) {
        if (!ADDRESS.matcher(address).matches()
                || Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)) > 65_535) {
            throw wrong(
                    "application.server",
                    address,
                    "host:port of this instance, as other instances reach it: 10.0.0.7:8081, say");
        }
    }

    private static void compressor(CompressorSettings settings) {
        between("compressor.random-inputs", settings.randomInputs(), 1, 10_000);
        between("compressor.sampled-inputs", settings.sampledInputs(), 0, 10_000);
        between("compressor.threads", settings.threads(), 0, 1024);
        RecoverySettings recovery = settings.recovery();
        between("compressor.recovery.min-inputs", recovery.minInputs(), LEAST_RECOVERY_INPUTS, 100_000);
        between("compressor.recovery.max-inputs", recovery.maxInputs(), recovery.minInputs(), 100_000);
        positive("compressor.recovery.time-limit", recovery.timeLimit(), LONGEST_JOB);
        if (recovery.waitingTime().isNegative() || recovery.waitingTime().compareTo(LONGEST) > 0) {
            throw wrong(
                    "compressor.recovery.wait", recovery.waitingTime(), "an ISO-8601 duration from PT0S to " + LONGEST);
        }
    }

    /** The record of the settings {@code espalier.policy.*}. */
    static Policy policy(PolicySettings settings) {
        try {
            return new Policy(
                    settings.target(),
                    settings.criterion(),
                    settings.ranking(),
                    new Limits(settings.maxRemoved(), settings.minKept(), settings.multipleOf()),
                    new Evidence(settings.minSamples(), settings.confidence(), settings.maxUndecided()),
                    settings.recovery().orElse(List.of()),
                    null,
                    settings.dryRun(),
                    new Thresholds(settings.alert(), settings.act()));
        } catch (IllegalArgumentException e) {
            throw new SettingsException("espalier.policy: " + e.getMessage(), e);
        }
    }
}
