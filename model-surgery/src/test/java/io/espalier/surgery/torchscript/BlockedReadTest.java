package io.espalier.surgery.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.graph.Parameter;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockedReadTest {
    /** As a grouped convolution's weight is cut: the rows of each group keep columns of their own. */
    @Test
    void takesOtherColumnsForTheRowsOfEachBlock() throws URISyntaxException {
        TorchScriptModel model = TorchScriptModel.open(Path.of(TorchScriptModel.class
                .getResource("/io/espalier/surgery/residual.pt")
                .toURI()));
        Parameter weight = model.graph().parameters().stream()
                .filter(parameter -> parameter.name().equals("fc1.weight"))
                .findFirst()
                .orElseThrow();
        int columns = (int) weight.shape()[1];
        ByteBuffer all = model.content(weight);
        ByteBuffer taken = ByteBuffer.allocate(4 * 5).order(ByteOrder.LITTLE_ENDIAN);
        model.read(
                weight,
                List.of(Map.of(0, new int[] {1, 0}, 1, new int[] {7, 2}), Map.of(0, new int[] {3}, 1, new int[] {5})),
                taken::put);
        int[] expected = {columns + 7, columns + 2, 7, 2, 3 * columns + 5};
        for (int i = 0; i < expected.length; i++) {
            assertThat(taken.getFloat(4 * i)).isEqualTo(all.getFloat(4 * expected[i]));
        }
    }
}
