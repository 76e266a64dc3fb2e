package io.espalier.surgery.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BlankingTest {
    /** However the tensor is cut into pieces, the same elements are blank. */
    @Property(tries = 300)
    void blanksTheGivenIndicesAndNothingElse(@ForAll @IntRange(min = 1, max = 60) int pieceSize) {
        long[] shape = {3, 4, 5};
        Map<Integer, int[]> blanked = Map.of(1, new int[] {0, 3}, 2, new int[] {4});
        List<Byte> passed = new ArrayList<>();
        Blanking blanking = new Blanking(shape, 2, blanked, piece -> {
            while (piece.hasRemaining()) {
                passed.add(piece.get());
            }
        });
        for (int from = 0; from < 60; from += pieceSize) {
            byte[] piece = new byte[2 * Math.min(pieceSize, 60 - from)];
            java.util.Arrays.fill(piece, (byte) 1);
            blanking.accept(ByteBuffer.wrap(piece));
        }
        assertThat(passed).hasSize(120);
        for (int i = 0; i < 120; i++) {
            int column = i / 2 % 5;
            int row = i / 10 % 4;
            boolean blank = row == 0 || row == 3 || column == 4;
            assertThat(passed.get(i)).as("byte %d", i).isEqualTo((byte) (blank ? 0 : 1));
        }
    }
}
