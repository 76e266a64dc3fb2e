package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Npz;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One loop of the whole system; every number it reports is computed again from what it published. */
final class DemoOnceIT {
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void goesRoundOnceAndEveryNumberCanBeRecomputed() throws Exception {
        Path out = folder.resolve("a folder of its own");
        Espalier.Finished finished = Espalier.run(folder, "demo", "--once", "--out", out, "--requests=1200");
        assertThat(finished.errorLines()).isEmpty();
        assertThat(finished.code()).isZero();
        assertThat(finished.out()).contains("waiting: ", "plan  ", "version  ", "recovery ridge", "done  ");

        JsonNode summary = json.readTree(out.resolve("summary.json").toFile());
        assertThat(summary.get("requests").asLong()).isEqualTo(1200);
        // 600 are expected; 100 off would be six standard deviations.
        assertThat(summary.get("samples").asLong() + summary.get("dropped").asLong())
                .isBetween(500L, 700L);
        assertThat(summary.get("macs_after").asLong())
                .isLessThanOrEqualTo(summary.get("macs_before").asLong() / 2);
        assertThat(summary.get("equivalence_max_rel_error").asDouble()).isBetween(0.0, 1e-4);

        JsonNode ridge = summary.get("recovery").get(0);
        assertThat(ridge.get("kept").asBoolean()).as(ridge.toString()).isTrue();
        // At least an eighth of the requests as inputs, of which an eighth is held out.
        assertThat(ridge.get("inputs").asInt() + ridge.get("held_out").asInt()).isBetween(150, 512);
        double lost = summary.get("accuracy_before").asDouble()
                - summary.get("accuracy_after").asDouble();
        assertThat(lost).isLessThan(0.05);
        assertThat(summary.get("accuracy_cut").asDouble()).isLessThan(0.6);

        Recommendation plan = Codecs.RECOMMENDATION.decode(Files.readAllBytes(out.resolve("recommendation.json")));
        assertThat(plan.macsAfter()).isEqualTo(summary.get("macs_after").asLong());
        assertThat(plan.unitsRemoved()).isEqualTo(summary.get("units_removed").asInt());

        try (ModelRuntime runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(0))) {
            Map<String, Tensor> codes = Npz.read(out.resolve("codes.npz"));
            assertScores(codes, "first", summary.get("samples").asLong());
            assertScores(codes, "last", summary.get("samples").asLong());
            assertAccuracy(
                    runtime, out, "model.pt", summary.get("accuracy_before").asDouble());
            assertAccuracy(
                    runtime, out, "model-cut.pt", summary.get("accuracy_cut").asDouble());
            assertAccuracy(
                    runtime,
                    out,
                    "model-pruned.pt",
                    summary.get("accuracy_after").asDouble());
        }
    }

    private static void assertScores(Map<String, Tensor> arrays, String which, long samples) {
        Tensor codes = arrays.get("codes_" + which);
        double[] published = arrays.get("scores_" + which).reals();
        int n = (int) codes.shape()[0];
        int units = (int) codes.shape()[1];
        int positions = (int) codes.shape()[2];
        assertThat((long) n).isEqualTo(samples);
        for (int unit = 0; unit < units; unit++) {
            long disagreeing = 0;
            for (int position = 0; position < positions; position++) {
                long on = 0;
                for (int sample = 0; sample < n; sample++) {
                    on += codes.data()[(sample * units + unit) * positions + position];
                }
                disagreeing += on * (n - on);
            }
            assertThat(published[unit]).isEqualTo(disagreeing / (positions * (n * (n - 1) / 2.0)));
        }
    }

    private static void assertAccuracy(ModelRuntime runtime, Path out, String model, double reported) {
        Map<String, Tensor> test = Npz.read(out.resolve("test.npz"));
        long[] labels = test.get("y").wholes();
        int right = 0;
        try (LoadedModel loaded = runtime.load(out.resolve(model))) {
            float[] logits =
                    loaded.forward(List.of(test.get("x"))).get(0).toFloats().data();
            for (int image = 0; image < labels.length; image++) {
                int best = 0;
                for (int label = 1; label < 10; label++) {
                    best = logits[image * 10 + label] > logits[image * 10 + best] ? label : best;
                }
                right += best == labels[image] ? 1 : 0;
            }
        }
        assertThat((double) right / labels.length).isEqualTo(reported);
    }
}
