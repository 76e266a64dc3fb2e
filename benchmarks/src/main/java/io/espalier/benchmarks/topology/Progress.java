package io.espalier.benchmarks.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How far a contender was at a time.
 *
 * @param timeMs since the epoch
 * @param cpuNanos of all threads of the process
 */
record Progress(long timeMs, long records, long changelogBytes, long cpuNanos) {
    static Progress parse(String[] line) {
        return new Progress(
                Long.parseLong(line[0]), Long.parseLong(line[1]), Long.parseLong(line[2]), Long.parseLong(line[3]));
    }

    /** That of several processes as one, from when all of them had said something. */
    static List<Progress> together(List<List<Progress>> processes) {
        List<Progress> sums = new ArrayList<>();
        processes.stream()
                .flatMap(List::stream)
                .map(Progress::timeMs)
                .distinct()
                .sorted()
                .filter(time -> processes.stream().allMatch(one -> one.get(0).timeMs <= time))
                .forEach(time -> sums.add(processes.stream()
                        .map(one -> at(one, time))
                        .reduce(new Progress(time, 0, 0, 0), Progress::plus)));
        return sums;
    }

    private Progress plus(Progress other) {
        return new Progress(
                timeMs, records + other.records, changelogBytes + other.changelogBytes, cpuNanos + other.cpuNanos);
    }

    private static Progress at(List<Progress> process, long timeMs) {
        return process.stream()
                .filter(progress -> progress.timeMs <= timeMs)
                .max(Comparator.comparingLong(Progress::timeMs))
                .orElseThrow();
    }
}
