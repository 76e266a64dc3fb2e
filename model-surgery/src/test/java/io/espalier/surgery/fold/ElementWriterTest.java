package io.espalier.surgery.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.cost.WeightReader;
import io.espalier.surgery.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementWriterTest {
    private final ByteBuffer content = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void everyNumberOfATypeIsWrittenAsItself(ElementType type) {
        WeightReader reader = WeightReader.of(type);
        for (int bits = 0; bits < 1 << 16; bits++) {
            content.putShort(2, (short) bits);
            double value = reader.read(content, 1);
            if (!Double.isNaN(value) && value != 0) {
                ElementWriter.write(type, content, 1, value);
                assertThat(content.getShort(2)).as("%s", value).isEqualTo((short) bits);
            }
        }
    }

    @Property
    void noNumberOfTheTypeIsNearer(@ForAll @DoubleRange(min = -70000, max = 70000) double value) {
        for (ElementType type : new ElementType[] {ElementType.FLOAT16, ElementType.BFLOAT16}) {
            ElementWriter.write(type, content, 0, value);
            short written = content.getShort(0);
            double error = Math.abs(WeightReader.of(type).read(content, 0) - value);
            for (int step = -1; step <= 1; step += 2) {
                content.putShort(0, (short) (written + step));
                double neighbour = WeightReader.of(type).read(content, 0);
                if (Double.isFinite(neighbour) && Double.isFinite(error)) {
                    assertThat(error).isLessThanOrEqualTo(Math.abs(neighbour - value));
                }
            }
        }
    }

    @Test
    void tiesGoToTheEvenNumberAndNothingIsRoundedTwice() {
        ElementWriter.write(ElementType.FLOAT16, content, 0, 1 + 0x1p-11);
        assertThat(WeightReader.of(ElementType.FLOAT16).read(content, 0)).isEqualTo(1);
        // In float32 this is the tie itself.
        ElementWriter.write(ElementType.FLOAT16, content, 0, 1 + 0x1p-11 + 0x1p-40);
        assertThat(WeightReader.of(ElementType.FLOAT16).read(content, 0)).isEqualTo(1 + 0x1p-10);
        ElementWriter.write(ElementType.BFLOAT16, content, 0, 1 + 0x1p-8 + 0x1p-40);
        assertThat(WeightReader.of(ElementType.BFLOAT16).read(content, 0)).isEqualTo(1 + 0x1p-7);
        ElementWriter.write(ElementType.FLOAT16, content, 0, 65520);
        assertThat(WeightReader.of(ElementType.FLOAT16).read(content, 0)).isInfinite();
    }
}
