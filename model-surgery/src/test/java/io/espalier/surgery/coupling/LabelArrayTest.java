package io.espalier.surgery.coupling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LabelArrayTest {
    private static final LabelArray CHANNELS = LabelArray.along(4, 1, new int[] {5, 6, 7});

    private static LabelArray reshaped(LabelArray labels, long[] from, long[] to) {
        return Reshape.of(labels, from, to).orElseThrow();
    }

    private static int[] line(LabelArray labels) {
        return labels.line(labels.onlyDim(), labels.size(labels.onlyDim()));
    }

    @Test
    void flattenRepeatsALabelForEachPosition() {
        LabelArray flat = reshaped(CHANNELS, new long[] {2, 3, 2, 1}, new long[] {2, 6});
        assertThat(flat.onlyDim()).isEqualTo(1);
        assertThat(line(flat)).containsExactly(5, 5, 6, 6, 7, 7);
    }

    @Test
    void channelsLastThenFlattenInterleavesLabels() {
        LabelArray last = CHANNELS.permuted(new int[] {0, 2, 3, 1});
        assertThat(line(reshaped(last, new long[] {1, 2, 1, 3}, new long[] {1, 6})))
                .containsExactly(5, 6, 7, 5, 6, 7);
    }

    @Test
    void aChannelShuffleScattersThenMixes() {
        LabelArray four = LabelArray.along(3, 1, new int[] {1, 2, 3, 4});
        LabelArray split = reshaped(four, new long[] {1, 4, 2}, new long[] {1, 2, 2, 2});
        assertThat(split.onlyDim()).isEqualTo(-1);
        LabelArray shuffled =
                reshaped(split.permuted(new int[] {0, 2, 1, 3}), new long[] {1, 2, 2, 2}, new long[] {1, 4, 2});
        assertThat(line(shuffled)).containsExactly(1, 3, 2, 4);
    }

    @Test
    void labelsThatMixWithinASliceAreNotAlongOneDimension() {
        LabelArray three = LabelArray.along(3, 1, new int[] {5, 6, 7});
        assertThat(reshaped(three, new long[] {1, 3, 4}, new long[] {1, 4, 3}).onlyDim())
                .isEqualTo(-1);
    }

    @Test
    void onlyTheRunOfDimensionsThatChangesIsWrittenOut() {
        LabelArray heads = reshaped(
                LabelArray.along(3, 2, new int[] {1, 2, 3, 4}), new long[] {8, 49, 4}, new long[] {8, 49, 2, 2});
        assertThat(heads.sizes()).containsExactly(1, 1, 2, 2);
    }

    @Test
    void expandedThenCollapsedIsTheSame() {
        LabelArray expanded = CHANNELS.expanded(new int[] {1, 3, 2, 2});
        assertThat(expanded.cells()).containsExactly(5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7);
        assertThat(LabelArray.of(new int[] {1, 3, 2, 2}, expanded.cells()).sizes())
                .containsExactly(1, 3, 1, 1);
    }

    @Test
    void picksAndSelectsIndices() {
        assertThat(line(CHANNELS.picked(1, new int[] {2, 0}))).containsExactly(7, 5);
        assertThat(CHANNELS.selected(1, 1).cells()).containsExactly(6);
        assertThat(CHANNELS.selected(0, 0).onlyDim()).isZero();
        assertThat(CHANNELS.inserted(0).onlyDim()).isEqualTo(2);
    }

    @Test
    void refusesShapesThatDoNotFit() {
        assertThatThrownBy(() -> reshaped(LabelArray.along(3, 1, new int[3]), new long[] {1, 3, 4}, new long[] {1, 5}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[1, 3, 4] and [1, 5]");
    }
}
