package io.espalier.surgery.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class WeightReaderTest {
    @Test
    void readsHalfPrecisionAsIeeeDefinesIt() {
        assertThat(WeightReader.half((short) 0x3c00)).isEqualTo(1.0);
        assertThat(WeightReader.half((short) 0xc000)).isEqualTo(-2.0);
        assertThat(WeightReader.half((short) 0x7bff)).isEqualTo(65504.0);
        assertThat(WeightReader.half((short) 0x0001)).isEqualTo(Math.pow(2, -24));
        assertThat(WeightReader.half((short) 0x3555)).isEqualTo(0.333251953125);
        assertThat(WeightReader.half((short) 0x7c00)).isInfinite();
        assertThat(WeightReader.half((short) 0x7e00)).isNaN();
    }

    @Test
    void readsEachTypeAtItsWidth() {
        ByteBuffer content = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        content.putFloat(4, -1.5f)
                .putDouble(16, 2.25)
                .putShort(2, (short) 0xbfc0)
                .put(31, (byte) -3);
        assertThat(WeightReader.of(ElementType.FLOAT32).read(content, 1)).isEqualTo(-1.5);
        assertThat(WeightReader.of(ElementType.FLOAT64).read(content, 2)).isEqualTo(2.25);
        assertThat(WeightReader.of(ElementType.BFLOAT16).read(content, 1)).isEqualTo(-1.5);
        assertThat(WeightReader.of(ElementType.INT8).read(content, 31)).isEqualTo(-3);
        assertThat(WeightReader.of(ElementType.UINT8).read(content, 31)).isEqualTo(253);
    }
}
