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
import java.util.stream.IntStream;

/** Our topology on more threads and on more processes. */
public final class ScaleTable {
    private static final List<Shape> SHAPES =
            List.of(new Shape(1, 1), new Shape(1, 2), new Shape(1, 4), new Shape(2, 1));

    /** Of the records: keys are not spread evenly, and partitions run dry one after the other. */
    private static final double SHARE = 0.75;

    private final Options options;
    private final Cluster cluster;
    private int runs;

    private ScaleTable(Options options, Cluster cluster) {
        this.options = options;
        this.cluster = cluster;
    }

    /** Options: see benchmarks/scale.sh. */
    public static void main(String[] arguments) {
        Options options = Options.parse(
                arguments,
                "state=100",
                "samples=32",
                "layers=64",
                "panes=4",
                "partitions=8",
                "megabytes=8000",
                "rounds=3",
                "limit=30",
                "commit=1000",
                "publish=0",
                "guarantee=exactly_once_v2",
                "work=target/benchmarks");
        try (Cluster cluster = Cluster.start(Path.of(options.text("work")))) {
            new ScaleTable(options, cluster).measure();
        }
    }

    private void measure() {
        Workload workload = new Workload(
                        (int) options.number("layers"),
                        (int) options.number("state"),
                        (int) options.number("samples"),
                        (int) options.number("panes"),
                        60_000)
                .forBytes(options.number("megabytes") * 1_000_000);
        String prefix = "scale.";
        ActivationsTopic.create(cluster, prefix, (int) options.number("partitions"));
        Filled filled = ActivationsTopic.fill(
                cluster, prefix, List.of("model"), workload, options.number("megabytes") * 1_000_000);
        Run run = new Run(cluster, options.number("limit") * 1000);
        Map<Shape, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round < options.number("rounds"); round++) {
            for (Shape shape : SHAPES) {
                rates.computeIfAbsent(shape, first -> new ArrayList<>())
                        .add(run.measure(processes(shape, prefix, workload), filled, SHARE)
                                .recordsPerSecond());
                cluster.delete("run" + runs + "-");
            }
        }
        Table table = new Table("processes", "threads each", "records/s", "MB/s", "of one thread");
        double one = Medians.of(rates.get(SHAPES.get(0)));
        rates.forEach((shape, all) -> {
            double rate = Medians.of(all);
            table.row(
                    shape.processes(),
                    shape.threads(),
                    "%,.0f".formatted(rate),
                    "%.1f".formatted(rate * filled.recordBytes() / 1e6),
                    "%.2f".formatted(rate / one));
        });
        System.out.println();
        System.out.println(
                Runtime.getRuntime().availableProcessors() + " processors, of which the broker takes its share; "
                        + "records of " + filled.recordBytes() / 1024 + " KiB.");
    }

    private List<ContenderSettings> processes(Shape shape, String prefix, Workload workload) {
        String application = "run" + ++runs;
        return IntStream.range(0, shape.processes())
                .mapToObj(process -> new ContenderSettings(
                        Kind.ESPALIER,
                        cluster.bootstrap(),
                        prefix,
                        application,
                        cluster.work().resolve(application + "-" + process).toString(),
                        options.text("guarantee"),
                        options.number("commit"),
                        options.number("publish"),
                        shape.threads(),
                        workload.paneMs(),
                        workload.panes()))
                .toList();
    }

    private record Shape(int processes, int threads) {}
}
