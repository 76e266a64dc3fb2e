package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.topology.ActivationsTopic.Filled;
import java.util.List;

/**
 * What one run of a contender came to.
 *
 * @param changelogShare bytes sent to the changelog per byte of records counted
 * @param recordsPerCpuSecond of all threads of the process, the compiler's and the collector's too
 * @param residentBytes the most the process had resident
 */
record Measured(
        double recordsPerSecond,
        double bytesPerSecond,
        double changelogShare,
        double recordsPerCpuSecond,
        long residentBytes) {
    /**
     * Leaves out the first {@code warmUp} of the records, or of {@code limitMs} when that ends earlier, and what came after
     * the first {@code share} of the records.
     */
    static Measured of(
            List<Progress> progress, Filled filled, long limitMs, double warmUp, double share, long residentBytes) {
        Progress first =
                progress.stream().filter(at -> at.records() > 0).findFirst().orElseThrow();
        Progress from = progress.stream()
                .filter(at ->
                        at.records() >= warmUp * filled.records() || at.timeMs() - first.timeMs() >= warmUp * limitMs)
                .findFirst()
                .orElseThrow();
        // Those after the last record only waited for the end.
        Progress to = progress.stream()
                .filter(at -> at.records() >= share * filled.records())
                .findFirst()
                .orElse(progress.get(progress.size() - 1));
        if (to.records() == from.records()) {
            throw new IllegalStateException("too few records to measure: all were counted while it warmed up");
        }
        double records = to.records() - from.records();
        double rate = records / (to.timeMs() - from.timeMs()) * 1e3;
        double changelog = to.changelogBytes() - from.changelogBytes();
        return new Measured(
                rate,
                rate * filled.recordBytes(),
                changelog / (records * filled.recordBytes()),
                records / (to.cpuNanos() - from.cpuNanos()) * 1e9,
                residentBytes);
    }
}
