package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against loops over whole tensors, each written for the one layer that it is about. */
final class ImportanceTest {
    @Test
    void addsUpTheSquaresOfAllWeightsThatReadAUnit() throws IOException {
        TorchScriptModel model = Fixtures.open("residual").model();
        double[] expected = new double[8];
        for (String reader :
                new String[] {"layer1.0.conv1", "layer1.1.conv1", "layer2.0.conv1", "layer2.0.shortcut.0"}) {
            float[] weight = floats(model, reader + ".weight");
            int kernel = reader.endsWith("shortcut.0") ? 1 : 9;
            for (int i = 0; i < weight.length; i++) {
                expected[i / kernel % 8] += (double) weight[i] * weight[i];
            }
        }
        double[] found = importance("residual", "conv1").get("consumer_l2");
        for (int unit = 0; unit < 8; unit++) {
            assertThat(found[unit]).isCloseTo(Math.sqrt(expected[unit]), within(1e-9));
        }
    }

    @Test
    void addsUpAllPositionsOfAUnitThatWasFlattened() throws IOException {
        float[] weight = floats(Fixtures.open("residual").model(), "fc1.weight");
        double[] expected = new double[12];
        for (int row = 0; row < 16; row++) {
            for (int column = 0; column < 12 * 9; column++) {
                float value = weight[row * 12 * 9 + column];
                expected[column / 9] += (double) value * value;
            }
        }
        double[] found = importance("residual", "layer2.0.conv2").get("consumer_l2");
        for (int unit = 0; unit < 12; unit++) {
            assertThat(found[unit]).isCloseTo(Math.sqrt(expected[unit]), within(1e-9));
        }
    }

    @Test
    void aConvolutionInGroupsReadsAUnitByTheFiltersOfItsOwnGroup() throws IOException {
        // Two groups of four filters, each over four channels: [8, 4, 1, 1].
        float[] weight = floats(Fixtures.open("unknown").model(), "grouped.weight");
        double[] found = importance("unknown", "d").get("consumer_l2");
        for (int unit = 0; unit < 8; unit++) {
            double squares = 0;
            for (int filter = 0; filter < 4; filter++) {
                float value = weight[((unit / 4) * 4 + filter) * 4 + unit % 4];
                squares += (double) value * value;
            }
            assertThat(found[unit]).isCloseTo(Math.sqrt(squares), within(1e-9));
        }
    }

    @Test
    void readsTheColumnsOfAMatrixWhoseTransposeIsMultipliedBy() throws IOException {
        // x @ a.T @ b.T, a is [8, 6] and b [10, 8].
        float[] weight = floats(Fixtures.open("transposed").model(), "b");
        double[] found = importance("transposed", "a").get("consumer_l2");
        for (int unit = 0; unit < 8; unit++) {
            double squares = 0;
            for (int row = 0; row < 10; row++) {
                squares += Math.pow(weight[row * 8 + unit], 2);
            }
            assertThat(found[unit]).isCloseTo(Math.sqrt(squares), within(1e-6));
        }
    }

    @Test
    void averagesTheScalesOfAllBatchNormsOfAUnit() throws IOException {
        TorchScriptModel model = Fixtures.open("residual").model();
        float[] first = floats(model, "bn1.weight");
        float[] second = floats(model, "layer1.0.bn2.weight");
        float[] third = floats(model, "layer1.1.bn2.weight");
        double[] found = importance("residual", "conv1").get("bn_scale");
        for (int unit = 0; unit < 8; unit++) {
            double sum = Math.abs((double) first[unit]) + Math.abs((double) second[unit]) + Math.abs(third[unit]);
            assertThat(found[unit]).isCloseTo(sum / 3, within(1e-9));
        }
    }

    @Test
    void whereThereIsNoBatchNormThereIsNoScale() throws IOException {
        assertThat(importance("residual", "fc1")).containsOnlyKeys("l1", "l2", "consumer_l2");
    }

    private static Map<String, double[]> importance(String model, String group) throws IOException {
        return Fixtures.group(Fixtures.analyse(model), group).importance();
    }

    private static float[] floats(TorchScriptModel model, String name) {
        Parameter parameter = model.graph().parameters().stream()
                .filter(stored -> stored.name().equals(name))
                .findFirst()
                .orElseThrow();
        ByteBuffer content = model.content(parameter);
        float[] values = new float[content.remaining() / Float.BYTES];
        content.asFloatBuffer().get(values);
        return values;
    }
}
