package io.espalier.runtime;

import io.espalier.surgery.CapturePoint;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model loaded once, with two ways through the same weights: {@link #forward}, and {@link #forwardSampled}, which also
 * returns activations. Their outputs are the same bit for bit. Safe for use by several threads at once.
 */
public final class SampledModel implements AutoCloseable {
    private final LoadedModel model;
    private final List<CapturePoint> capturePoints;

    private SampledModel(LoadedModel model, List<CapturePoint> capturePoints) {
        this.model = model;
        this.capturePoints = capturePoints;
    }

    /** Adds the sampling method to a copy of the archive, and loads that copy. */
    public static SampledModel load(ModelRuntime runtime, ModelArchive archive, ModelAnalysis analysis)
            throws IOException {
        Path sampled = Files.createTempFile("espalier-sampled", ".pt");
        try {
            new Surgeon(archive, analysis).writeSampled(sampled);
            return new SampledModel(runtime.load(sampled), analysis.capturePoints());
        } finally {
            Files.deleteIfExists(sampled);
        }
    }

    /**
     * Outputs of the model, and what it computed on the way.
     *
     * @param captured per capture point, in the order of {@link SampledModel#capturePoints}, the raw values, row-major
     *     [batch][units][positions]
     */
    public record Sampled(List<Tensor> outputs, List<float[]> captured) {}

    public List<CapturePoint> capturePoints() {
        return capturePoints;
    }

    /** As {@link LoadedModel#forward}. */
    public List<Tensor> forward(List<Tensor> inputs) {
        return model.forward(inputs);
    }

    /**
     * As {@link #forward}, with the activations at the capture points.
     *
     * @throws ModelRuntimeException when the inputs have another shape than those the model was analysed at, first
     *     dimension aside: the positions were picked for that one
     */
    public Sampled forwardSampled(List<Tensor> inputs) {
        List<Tensor> all = model.call("forward_sampled", inputs);
        int outputs = all.size() - capturePoints.size();
        List<float[]> captured = new ArrayList<>();
        for (int i = 0; i < capturePoints.size(); i++) {
            captured.add(checked(capturePoints.get(i), all.get(outputs + i), inputs));
        }
        return new Sampled(List.copyOf(all.subList(0, outputs)), captured);
    }

    private static float[] checked(CapturePoint point, Tensor captured, List<Tensor> inputs) {
        long[] shape = captured.shape();
        if (shape.length != 3 || shape[1] != point.units() || shape[2] != point.positions()) {
            throw new ModelRuntimeException(
                    "capture point " + point.name() + " gave " + captured + " on inputs " + inputs + ", not [batch, "
                            + point.units() + ", " + point.positions() + "]: give the shapes it was made for");
        }
        return captured.toFloats().data();
    }

    @Override
    public void close() {
        model.close();
    }
}
