package io.espalier.sidecar;

import io.espalier.runtime.FloatTensor;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Npz;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The small residual network of model-runtime's tests, with what plain PyTorch computes in it. */
public final class Fixtures {
    public static final Path MODEL = Path.of("../model-runtime/src/test/resources/io/espalier/runtime/residual.pt");
    static final int IMAGES = 24;

    private static final int PIXELS = 2 * 12 * 12;

    private final Map<String, Tensor> expected;

    Fixtures() {
        expected = Npz.read(MODEL.resolveSibling("residual-codes.npz"));
    }

    static ModelRuntime runtime() {
        return ModelRuntime.start(RuntimeSettings.fromEnvironment(1));
    }

    /** Images {@code first} to {@code first + rows}, as one batch. */
    FloatTensor images(int first, int rows) {
        float[] all = expected.get("x").toFloats().data();
        return new FloatTensor(
                new long[] {rows, 2, 12, 12}, Arrays.copyOfRange(all, first * PIXELS, (first + rows) * PIXELS));
    }

    /** Bits of one image at one capture point, unit by unit, position by position. */
    byte[] bits(String capturePoint, int image) {
        byte[] all = expected.get(capturePoint).data();
        int length = all.length / IMAGES;
        return Arrays.copyOfRange(all, image * length, (image + 1) * length);
    }

    static Map<String, String> settings(String bootstrapServers) {
        Map<String, String> settings = new HashMap<>();
        settings.put("espalier.kafka.bootstrap.servers", bootstrapServers);
        settings.put("espalier.model.path", MODEL.toString());
        settings.put("espalier.model.name", "residual");
        settings.put("espalier.model.input-shape", "1,2,12,12");
        settings.put("espalier.http.host", "127.0.0.1");
        settings.put("espalier.http.port", "0");
        settings.put("espalier.publisher.id", "it");
        return settings;
    }
}
