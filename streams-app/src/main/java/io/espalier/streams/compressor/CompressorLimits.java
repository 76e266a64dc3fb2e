package io.espalier.streams.compressor;

import io.espalier.protocol.record.Recommendation;

/**
 * What a job may take.
 *
 * @param comparedInputs how many inputs of live traffic a version is compared on, at most
 */
public record CompressorLimits(int comparedInputs, RecoveryLimits recovery) {
    /** How many inputs of live traffic a recommendation has use for. */
    int wantedInputs(Recommendation recommendation) {
        return Math.max(comparedInputs, recovery.wanted(recommendation));
    }
}
