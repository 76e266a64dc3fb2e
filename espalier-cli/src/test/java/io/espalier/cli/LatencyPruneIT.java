package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pruning to a share of the time on this machine, whatever else it does: so no time is asserted here. */
final class LatencyPruneIT {
    private static final String SHAPE = "--input-shape=1,1,28,28";

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void unpack() throws IOException {
        model = DemoFile.unpack("fashion-resnet20.pt", folder.resolve("model.pt"));
    }

    @Test
    void timesLayersPlansAndTimesTheModelsThatComeOut() throws Exception {
        Path out = folder.resolve("out.pt");
        Espalier.Finished finished =
                Espalier.run(folder, "prune", model, SHAPE, "--target=latency=0.6", "--threads=1", "-o", out, "--json");
        assertThat(finished.errorLines()).isEmpty();
        assertThat(finished.code()).isZero();
        JsonNode report = new ObjectMapper().readTree(finished.out());
        assertThat(report.get("equivalence_max_rel_error").asDouble()).isBetween(0.0, 1e-4);
        assertThat(report.get("macs_after").asLong())
                .isPositive()
                .isLessThan(report.get("macs_before").asLong());
        JsonNode latency = report.get("latency");
        assertThat(latency.get("target").asDouble()).isEqualTo(0.6);
        assertThat(latency.get("predicted").asDouble()).isBetween(0.0, 1.0);
        assertThat(latency.get("measured").asDouble())
                .isEqualTo(latency.get("after_ms").asDouble()
                        / latency.get("before_ms").asDouble());
        assertThat(latency.get("reached").asBoolean())
                .isEqualTo(latency.get("measured").asDouble() <= 0.6 * 1.05);
    }

    @Test
    void weighsMeasuredTimesAgainstMeasuredDamages() throws Exception {
        Path out = folder.resolve("out.pt");
        Espalier.Finished finished = Espalier.run(
                folder,
                "prune",
                model,
                SHAPE,
                "--target=latency=0.7",
                "--ranking=search",
                "--criterion=elimination",
                "--samples=64",
                "--threads=1",
                "-o",
                out,
                "--json");
        assertThat(finished.errorLines()).isEmpty();
        assertThat(finished.code()).isZero();
        JsonNode report = new ObjectMapper().readTree(finished.out());
        assertThat(report.get("latency").get("predicted").asDouble()).isBetween(0.0, 1.0);
        JsonNode removed = report.get("removed");
        // Groups are not cut alike.
        assertThat(removed.path("layer1.0.conv1").size() / 16.0)
                .isNotEqualTo(removed.path("layer3.2.conv1").size() / 64.0);
    }

    @Test
    void saysThatTheLimitsDoNotAllowIt() throws Exception {
        Espalier.Finished finished = Espalier.run(
                folder,
                "prune",
                model,
                SHAPE,
                "--target=latency=0.01",
                "--max-removed=0.1",
                "--threads=1",
                "-o",
                folder.resolve("out.pt"));
        assertThat(finished.code()).isNotZero();
        assertThat(finished.errorLines()).hasSize(1);
        assertThat(finished.errorLines().get(0))
                .contains("nothing to prune: the target keeps 0.010 of the latency, and the limits allow");
        assertThat(folder.resolve("out.pt")).doesNotExist();
    }
}
