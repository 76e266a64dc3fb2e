package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.process.ChildProcess;
import io.espalier.benchmarks.process.Cluster;
import io.espalier.benchmarks.topology.ActivationsTopic.Filled;
import java.io.File;
import java.util.List;

/** One run of one contender over a filled topic. */
final class Run {
    static final String HEAP = "1500m";

    /** What is left out at the start, of the records or of the time: classes are loaded and compiled then. */
    private static final double WARM_UP = 0.5;

    private static final long START_LIMIT_MS = 60_000;

    private final Cluster cluster;
    private final long limitMs;

    /** {@code limitMs}: a contender that takes longer is stopped, and judged by what it did. */
    Run(Cluster cluster, long limitMs) {
        this.cluster = cluster;
        this.limitMs = limitMs;
    }

    /** Starts the contender, and closes it when all records are counted or the time is over. */
    Measured measure(ContenderSettings settings, Filled filled) {
        return measure(List.of(settings), filled, 1);
    }

    /**
     * Starts contenders that share the work, and closes them when this share of the records is counted or the time is over:
     * partitions are never alike, and of the last ones only some are left.
     */
    Measured measure(List<ContenderSettings> together, Filled filled, double share) {
        List<ChildProcess> processes = together.stream().map(this::start).toList();
        try {
            processes.forEach(process -> process.await("progress", START_LIMIT_MS));
            while (counted(processes) == 0) {
                ChildProcess.pause(20);
            }
            long end = System.currentTimeMillis() + limitMs;
            while (counted(processes) < share * filled.records() && System.currentTimeMillis() < end) {
                processes.forEach(ChildProcess::requireAlive);
                ChildProcess.pause(50);
            }
            List<Progress> progress = Progress.together(processes.stream()
                    .map(process -> process.lines("progress").stream()
                            .map(Progress::parse)
                            .toList())
                    .toList());
            processes.forEach(ChildProcess::end);
            processes.forEach(Run::requireNoneRefused);
            long resident = processes.stream()
                    .mapToLong(process -> Long.parseLong(process.last("ended").orElseThrow()[1]))
                    .sum();
            return Measured.of(progress, filled, limitMs, WARM_UP, share, resident);
        } finally {
            processes.forEach(ChildProcess::end);
        }
    }

    private static long counted(List<ChildProcess> processes) {
        return processes.stream()
                .mapToLong(process ->
                        Progress.parse(process.last("progress").orElseThrow()).records())
                .sum();
    }

    private static void requireNoneRefused(ChildProcess process) {
        String refused = process.last("ended").orElseThrow()[0];
        if (!refused.equals("0")) {
            throw new IllegalStateException(refused + " records of the benchmark's own were refused");
        }
    }

    /** Seconds until a contender whose changelog is there, but nothing on this disk, has its state and runs. */
    double restore(ContenderSettings settings) {
        try (ChildProcess process = start(settings.withStateDir(settings.stateDir() + "-restored"))) {
            return Long.parseLong(process.await("running", START_LIMIT_MS)[0]) / 1e3;
        }
    }

    ChildProcess start(ContenderSettings settings) {
        File log = cluster.work().resolve(settings.application() + ".log").toFile();
        return ChildProcess.start(ContenderProcess.class, HEAP, true, log, settings.toArguments());
    }
}
