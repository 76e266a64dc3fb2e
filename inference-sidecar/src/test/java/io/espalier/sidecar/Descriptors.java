package io.espalier.sidecar;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import java.util.List;

/** A descriptor with as much as publishing needs. */
public final class Descriptors {
    private Descriptors() {}

    public static ModelDescriptor withPoints(CapturePoint... points) {
        return new ModelDescriptor(
                "model",
                "1",
                new ModelDescriptor.Artifact("file:/model.pt", "00"),
                List.of(new ModelDescriptor.Input("x", "FP32", List.of(1L, 2L))),
                0,
                0,
                List.of(),
                List.of(),
                List.of(points),
                List.of(),
                List.of(),
                List.of());
    }
}
