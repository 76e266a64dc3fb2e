package io.espalier.cli.compare;

import io.espalier.protocol.record.Policy;
import io.espalier.runtime.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What all runs of a comparison have in common, and what results must share to be compared.
 *
 * @param model file name
 * @param testSha256 null where inputs of the data are tested on
 * @param metric what targets are shares of: MACs or parameters
 * @param samples inputs that each seed draws, 8 or more
 * @param distilSteps how long is distilled, in recipes that do
 */
public record Setup(
        String model,
        String modelSha256,
        String dataSha256,
        String testSha256,
        Policy.Metric metric,
        Policy.Ranking ranking,
        int samples,
        int distilSteps) {
    private static final int FEWEST = 8;

    public Setup {
        if (metric == Policy.Metric.LATENCY) {
            throw new IllegalArgumentException("--metric must be macs or params: times are not the same twice");
        }
        if (samples < FEWEST) {
            throw new IllegalArgumentException("--samples must be " + FEWEST + " or more, not " + samples);
        }
    }

    /** {@code test} may be null. */
    public static Setup of(
            Path model,
            Path data,
            Path test,
            Policy.Metric metric,
            Policy.Ranking ranking,
            int samples,
            int distilSteps)
            throws IOException {
        return new Setup(
                model.getFileName().toString(),
                Sha256.of(model),
                Sha256.of(data),
                test == null ? null : Sha256.of(test),
                metric,
                ranking,
                samples,
                distilSteps);
    }

    /** In which of its parts another one differs; empty when results of both can stand side by side. */
    List<String> differences(Setup other) {
        List<String> parts = new ArrayList<>();
        add(parts, "model", modelSha256, other.modelSha256);
        add(parts, "--data", dataSha256, other.dataSha256);
        add(parts, "--test", testSha256, other.testSha256);
        add(parts, "--metric", metric, other.metric);
        add(parts, "--ranking", ranking, other.ranking);
        add(parts, "--samples", samples, other.samples);
        add(parts, "--distil-steps", distilSteps, other.distilSteps);
        return parts;
    }

    private static void add(List<String> parts, String part, Object mine, Object other) {
        if (!Objects.equals(mine, other)) {
            parts.add(part);
        }
    }
}
