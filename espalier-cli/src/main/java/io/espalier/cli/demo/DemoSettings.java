package io.espalier.cli.demo;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.RecoveryStep;
import java.time.Duration;
import java.util.List;

/**
 * What a demo run is made of.
 *
 * @param requests to send in all; {@link Long#MAX_VALUE} for no end
 * @param perSecond requests a second at most; 0 for as fast as they are answered
 * @param sampling share of requests that are sampled, above 0 and at most 1
 * @param minSamples evidence the planner asks for
 * @param pane length of a pane
 * @param recovery how the cut model is recovered; empty for not at all
 * @param recoveryInputs how many inputs that takes at least
 * @param sidecarPort and {@code streamsPort}: 0 for any free one
 */
public record DemoSettings(
        long requests,
        int perSecond,
        double sampling,
        long minSamples,
        Duration pane,
        Policy.Target target,
        Criterion criterion,
        List<RecoveryStep> recovery,
        int recoveryInputs,
        int sidecarPort,
        int streamsPort) {}
