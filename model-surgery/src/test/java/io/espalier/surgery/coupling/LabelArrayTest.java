package io.espalier.surgery.coupling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LabelArrayTest {
    private static final Labels CHANNELS = new Labels(1, new int[] {5, 6, 7});

    @Test
    void flattenRepeatsALabelForEachPosition() {
        assertThat(LabelArray.of(new long[] {2, 3, 2, 1}, CHANNELS)
                        .reshaped(new long[] {2, 6})
                        .alongOneDim())
                .contains(new Labels(1, new int[] {5, 5, 6, 6, 7, 7}));
    }

    @Test
    void channelsLastThenFlattenInterleavesLabels() {
        assertThat(LabelArray.of(new long[] {1, 3, 2, 1}, CHANNELS)
                        .permuted(new int[] {0, 2, 3, 1})
                        .reshaped(new long[] {1, 6})
                        .alongOneDim())
                .contains(new Labels(1, new int[] {5, 6, 7, 5, 6, 7}));
    }

    @Test
    void aChannelShuffleScattersThenMixes() {
        LabelArray four = LabelArray.of(new long[] {1, 4, 2}, new Labels(1, new int[] {1, 2, 3, 4}));
        LabelArray split = four.reshaped(new long[] {1, 2, 2, 2});
        assertThat(split.alongOneDim()).isEmpty();
        assertThat(split.permuted(new int[] {0, 2, 1, 3})
                        .reshaped(new long[] {1, 4, 2})
                        .alongOneDim())
                .contains(new Labels(1, new int[] {1, 3, 2, 4}));
    }

    @Test
    void labelsThatMixWithinASliceAreNotAlongOneDim() {
        assertThat(LabelArray.of(new long[] {1, 3, 4}, CHANNELS)
                        .reshaped(new long[] {1, 4, 3})
                        .alongOneDim())
                .isEmpty();
    }

    @Test
    void refusesShapesThatDoNotFit() {
        assertThatThrownBy(() -> LabelArray.of(new long[] {1, 3, 4}, CHANNELS).reshaped(new long[] {1, 5}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[1, 3, 4] and [1, 5]");
    }
}
