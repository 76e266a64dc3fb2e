package io.espalier.sidecar.control;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.metrics.DirectiveMetrics;
import io.espalier.sidecar.metrics.DirectiveMetrics.Outcome;
import io.espalier.sidecar.sampling.SamplingRates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the records of the control topic mean for the sampling of one version. The newest that can be read holds; one that was
 * not renewed in time, or that was deleted, is let go of: then sampling is as configured. For one thread.
 */
public final class Directives {
    private static final Logger LOG = LoggerFactory.getLogger(Directives.class);

    private final VersionKey version;
    private final byte[] key;
    private final long maxAgeMs;
    private final SamplingRates rates;
    private final DirectiveMetrics metrics;
    private final Complaints complaints;
    private Read newest = new Read(-1, Long.MIN_VALUE, null);
    private boolean isNews;
    private boolean isFollowed;

    /** The newest record of the version, as it was read; {@code directive}: null for a deletion. */
    private record Read(int partition, long timestampMs, SamplingDirective directive) {}

    /** @param maxAge since its last renewal, from which a directive is let go of */
    public Directives(
            VersionKey version, Duration maxAge, SamplingRates rates, DirectiveMetrics metrics, Complaints complaints) {
        this.version = version;
        this.key = version.toString().getBytes(StandardCharsets.UTF_8);
        this.maxAgeMs = maxAge.toMillis();
        this.rates = rates;
        this.metrics = metrics;
        this.complaints = complaints;
    }

    /**
     * Takes a record in, in the order of its partition; those of other versions do not count. It has an effect with the next
     * {@link #settle}.
     */
    void read(int partition, byte[] recordKey, byte[] value, long timestampMs) {
        // A topic that was given more partitions has older records of the version elsewhere.
        if (!Arrays.equals(key, recordKey) || (partition != newest.partition && timestampMs < newest.timestampMs)) {
            return;
        }
        try {
            newest = new Read(partition, timestampMs, value == null ? null : decoded(value));
            isNews = true;
        } catch (RefusedRecordException e) {
            metrics.count(Outcome.REFUSED);
            complaints.add("a sampling directive for " + version + " is not followed", e);
        }
    }

    private SamplingDirective decoded(byte[] value) {
        SamplingDirective directive = Codecs.SAMPLING_DIRECTIVE.decode(value);
        VersionKey named = new VersionKey(directive.model(), directive.version());
        if (!named.equals(version)) {
            throw new RefusedRecordException("it is for " + named);
        }
        return directive;
    }

    /** Samples as the newest record says, unless that is too old. */
    void settle(long nowMs) {
        boolean isOld = nowMs - newest.timestampMs > maxAgeMs;
        if (newest.directive != null && isOld && (isNews || isFollowed)) {
            metrics.count(Outcome.EXPIRED);
            letGo("was not renewed for " + Duration.ofMillis(maxAgeMs));
        } else if (isNews && newest.directive == null) {
            letGo("was deleted");
        } else if (isNews) {
            follow(newest.directive);
        }
        isNews = false;
    }

    /** Samples as configured, for nobody reads on. */
    void stop() {
        letGo("is not followed any more");
    }

    private void follow(SamplingDirective directive) {
        complaints.resolved();
        rates.direct(directive.rates());
        metrics.count(Outcome.APPLIED);
        if (!isFollowed) {
            LOG.info("{} is sampled as the streams service directs, capture point by capture point", version);
        }
        LOG.debug("{} is sampled at {} of what is configured", version, directive.rates());
        isFollowed = true;
    }

    private void letGo(String why) {
        if (isFollowed) {
            LOG.info("The sampling directive for {} {}: it is sampled as configured", version, why);
        }
        rates.release();
        isFollowed = false;
    }
}
