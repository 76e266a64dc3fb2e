package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.Medians;
import io.espalier.benchmarks.Options;
import io.espalier.benchmarks.Table;
import io.espalier.benchmarks.process.Cluster;
import io.espalier.benchmarks.topology.ActivationsTopic.Filled;
import io.espalier.benchmarks.topology.ContenderSettings.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Our topology against a bare loop and the obvious topology, for layers of several sizes. */
public final class TopologyTable {
    private static final String AT_LEAST_ONCE = "at_least_once";
    private static final String EXACTLY_ONCE = "exactly_once_v2";
    private static final Variant UNCACHED =
            new Variant(Kind.OBVIOUS_UNCACHED, AT_LEAST_ONCE, "the same without cache or scores");
    private static final List<Variant> VARIANTS = List.of(
            new Variant(Kind.BARE_LOOP, AT_LEAST_ONCE, "bare loop"),
            new Variant(Kind.BARE_LOOP_OUR_SOCKETS, AT_LEAST_ONCE, "bare loop with our socket buffers"),
            new Variant(Kind.ESPALIER, AT_LEAST_ONCE, "espalier, at least once"),
            new Variant(Kind.ESPALIER, EXACTLY_ONCE, "espalier, exactly once"),
            new Variant(Kind.OBVIOUS, AT_LEAST_ONCE, "`aggregate()` of ints bit by bit, at least once"),
            UNCACHED,
            new Variant(Kind.OBVIOUS, EXACTLY_ONCE, "`aggregate()` of ints bit by bit, exactly once"));

    private final Options options;
    private final Cluster cluster;
    private final Table table;
    private int runs;

    private TopologyTable(Options options, Cluster cluster) {
        this.options = options;
        this.cluster = cluster;
        this.table = new Table(
                "layers",
                "state, KiB",
                "samples a record",
                "record, KiB",
                "contender",
                "records/s",
                "MB/s",
                "of the bare loop",
                "of `aggregate()` of ints",
                "of it without cache",
                "records per s of CPU",
                "of the bare loop",
                "changelog, bytes per byte",
                "restore, s",
                "resident, MB");
    }

    /** Options: see benchmarks/topology.sh. */
    public static void main(String[] arguments) {
        Options options = Options.parse(
                arguments,
                "states=4,100,400",
                "samples=1,32",
                "layers=20,64",
                "panes=4",
                "megabytes=12000",
                "rounds=3",
                "limit=24",
                "commit=1000",
                "publish=0",
                "contenders=BARE_LOOP,BARE_LOOP_OUR_SOCKETS,ESPALIER,OBVIOUS,OBVIOUS_UNCACHED",
                "work=target/benchmarks");
        try (Cluster cluster = Cluster.start(Path.of(options.text("work")))) {
            TopologyTable table = new TopologyTable(options, cluster);
            for (String layers : options.list("layers")) {
                for (String state : options.list("states")) {
                    for (String samples : options.list("samples")) {
                        table.measure(Integer.parseInt(layers), Integer.parseInt(state), Integer.parseInt(samples));
                    }
                }
            }
        }
    }

    private void measure(int layers, int stateKib, int samples) {
        Workload workload = new Workload(layers, stateKib, samples, (int) options.number("panes"), 60_000)
                .forBytes(options.number("megabytes") * 1_000_000);
        String prefix = "s" + layers + "." + stateKib + "." + samples + ".";
        ActivationsTopic.create(cluster, prefix, 1);
        Filled filled = ActivationsTopic.fill(
                cluster, prefix, List.of("model"), workload, options.number("megabytes") * 1_000_000);
        Map<Variant, List<Measured>> measured = new LinkedHashMap<>();
        Map<Variant, List<Double>> restored = new LinkedHashMap<>();
        Run run = new Run(cluster, options.number("limit") * 1000);
        for (int round = 0; round < options.number("rounds"); round++) {
            for (Variant variant : variants()) {
                ContenderSettings settings = settings(variant, prefix, workload);
                measured.computeIfAbsent(variant, first -> new ArrayList<>()).add(run.measure(settings, filled));
                if (!variant.kind().isBareLoop()) {
                    restored.computeIfAbsent(variant, first -> new ArrayList<>())
                            .add(run.restore(settings));
                    cluster.delete(settings.application());
                }
            }
        }
        cluster.delete(prefix);
        measured.forEach((variant, all) ->
                print(workload, filled, variant, all, measured, restored.getOrDefault(variant, List.of())));
    }

    private List<Variant> variants() {
        List<String> wanted = List.of(options.list("contenders"));
        return VARIANTS.stream()
                .filter(variant -> wanted.contains(variant.kind().name()))
                .toList();
    }

    private ContenderSettings settings(Variant variant, String prefix, Workload workload) {
        String application = "run" + ++runs;
        return new ContenderSettings(
                variant.kind(),
                cluster.bootstrap(),
                prefix,
                application,
                cluster.work().resolve(application).toString(),
                variant.guarantee(),
                options.number("commit"),
                options.number("publish"),
                1,
                workload.paneMs(),
                workload.panes());
    }

    private void print(
            Workload workload,
            Filled filled,
            Variant variant,
            List<Measured> runsOfIt,
            Map<Variant, List<Measured>> all,
            List<Double> restored) {
        double rate = median(runsOfIt, Measured::recordsPerSecond);
        double cpu = median(runsOfIt, Measured::recordsPerCpuSecond);
        table.row(
                workload.layers(),
                workload.stateKib(),
                workload.samples(),
                "%.1f".formatted(filled.recordBytes() / 1024.0),
                variant.title(),
                "%,.0f".formatted(rate),
                "%.1f".formatted(median(runsOfIt, Measured::bytesPerSecond) / 1e6),
                ratio(rate, all.get(VARIANTS.get(0)), 2, Measured::recordsPerSecond),
                ratio(
                        rate,
                        all.get(new Variant(Kind.OBVIOUS, variant.guarantee(), obvious(variant))),
                        1,
                        Measured::recordsPerSecond),
                ratio(rate, all.get(UNCACHED), 1, Measured::recordsPerSecond),
                "%,.0f".formatted(cpu),
                ratio(cpu, all.get(VARIANTS.get(0)), 2, Measured::recordsPerCpuSecond),
                variant.kind().isBareLoop() ? "-" : "%.3f".formatted(median(runsOfIt, Measured::changelogShare)),
                restored.isEmpty() ? "-" : "%.1f".formatted(Medians.of(restored)),
                "%,.0f".formatted(median(runsOfIt, run -> run.residentBytes() / 1e6)));
    }

    private static String obvious(Variant of) {
        return VARIANTS.stream()
                .filter(variant ->
                        variant.kind() == Kind.OBVIOUS && variant.guarantee().equals(of.guarantee()))
                .findFirst()
                .orElseThrow()
                .title();
    }

    private static String ratio(double rate, List<Measured> other, int digits, ToDoubleFunction<Measured> rateOfOther) {
        return other == null ? "-" : ("%." + digits + "f").formatted(rate / median(other, rateOfOther));
    }

    private static double median(List<Measured> runs, ToDoubleFunction<Measured> value) {
        return Medians.of(runs.stream().map(value::applyAsDouble).toList());
    }

    private record Variant(Kind kind, String guarantee, String title) {}
}
