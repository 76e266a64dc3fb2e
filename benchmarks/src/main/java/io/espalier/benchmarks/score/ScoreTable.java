package io.espalier.benchmarks.score;

import io.espalier.benchmarks.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Prints what {@link ScoreBenchmark} measures. */
public final class ScoreTable {
    private ScoreTable() {}

    /** {@code [JMH OPTION...]}. */
    public static void main(String[] arguments) throws Exception {
        Map<List<String>, Map<String, Double>> rows = new LinkedHashMap<>();
        for (RunResult result : new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(ScoreBenchmark.class.getName())
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()) {
            rows.computeIfAbsent(
                            List.of(
                                    result.getParams().getParam("bits"),
                                    result.getParams().getParam("panes")),
                            first -> new TreeMap<>())
                    .put(
                            result.getPrimaryResult().getLabel(),
                            result.getPrimaryResult().getStatistics().getPercentile(50));
        }
        Table table = new Table(
                "bits", "panes", "score, ms", "close a pane, ms", "encode, ms", "state of one pane to bytes, ms");
        rows.forEach((shape, medians) -> table.row(
                shape.get(0),
                shape.get(1),
                format(medians.get("publish")),
                format(medians.get("close")),
                format(medians.get("encode")),
                format(medians.get("writeNewestPane"))));
    }

    private static String format(Double ms) {
        return ms == null ? "-" : "%.3f".formatted(ms);
    }
}
