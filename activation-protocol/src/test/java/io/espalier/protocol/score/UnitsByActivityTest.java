package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class UnitsByActivityTest {
    private static final int[] ACTIVE = new Random(4).ints(500, 0, 40).toArray();

    private final UnitsByActivity units = new UnitsByActivity(ACTIVE);

    @Test
    void unitsOfARangeAreFoundWhateverTheOrderTheyCameIn() {
        for (int unit = 0; unit < ACTIVE.length; unit += 2) {
            units.add(unit);
        }
        for (int unit = 1; unit < ACTIVE.length; unit += 2) {
            units.add(unit);
        }
        for (int least = -1; least < 42; least++) {
            int from = least;
            int to = least + 3;
            assertThat(units.around(least, from, to, Integer.MAX_VALUE))
                    .containsExactlyInAnyOrder(IntStream.range(0, ACTIVE.length)
                            .filter(unit -> ACTIVE[unit] >= from && ACTIVE[unit] <= to)
                            .toArray());
        }
    }

    @Test
    void ofTooManyThoseInTheMiddleAreTaken() {
        IntStream.range(0, ACTIVE.length).forEach(units::add);
        assertThat(activities(20, 10, 30, 50)).hasSize(50).allMatch(count -> Math.abs(count - 20) <= 3);
        assertThat(activities(0, 0, 3, 20)).hasSize(20).allMatch(count -> count <= 1);
        assertThat(activities(39, 36, 43, 20)).hasSize(20).allMatch(count -> count >= 37);
    }

    private List<Integer> activities(int count, int least, int most, int limit) {
        return IntStream.of(units.around(count, least, most, limit))
                .mapToObj(unit -> ACTIVE[unit])
                .toList();
    }

    @Test
    void ofNoUnitsThereAreNone() {
        assertThat(units.around(5, 0, 10, 3)).isEmpty();
    }
}
