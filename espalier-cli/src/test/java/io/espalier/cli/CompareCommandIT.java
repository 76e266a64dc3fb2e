package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on small networks of two residual blocks. */
final class CompareCommandIT {
    private static final String FIXTURES = "../model-runtime/src/test/resources/io/espalier/runtime/";
    private static final Path MODEL = Path.of(FIXTURES + "residual.pt");
    private static final Path WITHOUT_NORMS = Path.of(FIXTURES + "residual-frozen.pt");
    private static final String SHAPE = "--input-shape=1,2,12,12";
    private static final int CLASSES = 6;

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    private Path data;
    private Path test;
    private Path out;

    @BeforeEach
    void writeInputs() throws IOException {
        data = folder.resolve("data.npz");
        test = folder.resolve("test.npz");
        out = folder.resolve("out");
        Random random = new Random(1);
        Npz.write(data, Map.of("x", images(64, random)));
        long[] labels = random.longs(80, 0, CLASSES).toArray();
        Npz.write(test, Map.of("x", images(80, random), "y", Tensor.ofLongs(new long[] {80}, labels)));
    }

    private static Tensor images(int count, Random random) {
        float[] values = new float[count * 2 * 12 * 12];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.ofFloats(new long[] {count, 2, 12, 12}, values);
    }

    private JsonNode compare(Path model, Object... more) throws Exception {
        Espalier.Finished finished = run(model, more);
        assertThat(finished.errorLines()).isEmpty();
        assertThat(finished.code()).isZero();
        return json.readTree(out.resolve("compare.json").toFile());
    }

    private Espalier.Finished run(Path model, Object... more) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("compare", model, SHAPE, "--data", data, "-o", out));
        arguments.addAll(List.of(more));
        return Espalier.run(folder, arguments.toArray());
    }

    private static List<JsonNode> runs(JsonNode written, Predicate<JsonNode> of) {
        return StreamSupport.stream(written.get("runs").spliterator(), false)
                .filter(of)
                .toList();
    }

    private static Predicate<JsonNode> is(String field, Object value) {
        return run -> run.get(field).asText().equals(value.toString());
    }

    @Test
    void everyCombinationIsCutRecoveredMeasuredAndDrawn() throws Exception {
        JsonNode written = compare(
                MODEL,
                "--test",
                test,
                "--targets=0.8,0.6",
                "--criteria=saliency,l2,random",
                "--recover=none;ridge",
                "--seeds=2",
                "--samples=32");

        assertThat(runs(written, run -> true)).hasSize(3 * 2 * 2 * 2).allSatisfy(run -> {
            assertThat(run.get("macs_kept").asDouble())
                    .isPositive()
                    .isLessThanOrEqualTo(run.get("target").asDouble());
            assertThat(run.get("accuracy").asDouble()).isBetween(0.0, 1.0);
            assertThat(run.get("agreement").asDouble()).isBetween(0.0, 1.0);
        });
        assertThat(runs(written, is("recipe", "ridge"))).hasSize(12).allSatisfy(run -> {
            assertThat(run.at("/steps/0/step").asText()).isEqualTo("ridge");
            assertThat(run.at("/steps/0/inputs").asInt()
                            + run.at("/steps/0/held_out").asInt())
                    .isEqualTo(32);
        });
        assertThat(runs(written, is("recipe", "none"))).hasSize(12).noneMatch(run -> run.has("steps"));
        // A seed is another order of random and nothing to weights.
        Predicate<JsonNode> cut = is("recipe", "none").and(is("target", 0.6));
        assertThat(runs(written, cut.and(is("criterion", "l2"))))
                .extracting(run -> run.get("divergence").asDouble())
                .hasSize(2)
                .satisfies(both -> assertThat(both.get(0)).isEqualTo(both.get(1)));
        assertThat(runs(written, cut.and(is("criterion", "random"))))
                .extracting(run -> run.get("divergence").asDouble())
                .doesNotHaveDuplicates();
        assertThat(written.get("medians")).hasSize(12);
        assertThat(written.get("curves")).hasSize(6);
        assertThat(written.at("/original/test_inputs").asInt()).isEqualTo(80);
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files)
                    .containsExactlyInAnyOrder(
                            out.resolve("compare.json"),
                            out.resolve("curves-none.png"),
                            out.resolve("curves-ridge.png"));
        }
        assertThat(ImageIO.read(out.resolve("curves-ridge.png").toFile()).getWidth())
                .isPositive();
    }

    @Test
    void aCutIsWhatPruneMakesOfIt() throws Exception {
        JsonNode run = compare(MODEL, "--test", test, "--targets=0.5", "--criteria=l2", "--recover=none", "--seeds=1")
                .at("/runs/0");
        Espalier.Finished pruned = Espalier.run(
                folder,
                "prune",
                MODEL,
                SHAPE,
                "--target=macs=0.5",
                "--criterion=l2",
                "--test",
                test,
                "-o",
                folder.resolve("small.pt"),
                "--json");
        JsonNode report = json.readTree(pruned.out());
        assertThat(run.get("units_removed").asInt())
                .isPositive()
                .isEqualTo(report.get("units_removed").asInt());
        assertThat(run.get("macs_kept").asDouble())
                .isEqualTo(report.get("macs_after").asDouble()
                        / report.get("macs_before").asDouble());
        for (String figure : List.of("accuracy", "agreement", "divergence")) {
            assertThat(run.get(figure)).isEqualTo(report.at("/evaluation/cut/" + figure));
        }
    }

    @Test
    void whatIsThereIsNotComputedAgain() throws Exception {
        Object[] first = {"--test", test, "--targets=0.6", "--criteria=l1", "--recover=none", "--seeds=1"};
        JsonNode written = compare(MODEL, first);
        ((ObjectNode) written.at("/runs/0")).put("accuracy", 0.125);
        json.writeValue(out.resolve("compare.json").toFile(), written);

        Espalier.Finished again = run(
                MODEL, "--test", test, "--targets=0.6,0.5", "--criteria=l1", "--recover=none", "--seeds=2", "--json");

        assertThat(again.code()).isZero();
        JsonNode all = json.readTree(again.out());
        assertThat(all).isEqualTo(json.readTree(out.resolve("compare.json").toFile()));
        assertThat(all.get("runs")).hasSize(4);
        assertThat(runs(all, is("accuracy", 0.125)))
                .hasSize(1)
                .allMatch(is("target", 0.6).and(is("seed", 1)));
        // Nothing is left to do, and all is shown again.
        assertThat(run(MODEL, first).out()).contains("12.5 %").doesNotContain("50.0 %");
    }

    @Test
    void resultsOfAnotherModelOrOtherInputsAreLeftAlone() throws Exception {
        compare(MODEL, "--test", test, "--targets=0.6", "--criteria=l1", "--recover=none", "--seeds=1");
        byte[] before = Files.readAllBytes(out.resolve("compare.json"));
        assertOneLine(run(WITHOUT_NORMS, "--test", test), "holds results with another model: give another folder");
        assertOneLine(run(MODEL), "holds results with another --test");
        assertThat(out.resolve("compare.json")).hasBinaryContent(before);
    }

    @Test
    void aCriterionThatCannotRankIsLeftOutWithALine() throws Exception {
        Object[] options = {"--test", test, "--targets=0.8,0.6", "--recover=none", "--seeds=1"};
        List<Object> both = new ArrayList<>(List.of(options));
        both.add("--criteria=bn_scale,l2");
        Espalier.Finished finished = run(WITHOUT_NORMS, both.toArray());
        assertThat(finished.code()).isZero();
        assertThat(finished.out().lines().filter(line -> line.startsWith("left out")))
                .hasSize(1)
                .allMatch(line -> line.startsWith("left out at 80.0 %, 60.0 %, bn_scale: none of the ")
                        && line.contains("a batch norm on each of its units"));
        assertThat(json.readTree(out.resolve("compare.json").toFile()).get("left_out"))
                .hasSize(2);

        List<Object> alone = new ArrayList<>(List.of(options));
        alone.add("--criteria=bn_scale");
        assertOneLine(run(WITHOUT_NORMS, alone.toArray()), "nothing to compare: none of the ");
    }

    @Test
    void withoutATestFileTheOtherInputsAreTestedOn() throws Exception {
        Espalier.Finished finished =
                run(MODEL, "--targets=0.6", "--criteria=l2,apoz", "--recover=none", "--seeds=2", "--samples=48");
        assertThat(finished.out())
                .contains("Median of 2 seeds: agreement on 16 test inputs; the original has 100.0 %.");
        JsonNode written = json.readTree(out.resolve("compare.json").toFile());
        assertThat(written.get("measure").asText()).isEqualTo("agreement");
        assertThat(written.get("runs")).hasSize(4).noneMatch(run -> run.has("accuracy"));
    }

    @Test
    void saysWhichOptionIsWrong() throws Exception {
        assertOneLine(run(MODEL, "--samples=64"), "none are left to test on");
        assertOneLine(run(MODEL, "--targets=1.5"), "--targets");
        assertOneLine(run(MODEL, "--targets=0.5,half"), "half");
        assertOneLine(run(MODEL, "--test", test, "--targets=0.001", "--criteria=l2"), "limits");
        assertOneLine(run(MODEL, "--criteria=l2,magic"), "criterion 'magic' is not known");
        assertOneLine(run(MODEL, "--recover=none;magic"), "recovery step 'magic' is not known");
        assertOneLine(run(MODEL, "--seeds=0"), "--seeds");
        assertOneLine(run(MODEL, "--samples=4"), "--samples");
        assertOneLine(run(MODEL, "--metric=latency"), "--metric");
        assertOneLine(run(folder.resolve("nowhere.pt")), "nowhere.pt");
        assertOneLine(Espalier.run(folder, "compare", MODEL, SHAPE, "-o", out), "--data");
        assertThat(out.resolve("compare.json")).doesNotExist();
    }

    private static void assertOneLine(Espalier.Finished finished, String naming) {
        assertThat(finished.errorLines()).hasSize(1);
        assertThat(finished.errorLines().get(0)).startsWith("espalier: ").contains(naming);
        assertThat(finished.code()).isEqualTo(2);
        assertThat(finished.out()).isEmpty();
    }
}
