package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a search over all 65,536 numbers, which knows nothing of bit patterns but their order. */
class HalfPrecisionTest {
    @Test
    void everyNumberComesBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float fp16 = HalfPrecision.fromFp16((short) bits);
            float bf16 = HalfPrecision.fromBf16((short) bits);
            if (Float.isNaN(fp16)) {
                assertThat(HalfPrecision.fromFp16(HalfPrecision.toFp16(fp16))).isNaN();
            } else {
                assertThat(HalfPrecision.toFp16(fp16)).isEqualTo((short) bits);
            }
            if (Float.isNaN(bf16)) {
                assertThat(HalfPrecision.fromBf16(HalfPrecision.toBf16(bf16))).isNaN();
            } else {
                assertThat(HalfPrecision.toBf16(bf16)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void knownNumbersAreWhatTheStandardSays() {
        assertThat(HalfPrecision.fromFp16((short) 0x3c00)).isEqualTo(1f);
        assertThat(HalfPrecision.fromFp16((short) 0xc000)).isEqualTo(-2f);
        assertThat(HalfPrecision.fromFp16((short) 0x7bff)).isEqualTo(65_504f);
        assertThat(HalfPrecision.fromFp16((short) 0x0001)).isEqualTo(0x1p-24f);
        assertThat(HalfPrecision.fromFp16((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(HalfPrecision.fromBf16((short) 0x3f80)).isEqualTo(1f);
    }

    @Test
    void otherNumbersGoToTheNearestAndTiesToTheEven() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            // Of all sizes that fp16 has, and a little past both ends.
            float value = (float) ((random.nextDouble() * 2 - 1) * Math.scalb(1.0, random.nextInt(44) - 27));
            nearest(value, HalfPrecision.toFp16(value), HalfPrecision::fromFp16);
            nearest(value, HalfPrecision.toBf16(value), HalfPrecision::fromBf16);
        }
        // Halfway between two neighbours.
        for (int bits = 0; bits < 0x7bff; bits++) {
            float between = (HalfPrecision.fromFp16((short) bits) + HalfPrecision.fromFp16((short) (bits + 1))) / 2;
            assertThat(HalfPrecision.toFp16(between)).isEqualTo((short) (bits + (bits & 1)));
            assertThat(HalfPrecision.toFp16(-between)).isEqualTo((short) (0x8000 | (bits + (bits & 1))));
        }
        for (int bits = 0; bits < 0x7f7f; bits++) {
            double sum = (double) HalfPrecision.fromBf16((short) bits) + HalfPrecision.fromBf16((short) (bits + 1));
            assertThat(HalfPrecision.toBf16((float) (sum / 2))).isEqualTo((short) (bits + (bits & 1)));
        }
    }

    @Test
    void whatIsTooLargeIsInfinite() {
        assertThat(HalfPrecision.toFp16(65_519.99f)).isEqualTo((short) 0x7bff);
        assertThat(HalfPrecision.toFp16(65_520f)).isEqualTo((short) 0x7c00);
        assertThat(HalfPrecision.toFp16(-1e30f)).isEqualTo((short) 0xfc00);
        assertThat(HalfPrecision.toBf16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    }

    private interface Reader {
        float read(short bits);
    }

    private static void nearest(float value, short found, Reader reader) {
        double error = Math.abs((double) reader.read(found) - value);
        // Neighbours in size are neighbours in bits; beyond the largest is infinity.
        double up = Math.abs((double) reader.read((short) (found + 1)) - value);
        double down = (found & 0x7fff) == 0
                ? Double.POSITIVE_INFINITY
                : Math.abs((double) reader.read((short) (found - 1)) - value);
        if (Double.isFinite(error)) {
            assertThat(error).isLessThanOrEqualTo(Double.isNaN(up) ? Double.POSITIVE_INFINITY : up);
            assertThat(error).isLessThanOrEqualTo(down);
        }
    }
}
