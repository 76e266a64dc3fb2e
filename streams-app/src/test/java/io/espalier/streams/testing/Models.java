package io.espalier.streams.testing;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Interval;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Artifact;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.ModelDescriptor.Input;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A small model: one group of eight units, seen at one capture point; half of its cost goes with half of the units. */
public final class Models {
    public static final String MODEL = "small";
    public static final String POINT = "relu1";
    public static final String GROUP = "conv1";
    public static final int UNITS = 8;

    private Models() {}

    public static ModelDescriptor descriptor(String version) {
        return descriptor(version, Map.of("l2", new float[UNITS]));
    }

    public static ModelDescriptor descriptor(String version, Map<String, float[]> importance) {
        return descriptor(MODEL, version, importance);
    }

    /** The same under another name. */
    public static ModelDescriptor named(String model) {
        return descriptor(model, "1", Map.of("l2", new float[UNITS]));
    }

    private static ModelDescriptor descriptor(String model, String version, Map<String, float[]> importance) {
        return new ModelDescriptor(
                model,
                version,
                new Artifact("file:/nowhere/small.pt", "00"),
                List.of(new Input("x", "FP32", List.of(1L, 3L, 8L, 8L))),
                UNITS * 10L,
                UNITS * 100L,
                List.of(),
                List.of(new Group(GROUP, UNITS, List.of(), List.of(POINT), importance, List.of(), List.of())),
                List.of(new CapturePoint(POINT, GROUP, UNITS, 4)),
                List.of(new CostTerm("conv1", 10, List.of(new CostTerm.Extent(0, Map.of(GROUP, 1), 1)))),
                List.of(new CostTerm("conv1", 100, List.of(new CostTerm.Extent(0, Map.of(GROUP, 1), 1)))),
                List.of());
    }

    /** All of {@link #POINT} of version 1, each score known to {@code error}, its interval two of them to each side. */
    public static Expressiveness known(Window window, long samples, double error, double... scores) {
        double[] errors = new double[scores.length];
        Arrays.fill(errors, error);
        double[] lower = Arrays.stream(scores)
                .map(score -> Math.max(0, score - 2 * error))
                .toArray();
        double[] upper = Arrays.stream(scores).map(score -> score + 2 * error).toArray();
        return new Expressiveness(
                MODEL,
                "1",
                POINT,
                0,
                scores.length,
                4,
                window,
                samples,
                scores,
                errors,
                null,
                null,
                null,
                null,
                new Interval(lower, upper),
                null,
                null);
    }

    /** A shard of {@link #POINT}. */
    public static Expressiveness scores(String version, int firstUnit, long samples, double... scores) {
        return new Expressiveness(
                MODEL,
                version,
                POINT,
                firstUnit,
                scores.length,
                4,
                new Window(0, 60_000, 1),
                samples,
                scores,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
