package io.espalier.runtime;

import io.espalier.surgery.PruningReport;

/**
 * A smaller version, and how it compared with its parent with the removed units' contribution zeroed.
 *
 * @param params counted in the file as written
 * @param macs counted in the file as written, for one sample
 * @param maxRelativeError as {@link Equivalence} defines it; infinite when an output is not a number
 * @param sha256 of the file, lower-case hexadecimal
 */
public record BuiltVersion(
        long params,
        long macs,
        double maxRelativeError,
        int randomInputs,
        int sampledInputs,
        String sha256,
        PruningReport report) {
    /** Largest relative error of a version that may be used: above what reordered float32 sums come to, below any wrong cut. */
    public static final double TOLERANCE = 1e-4;

    /** Whether the version computes what its parent computes without the removed units. */
    public boolean isEquivalent() {
        // Not "greater than": an error that is not a number is no pass.
        return maxRelativeError <= TOLERANCE;
    }
}
