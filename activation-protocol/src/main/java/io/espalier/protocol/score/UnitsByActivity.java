package io.espalier.protocol.score;

import java.util.Arrays;

/** Units, sorted by how often they are active. */
final class UnitsByActivity {
    private final int[] active;
    private final int[] sorted;
    private int size;

    /** {@code active}: how often each unit is that may be added. */
    UnitsByActivity(int[] active) {
        this.active = active;
        this.sorted = new int[active.length];
    }

    void add(int unit) {
        int at = firstAbove(active[unit]);
        System.arraycopy(sorted, at, sorted, at + 1, size - at);
        sorted[at] = unit;
        size++;
    }

    /** Units that are active {@code least} to {@code most} times; of more than {@code limit}, those around {@code count} times. */
    int[] around(int count, int least, int most, int limit) {
        int from = firstAbove(least - 1);
        int to = firstAbove(most);
        if (to - from > limit) {
            int middle = firstAbove(count);
            from = Math.max(from, Math.min(middle - limit / 2, to - limit));
            to = from + limit;
        }
        return Arrays.copyOfRange(sorted, from, to);
    }

    /** Place of the first unit that is active more than {@code count} times. */
    private int firstAbove(int count) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (active[sorted[middle]] > count) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
