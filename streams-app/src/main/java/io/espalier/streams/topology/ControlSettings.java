package io.espalier.streams.topology;

import java.time.Duration;

/**
 * Whether and how sidecars are told what to sample.
 *
 * @param interval time between two directives for a version, at the least
 * @param floor lowest rate of a capture point, above 0 and at most 1
 * @param bytesPerSecond that the activations of a version may take
 */
public record ControlSettings(boolean enabled, Duration interval, double floor, double bytesPerSecond) {}
