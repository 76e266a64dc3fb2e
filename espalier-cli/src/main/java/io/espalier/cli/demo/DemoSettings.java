package io.espalier.cli.demo;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import java.time.Duration;

/**
 * What a demo run is made of.
 *
 * @param requests to send in all; {@link Long#MAX_VALUE} for no end
 * @param perSecond requests a second at most; 0 for as fast as they are answered
 * @param sampling share of requests that are sampled, above 0 and at most 1
 * @param minSamples evidence the planner asks for
 * @param pane length of a pane
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
        int sidecarPort,
        int streamsPort) {}
