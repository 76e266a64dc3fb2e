package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that work on a file, on the demo's model. */
final class OfflineCommandsIT {
    private static final String SHAPE = "--input-shape=1,1,28,28";
    private static final long PARAMS = 272_186;
    private static final long MACS = 31_021_952;

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    private Path model;
    private Path images;

    @BeforeEach
    void unpack() throws IOException {
        model = unpack("fashion-resnet20.pt");
        images = unpack("fashion-test.npz");
    }

    private Path unpack(String resource) throws IOException {
        return DemoFile.unpack(resource, folder.resolve(resource));
    }

    @Test
    void inspectShowsWhatTheModelIsMadeOf() throws Exception {
        JsonNode inspection = printed("inspect", model, SHAPE, "--json");
        assertThat(inspection.get("params").asLong()).isEqualTo(PARAMS);
        assertThat(inspection.get("macs").asLong()).isEqualTo(MACS);
        // Three stages, each with one group over its residual additions and one inside each of its three blocks.
        assertThat(inspection.get("groups")).hasSize(12);
        assertThat(inspection.get("groups").findValuesAsText("id")).contains("conv1", "layer2.1.conv1");
        assertThat(inspection.get("protected").get(0).get("reason").asText()).contains("output");
        String table = Espalier.run(folder, "inspect", model, SHAPE).out();
        assertThat(table).contains("layer3.0.shortcut.0", "272,186 parameters (0.27 M)", "31,021,952 MACs");
    }

    @Test
    void inspectNamesOperatorsPlainlyAndSaysWhatShareCanBeRemoved() throws Exception {
        JsonNode inspection = printed("inspect", model, SHAPE, "--json");
        assertThat(inspection.get("layers").findValuesAsText("op")).contains("conv2d", "batch_norm", "linear");
        assertThat(inspection.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("params", "macs", "layers", "groups", "capture_points", "protected");
        assertThat(inspection.get("groups").get(0).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "units", "members", "capture_points");
        String table = Espalier.run(folder, "inspect", model, SHAPE).out();
        assertThat(table)
                .contains("conv1.weight[0]", "of the model's outputs not counted")
                .containsPattern("\\d+ of \\d+ units can be removed \\(100\\.0 %\\)")
                .doesNotContain("_convolution");
    }

    @Test
    void inspectDrawsWhatGraphvizTakes() throws Exception {
        Espalier.Finished finished = Espalier.run(folder, "inspect", model, SHAPE, "--dot");
        assertThat(finished.errorLines()).isEmpty();
        List<String> lines = finished.out().lines().toList();
        String quoted = "\"(?:[^\"\\\\]|\\\\.)*\"";
        String attribute = "\\w+=(?:" + quoted + "|[\\w.]+)";
        String attributes = "\\[" + attribute + "(?:, " + attribute + ")*\\]";
        assertThat(lines.get(0)).matches("digraph " + quoted + " \\{");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("}");
        assertThat(lines.subList(1, lines.size() - 1))
                .allMatch(line -> line.matches(" {2}(?:\\w+ " + attributes + "|n\\d+ -> n\\d+);"));
        // Every edge ends at nodes that are there.
        Set<String> nodes = lines.stream()
                .filter(line -> line.matches(" {2}n\\d+ \\[.*"))
                .map(line -> line.substring(2, line.indexOf(' ', 2)))
                .collect(Collectors.toSet());
        assertThat(lines.stream().filter(line -> line.contains(" -> ")))
                .isNotEmpty()
                .allMatch(line ->
                        nodes.containsAll(List.of(line.strip().replace(";", "").split(" -> ", 2))));
        assertThat(finished.out()).contains("tooltip=\"group conv1\"", "fillcolor=\"gray75\"", "model's output");

        Path dot = Path.of("/usr/bin/dot");
        assumeTrue(Files.isExecutable(dot), "Graphviz is not installed");
        Path drawn = Files.writeString(folder.resolve("model.dot"), finished.out());
        Process process = new ProcessBuilder(
                        dot.toString(),
                        "-Tsvg",
                        "-o",
                        folder.resolve("model.svg").toString(),
                        drawn.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(process.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("model.svg"))).contains("layer3.2.conv2");
    }

    @Test
    void severalInputsOfOtherTypesAreScoredAndCutOnNamedArrays() throws Exception {
        Path tokens = Path.of("../model-runtime/src/test/resources/io/espalier/runtime/typed-tokens.pt");
        String shape = "--input-shape=1,6;1,6;1,6:int64";
        Path data = folder.resolve("tokens.npz");
        Random random = new Random(1);
        long[] ids = random.longs(32 * 6, 0, 50).toArray();
        long[] kinds = random.longs(32 * 6, 0, 3).toArray();
        long[] mask = random.longs(32 * 6, 0, 2).toArray();
        long[] rows = {32, 6};
        Npz.write(
                data,
                Map.of(
                        "ids", Tensor.ofLongs(rows, ids),
                        "kinds", Tensor.ofLongs(rows, kinds),
                        "mask", Tensor.ofLongs(rows, mask)));
        JsonNode scores = printed("score", tokens, shape, "--data", data, "--json");
        assertThat(scores.get(0).get("samples").asInt()).isEqualTo(32);
        Path out = folder.resolve("small.pt");
        JsonNode report = printed(
                "prune",
                tokens,
                shape,
                "--target=params=0.9",
                "--criterion=expressiveness",
                "--data",
                data,
                "-o",
                out,
                "--json");
        assertThat(report.get("units_removed").asInt()).isPositive();
        assertThat(out).exists();
    }

    @Test
    void pruneTakesHalfPrecisionWeights() throws Exception {
        for (String type : List.of("float16", "bfloat16", "float64")) {
            Path half = Path.of("../model-runtime/src/test/resources/io/espalier/runtime/typed-" + type + ".pt");
            Path out = folder.resolve(type + ".pt");
            JsonNode report = printed(
                    "prune",
                    half,
                    "--input-shape=1,1,8,8",
                    "--target=macs=0.5",
                    "--criterion=expressiveness",
                    "--samples=16",
                    "-o",
                    out,
                    "--json");
            assertThat(report.get("macs_after").asLong())
                    .isLessThanOrEqualTo(report.get("macs_before").asLong() / 2);
            assertThat(Files.size(out)).isLessThan(Files.size(half));
        }
    }

    @Test
    void scoreScoresEveryUnitOnGivenAndOnRandomInputs() throws Exception {
        for (String data : new String[] {"random", images.toString()}) {
            JsonNode scores = printed("score", model, SHAPE, "--data", data, "--samples=64", "--json");
            assertThat(scores).hasSizeGreaterThanOrEqualTo(12);
            for (JsonNode point : scores) {
                assertThat(point.get("samples").asLong()).isEqualTo(64);
                assertThat(point.get("score")).hasSize(point.get("units").asInt());
                assertThat(point.get("standard_error"))
                        .hasSize(point.get("units").asInt());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expressiveness",
                "l1",
                "l2",
                "bn_scale",
                "hybrid:0.5",
                "fluctuation",
                "apoz",
                "saliency",
                "random:3"
            })
    void pruneReachesItsTargetByEveryCriterion(String criterion) throws Exception {
        Path out = folder.resolve("out.pt");
        Path report = folder.resolve("report.json");
        Espalier.Finished finished = Espalier.run(
                folder,
                "prune",
                model,
                SHAPE,
                "--target=macs=0.5",
                "--criterion",
                criterion,
                "--data",
                images,
                "--samples=64",
                "-o",
                out,
                "--report",
                report);
        assertThat(finished.code()).isZero();
        JsonNode written = json.readTree(report.toFile());
        assertThat(written.get("macs_before").asLong()).isEqualTo(MACS);
        assertThat(written.get("macs_after").asLong()).isLessThanOrEqualTo(MACS / 2);
        assertThat(written.get("equivalence_max_rel_error").asDouble()).isBetween(0.0, 1e-4);
        JsonNode recounted = printed("inspect", out, SHAPE, "--json");
        assertThat(recounted.get("params").asLong())
                .isEqualTo(written.get("params_after").asLong());
        assertThat(recounted.get("macs").asLong())
                .isEqualTo(written.get("macs_after").asLong());
    }

    @Test
    void pruneRemovesExactlyWhatAPlanSays() throws Exception {
        Path plan = Files.writeString(folder.resolve("plan.json"), "{\"groups\": {\"layer1.0.conv1\": [0, 5]}}");
        Path out = folder.resolve("out.pt");
        JsonNode report = printed("prune", model, SHAPE, "--plan", plan, "-o", out, "--json");
        assertThat(report.get("units_removed").asInt()).isEqualTo(2);
        JsonNode cut = report.get("tensors").get("layer1.0.conv1.weight");
        assertThat(cut.get("before").get(0).asInt()).isEqualTo(16);
        assertThat(cut.get("after").get(0).asInt()).isEqualTo(14);
        Set<Integer> kept = new HashSet<>();
        cut.get("kept").get("0").forEach(index -> kept.add(index.asInt()));
        assertThat(kept).hasSize(14).doesNotContain(0, 5);
    }

    @Test
    void pruneTellsWhatBecameOfConstants() throws Exception {
        // Units 1 and 3 are constants that three layers read: one has a bias, one pads, one has nowhere to put them.
        Path constants = Path.of("../model-surgery/src/test/resources/io/espalier/surgery/folds/residual.pt");
        Path plan = Files.writeString(folder.resolve("plan.json"), "{\"groups\": {\"a\": [1, 2, 3]}}");
        Path out = folder.resolve("out.pt");
        Path report = folder.resolve("report.json");
        String said = Espalier.run(
                        folder,
                        "prune",
                        constants.toAbsolutePath(),
                        "--input-shape=1,3,8,8",
                        "--plan",
                        plan,
                        "-o",
                        out,
                        "--report",
                        report)
                .out();
        assertThat(said).contains("2 constants were folded into the next layer and 4 could not be");
        JsonNode folds = json.readTree(report.toFile()).get("folds");
        assertThat(folds).hasSize(6);
        assertThat(folds.findValuesAsText("into")).containsOnly("plain.bias", "");
        assertThat(folds.get(0).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("group", "unit", "reader", "folded", "into", "reason");
    }

    private JsonNode printed(Object... arguments) throws Exception {
        Espalier.Finished finished = Espalier.run(folder, arguments);
        assertThat(finished.errorLines()).isEmpty();
        assertThat(finished.code()).isZero();
        return json.readTree(finished.out());
    }
}
