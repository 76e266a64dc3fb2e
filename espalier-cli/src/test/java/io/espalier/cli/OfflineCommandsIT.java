package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
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
        try (InputStream in = EspalierMain.class.getResourceAsStream("demo/" + resource)) {
            Files.copy(in, folder.resolve(resource));
            return folder.resolve(resource);
        }
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
    @ValueSource(strings = {"expressiveness", "l1", "l2", "hybrid:0.5", "random:3"})
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

    private JsonNode printed(Object... arguments) throws Exception {
        Espalier.Finished finished = Espalier.run(folder, arguments);
        assertThat(finished.errorLines()).isEmpty();
        assertThat(finished.code()).isZero();
        return json.readTree(finished.out());
    }
}
