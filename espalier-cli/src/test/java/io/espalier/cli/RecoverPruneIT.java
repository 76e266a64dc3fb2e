package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cutting the demo's model and bringing it back with 256 of its own images. */
final class RecoverPruneIT {
    @TempDir
    Path folder;

    private Path model;
    private Path images;

    @BeforeEach
    void unpack() throws IOException {
        model = unpack("fashion-resnet20.pt");
        images = unpack("fashion-train.npz");
    }

    private Path unpack(String resource) throws IOException {
        return DemoFile.unpack(resource, folder.resolve(resource));
    }

    @Test
    void recoveringChoosesUnitsAndSizesByTheInputsAndSaysHowWellItDoesOnOthers() throws Exception {
        JsonNode report = pruned("--recover=ridge", "--target=macs=0.5");
        JsonNode uniform = pruned("--recover=ridge", "--target=macs=0.5", "--ranking=uniform", "--criterion=l1");

        assertThat(report.get("macs_after").asLong())
                .isLessThanOrEqualTo(report.get("macs_before").asLong() / 2);
        JsonNode step = report.get("recovery").get(0);
        assertThat(step.get("step").asText()).isEqualTo("ridge");
        assertThat(step.get("kept").asBoolean()).isTrue();
        assertThat(step.get("inputs").asInt()).isEqualTo(224);
        JsonNode evaluation = report.get("evaluation");
        assertThat(evaluation.get("inputs").asInt()).isEqualTo(32);
        assertThat(evaluation.get("accuracy_before").asDouble()).isGreaterThan(0.8);
        assertThat(evaluation.get("after").get("accuracy").asDouble())
                .isGreaterThan(evaluation.get("cut").get("accuracy").asDouble());
        assertThat(divergence(report)).isLessThan(divergence(uniform));
    }

    @Test
    void findsTheSmallestModelWithinADisagreement() throws Exception {
        JsonNode strict = pruned("--recover=ridge", "--max-disagreement=0.04");
        JsonNode generous = pruned("--recover=ridge", "--max-disagreement=0.25");

        for (JsonNode report : List.of(strict, generous)) {
            JsonNode found = report.get("disagreement");
            assertThat(found.get("inputs").asInt()).isEqualTo(64);
            assertThat(found.get("measured").asDouble())
                    .isLessThanOrEqualTo(found.get("allowed").asDouble());
            assertThat(report.get("recovery").get(0).get("inputs").asInt()).isEqualTo(168);
            assertThat(1
                            - report.get("evaluation")
                                    .get("after")
                                    .get("agreement")
                                    .asDouble())
                    .isEqualTo(found.get("measured").asDouble());
        }
        assertThat(generous.get("macs_after").asLong())
                .isLessThan(strict.get("macs_after").asLong());
    }

    @Test
    void saysThatInputsAreTooFewToTellADisagreement() throws Exception {
        Espalier.Finished finished = run("--recover=ridge", "--max-disagreement=0.01");
        assertThat(finished.code()).isEqualTo(2);
        assertThat(finished.errorLines())
                .containsExactly("espalier: --max-disagreement 0.01 cannot be told from 64 inputs held out:"
                        + " give 400 inputs or more with --data");
        assertThat(folder.resolve("out.pt")).doesNotExist();
    }

    private static double divergence(JsonNode report) {
        return report.get("recovery").get(0).get("divergence_after").asDouble();
    }

    private JsonNode pruned(String... options) throws Exception {
        Espalier.Finished finished = run(options);
        assertThat(finished.errorLines()).isEmpty();
        assertThat(finished.code()).isZero();
        assertThat(folder.resolve("out.pt")).exists();
        return new ObjectMapper().readTree(finished.out());
    }

    private Espalier.Finished run(String... options) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(
                "prune",
                model,
                "--input-shape=1,1,28,28",
                "--data",
                images,
                "--samples=256",
                "--json",
                "-o",
                folder.resolve("out.pt")));
        arguments.addAll(List.of(options));
        return Espalier.run(folder, arguments.toArray());
    }
}
