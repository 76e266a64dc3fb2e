package io.espalier.surgery.refit;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WindowTest {
    @Property(tries = 200)
    void readsWhatAConvolutionReads(
            @ForAll @IntRange(min = 3, max = 8) int height,
            @ForAll @IntRange(min = 3, max = 8) int width,
            @ForAll @IntRange(min = 1, max = 3) int kernel,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(min = 0, max = 2) int padding,
            @ForAll @IntRange(min = 1, max = 2) int dilation) {
        int reach = dilation * (kernel - 1) + 1;
        if (height + 2 * padding < reach || width + 2 * padding < reach) {
            return;
        }
        int rows = (height + 2 * padding - reach) / stride + 1;
        int columns = (width + 2 * padding - reach) / stride + 1;
        Window window = new Window(
                new long[] {height, width},
                new long[] {rows, columns},
                new long[] {kernel, kernel},
                new long[] {stride, stride},
                new long[] {padding, padding},
                new long[] {dilation, dilation},
                1);
        int padded = width + 2 * padding;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                long[] read = window.read(new long[] {(long) row * columns + column});
                for (int i = 0; i < kernel; i++) {
                    for (int j = 0; j < kernel; j++) {
                        int expected = (row * stride + i * dilation) * padded + column * stride + j * dilation;
                        assertThat(read[i * kernel + j]).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void bordersComeLastDimensionFirst() {
        Window window = new Window(
                new long[] {4, 6},
                new long[] {6, 8},
                new long[] {3, 3},
                new long[] {1, 1},
                new long[] {2, 1},
                new long[] {1, 1},
                1);
        assertThat(window.border()).containsExactly(1, 1, 2, 2);
    }
}
