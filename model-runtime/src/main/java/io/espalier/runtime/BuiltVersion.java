package io.espalier.runtime;

import io.espalier.surgery.PruningReport;

/**
 * A smaller version, and how it compared with its parent with the removed units' contribution zeroed.
 *
 * @param params counted in the file as written
 * @param macs counted in the file as written, for one sample
 * @param maxRelativeError as {@link Equivalence} defines it; infinite when nothing could be compared
 * @param tolerance the largest error allowed: {@link #TOLERANCE}, more where the parent computes in half precision
 * @param sha256 of the file, lower-case hexadecimal
 */
public record BuiltVersion(
        long params,
        long macs,
        double maxRelativeError,
        double tolerance,
        int randomInputs,
        int sampledInputs,
        String sha256,
        PruningReport report) {
    /** The tolerance of float32 models: above what reordered sums come to, below any wrong cut. */
    public static final double TOLERANCE = 1e-4;

    /** Whether the version computes what its parent computes without the removed units. */
    public boolean isEquivalent() {
        // Not "greater than": an error that is not a number is no pass.
        return maxRelativeError <= tolerance;
    }
}
