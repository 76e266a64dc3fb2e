package io.espalier.cli;

import io.espalier.cli.compare.ComparedCriterion;
import io.espalier.cli.compare.Comparer;
import io.espalier.cli.compare.Comparison;
import io.espalier.cli.compare.ComparisonTable;
import io.espalier.cli.compare.CurveChart;
import io.espalier.cli.compare.InputPool;
import io.espalier.cli.compare.Recipe;
import io.espalier.cli.compare.ResultsFile;
import io.espalier.cli.compare.RunGrid;
import io.espalier.cli.compare.Setup;
import io.espalier.cli.compare.TestInputs;
import io.espalier.cli.offline.LabelledData;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "compare",
        description = {
            "Cuts a model by several criteria to several targets, recovers each cut in several ways, and draws what "
                    + "comes out.",
            "Writes DIR/compare.json and DIR/curves-RECIPE.png. Started again with the same model, inputs and settings, "
                    + "it goes on where it was: what compare.json holds is not computed again."
        })
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description =
                    "Inputs to score units on and to recover with, as prune takes them; labels are not looked at.")
    private Path data;

    @Option(
            names = "--test",
            paramLabel = "FILE",
            description = "An .npz file of other inputs, and labels y where there are some. Without it, agreement is "
                    + "measured on inputs of --data that a seed did not draw, 2000 at most.")
    private Path test;

    @Option(
            names = "--targets",
            split = ",",
            defaultValue = "0.8,0.65,0.5,0.35",
            paramLabel = "SHARE",
            description = "Shares to keep at most (default ${DEFAULT-VALUE}).")
    private List<Double> targets;

    @Option(names = "--metric", defaultValue = "macs", description = "What is kept: macs (default) or params.")
    private Policy.Metric metric;

    @Option(
            names = "--criteria",
            converter = CriteriaConverter.class,
            defaultValue = "all",
            paramLabel = "all|CRITERION,...",
            description = "As prune --criterion takes them, random without its seed; all (default): one of each kind.")
    private List<ComparedCriterion> criteria;

    @Option(
            names = "--recover",
            split = ";",
            converter = RecipeConverter.class,
            defaultValue = "none;ridge",
            paramLabel = "RECIPE",
            description = "none, or steps as prune --recover takes them; several recipes are parted by semicolons, as "
                    + "in 'none;ridge;ridge,distil' (default ${DEFAULT-VALUE}).")
    private List<Recipe> recipes;

    @Option(
            names = "--seeds",
            defaultValue = "3",
            description = "How often all is done (default 3): each seed draws other inputs and another random order.")
    private int seeds;

    @Option(
            names = "--samples",
            defaultValue = "512",
            description = "Inputs of --data that a seed draws (default 512); all where there are fewer.")
    private int samples;

    @Option(
            names = "--ranking",
            defaultValue = "uniform",
            description = "uniform (default), global or search, as prune takes them.")
    private Policy.Ranking ranking;

    @Mixin
    private DistilOptions distilling;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "The folder to write to.")
    private Path output;

    @Option(names = "--json", description = "Print what is in compare.json instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        RunGrid grid = new RunGrid(criteria, targets, recipes, seeds);
        ResultsFile results = ResultsFile.open(
                output,
                Setup.of(
                        model.path(),
                        data,
                        test,
                        metric,
                        ranking,
                        samples,
                        distilling.settings().steps()));
        Comparison comparison;
        try (ModelRuntime runtime = model.startRuntime()) {
            comparison = compare(runtime, grid, results);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.mapper().writeValueAsString(comparison));
        } else {
            new ComparisonTable(comparison).print(out);
        }
        out.flush();
        List<Path> curves = new CurveChart(comparison).write(output);
        if (!json) {
            out.println("curves: " + curves.stream().map(Path::toString).collect(Collectors.joining(", ")));
            out.flush();
        }
        return 0;
    }

    private Comparison compare(ModelRuntime runtime, RunGrid grid, ResultsFile results) throws IOException {
        DescribedModel described = model.describe(runtime);
        InputPool pool = InputPool.read(data, described.inputs());
        TestInputs tested = test == null
                ? TestInputs.ofOthers(runtime, model.path(), pool, samples)
                : TestInputs.ofFile(
                        runtime, model.path(), LabelledData.read(test, described.inputs(), Integer.MAX_VALUE));
        return new Comparer(runtime, model.path(), described, pool, tested, distilling.settings())
                .compare(grid, results);
    }

    /** Reads {@code l2,random} and {@code all}. */
    static final class CriteriaConverter implements ITypeConverter<List<ComparedCriterion>> {
        @Override
        public List<ComparedCriterion> convert(String text) {
            return Converted.orUsage(text, ComparedCriterion::parseAll);
        }
    }

    /** Reads {@code ridge,norm} and {@code none}. */
    static final class RecipeConverter implements ITypeConverter<Recipe> {
        @Override
        public Recipe convert(String text) {
            return Converted.orUsage(text, Recipe::parse);
        }
    }
}
