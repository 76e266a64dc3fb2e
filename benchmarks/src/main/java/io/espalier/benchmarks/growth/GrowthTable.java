package io.espalier.benchmarks.growth;

import io.espalier.benchmarks.Table;
import io.espalier.benchmarks.growth.Growth.Layer;
import java.nio.file.Path;
import java.util.List;

/** Bytes of state against units, positions, panes, models and samples: measured where it fits, by the formula beyond. */
public final class GrowthTable {
    private static final List<Layer> SOME = List.of(new Layer(256, 64, 10));

    private static final List<Growth> MEASURED = List.of(
            new Growth("64 units", 1, List.of(new Layer(64, 64, 10)), 10, 1000),
            new Growth("256 units", 1, SOME, 10, 1000),
            new Growth("1,024 units", 1, List.of(new Layer(1024, 64, 10)), 10, 1000),
            new Growth("1 position", 1, List.of(new Layer(256, 1, 10)), 10, 1000),
            new Growth("16 positions", 1, List.of(new Layer(256, 16, 10)), 10, 1000),
            new Growth("49 positions", 1, List.of(new Layer(256, 49, 10)), 10, 1000),
            new Growth("1 pane", 1, SOME, 1, 1000),
            new Growth("60 panes", 1, SOME, 60, 1000),
            new Growth("4 models", 4, SOME, 10, 1000),
            new Growth("16 models", 16, SOME, 10, 1000),
            new Growth("100 samples a pane", 1, SOME, 10, 100),
            new Growth("10,000 samples a pane", 1, SOME, 10, 10_000),
            new Growth("ResNet-50", 1, Growth.RESNET50, 10, 1000),
            new Growth("ResNet-50", 1, Growth.RESNET50, 60, 1000));

    private static final List<Growth> COMPUTED = List.of(
            new Growth("ResNet-50", 1, Growth.RESNET50, 60, 60_000),
            new Growth("ResNet-50", 200, Growth.RESNET50, 60, 1000),
            new Growth("ResNet-50", 200, Growth.RESNET50, 60, 60_000));

    private GrowthTable() {}

    /** {@code DIRECTORY}: for Kafka's own files. */
    public static void main(String[] arguments) {
        Table table = new Table(
                "what",
                "models",
                "counters of a pane",
                "panes",
                "samples a pane",
                "at rest, MB",
                "changelog, MB",
                "heap, MB",
                "bits a counter",
                "budget, MB",
                "heap of the budget");
        for (Growth growth : MEASURED) {
            try (FilledState state = new FilledState(growth, Path.of(arguments[0]))) {
                long heap = state.heapBytes();
                row(
                        table,
                        growth,
                        megabytes(state.changelogBytes()),
                        megabytes(heap),
                        "%.2f".formatted((double) heap / growth.budget()));
            }
        }
        for (Growth growth : COMPUTED) {
            row(table, growth, "-", "-", "-");
        }
    }

    private static void row(Table table, Growth growth, String changelog, String heap, String ratio) {
        double bits = 8.0 * growth.bytes() / ((double) growth.counters() * growth.panes() * growth.models());
        table.row(
                growth.title(),
                growth.models(),
                "%,d".formatted(growth.counters()),
                growth.panes(),
                "%,d".formatted(growth.samples()),
                megabytes(growth.bytes()),
                changelog,
                heap,
                "%.1f".formatted(bits),
                megabytes(growth.budget()),
                ratio);
    }

    private static String megabytes(long bytes) {
        return (bytes < 10_000_000 ? "%,.2f" : "%,.0f").formatted(bytes / 1e6);
    }
}
