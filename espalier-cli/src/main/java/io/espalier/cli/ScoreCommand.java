package io.espalier.cli;

import io.espalier.cli.offline.Table;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "score",
        description = "Scores the expressiveness of every unit on given or random inputs, without a service.")
final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Option(names = "--json", description = "Print JSON: the records that the service would publish.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (ModelRuntime runtime = model.startRuntime()) {
            DescribedModel described = model.describe(runtime);
            List<Expressiveness> scores = data.score(runtime, described, false);
            if (json) {
                out.println(Json.mapper().writeValueAsString(scores));
            } else {
                print(scores, out);
            }
        }
        out.flush();
        return 0;
    }

    private static void print(List<Expressiveness> scores, PrintWriter out) {
        Table table =
                new Table("capture point", "units", "positions", "samples", "lowest", "median", "highest", "error");
        for (Expressiveness score : scores) {
            if (score.score() == null) {
                table.row(score.capturePoint(), score.units(), score.positions(), score.samples(), "-", "-", "-", "-");
                continue;
            }
            double[] sorted = Arrays.stream(score.score()).sorted().toArray();
            table.row(
                    score.capturePoint(),
                    score.units(),
                    score.positions(),
                    score.samples(),
                    decimal(sorted[0]),
                    decimal(sorted[sorted.length / 2]),
                    decimal(sorted[sorted.length - 1]),
                    score.standardError() == null
                            ? "-"
                            : decimal(Arrays.stream(score.standardError())
                                    .average()
                                    .orElse(0)));
        }
        table.print(out);
        out.println();
        out.println("Expressiveness per unit: 0 tells no inputs apart, 0.5 tells half of all pairs apart. "
                + "error: mean standard error.");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
