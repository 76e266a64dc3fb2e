package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.Medians;
import io.espalier.benchmarks.Options;
import io.espalier.benchmarks.Table;
import io.espalier.benchmarks.process.ChildProcess;
import io.espalier.benchmarks.process.Cluster;
import io.espalier.benchmarks.topology.ContenderSettings.Kind;
import io.espalier.protocol.score.PaneStatistics;
import java.nio.file.Path;
import java.util.List;

/**
 * How long after a batch its samples are in a score that a consumer can read, at half of saturation. That is of the whole way,
 * from a publisher through the broker: where all share two cores, a filled topic is counted at a rate that nobody publishes at.
 */
public final class LatencyTable {
    /** Short enough that no pane is full, of layers that are not too small, and nothing published is left out of its score. */
    private static final long PANE_MS = 5_000;

    /** All that is published is in the window, so that its samples can be counted. */
    private static final int PANES = 60;

    private static final long START_LIMIT_MS = 60_000;

    private final Options options;
    private final Cluster cluster;
    private int runs;

    private LatencyTable(Options options, Cluster cluster) {
        this.options = options;
        this.cluster = cluster;
    }

    /** Options: see benchmarks/latency.sh. */
    public static void main(String[] arguments) throws InterruptedException {
        Options options = Options.parse(
                arguments,
                "state=100",
                "samples=32",
                "layers=20",
                "warm-up=40",
                "seconds=30",
                "share=0.5",
                "commits=1000,100",
                "publish=0",
                "guarantees=exactly_once_v2,at_least_once",
                "work=target/benchmarks");
        try (Cluster cluster = Cluster.start(Path.of(options.text("work")))) {
            new LatencyTable(options, cluster).measure();
        }
    }

    private void measure() throws InterruptedException {
        Table table = new Table(
                "guarantee",
                "commit, ms",
                "saturated, records/s",
                "published, records/s",
                "p50, ms",
                "p99, ms",
                "p99 over the commit interval, ms",
                "batches");
        for (String guarantee : options.list("guarantees")) {
            for (String commit : options.list("commits")) {
                double saturated = saturation(guarantee, Long.parseLong(commit));
                double rate = saturated * options.decimal("share");
                List<Double> latencies = latencies(guarantee, Long.parseLong(commit), rate);
                double p99 = Medians.quantile(latencies, 0.99);
                table.row(
                        guarantee,
                        commit,
                        "%,.0f".formatted(saturated),
                        "%,.0f".formatted(rate),
                        "%,.0f".formatted(Medians.of(latencies)),
                        "%,.0f".formatted(p99),
                        "%,.0f".formatted(p99 - Long.parseLong(commit)),
                        "%,d".formatted(latencies.size()));
            }
        }
    }

    /** Batches a second that are scored while more are published than can be. */
    private double saturation(String guarantee, long commitMs) throws InterruptedException {
        double saturated = live(guarantee, commitMs, probe -> probe.saturate(warmUpMs(), measuredMs()));
        double ofPane = saturated / options.number("layers") * options.number("samples") * PANE_MS / 1e3;
        if (ofPane > 0.9 * PaneStatistics.MAX_SAMPLES) {
            throw new IllegalArgumentException(
                    "panes were full: what was scored is what they take; give a larger --state, more --layers or fewer --samples");
        }
        return saturated;
    }

    private List<Double> latencies(String guarantee, long commitMs, double rate) throws InterruptedException {
        return live(guarantee, commitMs, probe -> probe.measure(rate, warmUpMs(), measuredMs()));
    }

    /** What a probe measures of a new service, on topics of its own. */
    private <T> T live(String guarantee, long commitMs, Measurement<T> measurement) throws InterruptedException {
        ContenderSettings settings = settings(guarantee, commitMs);
        ActivationsTopic.create(cluster, settings.prefix(), 1);
        try (ChildProcess process = new Run(cluster, 0).start(settings)) {
            process.await("running", START_LIMIT_MS);
            return measurement.of(new LatencyProbe(cluster, settings.prefix(), workload()));
        } finally {
            cluster.delete(settings.prefix());
            cluster.delete(settings.application());
            cluster.settle();
        }
    }

    private long warmUpMs() {
        return options.number("warm-up") * 1000;
    }

    private long measuredMs() {
        return options.number("seconds") * 1000;
    }

    private Workload workload() {
        return new Workload(
                (int) options.number("layers"),
                (int) options.number("state"),
                (int) options.number("samples"),
                1,
                PANE_MS);
    }

    private ContenderSettings settings(String guarantee, long commitMs) {
        String application = "run" + ++runs;
        return new ContenderSettings(
                Kind.ESPALIER,
                cluster.bootstrap(),
                "latency" + runs + ".",
                application,
                cluster.work().resolve(application).toString(),
                guarantee,
                commitMs,
                options.number("publish"),
                1,
                PANE_MS,
                PANES);
    }

    /** A probe's. */
    private interface Measurement<T> {
        T of(LatencyProbe probe) throws InterruptedException;
    }
}
