package io.espalier.surgery.coupling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.Fixtures;
import io.espalier.surgery.IllegalPlanException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units that nested shuffles tie to each other are cut to widths of the whole, and what is no such width is refused. */
class TrunkTest {
    /** Two stems that are added, and four convolutions of a half each: 20 sums and 4 times 10 filters. */
    private static final String HALVES = "families/trap-shuffled-halves-frozen";

    @Test
    void aTrunkIsOneGroupWhoseBlocksAreThoseThatReachTheSame() throws IOException {
        UnitGroup trunk = trunk(find(HALVES));
        assertThat(trunk.units()).isEqualTo(60);
        assertThat(trunk.widths().get(0))
                .isEqualTo(
                        trunk.blocks().stream().mapToInt(block -> block.length).toArray());
        assertThat(trunk.widths())
                .extracting(width -> Arrays.stream(width).sum())
                .containsExactly(60, 54, 48, 42, 30, 12, 6);
        for (int i = 1; i < trunk.widths().size(); i++) {
            int[] before = trunk.widths().get(i - 1);
            int[] width = trunk.widths().get(i);
            assertThat(IntStream.range(0, width.length)).allMatch(block -> width[block] <= before[block]);
        }
    }

    @Test
    void ofTheFirstHalfEveryChannelIsReadLaterThanOfTheSecond() throws IOException {
        UnitGroup trunk = trunk(find(HALVES));
        // The sums' second half is what the first convolution reads, and nothing else does.
        assertThat(trunk.blocks()).contains(IntStream.range(10, 20).toArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HALVES,
                "families/trap-shuffled-thirds-frozen",
                "families/trap-shuffled-groups-frozen",
                "families/shufflenet-deep-frozen"
            })
    void everyWidthCanBeCutWhicheverUnitsOfABlockStay(String name) throws IOException {
        Coupling coupling = find(name);
        Random random = new Random(5);
        for (UnitGroup group : coupling.groups()) {
            for (int[] width : group.widths()) {
                for (int i = 0; i < 3; i++) {
                    coupling.rehearse(removed(group, width, random));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HALVES, "families/trap-shuffled-thirds-frozen", "families/trap-shuffled-groups-frozen"})
    void unitsOfOtherBlocksAreRefusedByTheRehearsalItself(String name) throws IOException {
        Coupling coupling = find(name);
        UnitGroup trunk = trunk(coupling);
        int[] width = trunk.widths().get(1);
        int refused = 0;
        for (int from = 0; from < width.length; from++) {
            int to = (from + 1) % width.length;
            int[] other = width.clone();
            other[from]--;
            other[to]++;
            if (other[from] >= 0 && other[to] <= trunk.blocks().get(to).length) {
                Set<UnitIndex> removed = removed(trunk, other, new Random(1));
                assertThatThrownBy(() -> coupling.rehearse(removed)).isInstanceOf(IllegalPlanException.class);
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aUnitAloneIsRefused() throws IOException {
        Coupling coupling = find(HALVES);
        UnitGroup trunk = trunk(coupling);
        for (int unit = 0; unit < trunk.units(); unit++) {
            Set<UnitIndex> removed = Set.of(new UnitIndex(trunk.id(), unit));
            assertThatThrownBy(() -> coupling.rehearse(removed)).isInstanceOf(IllegalPlanException.class);
        }
    }

    @Test
    void producersKeepTheirOrderAndReadersGetTheOneInWhichUnitsArrive() throws IOException {
        Coupling coupling = find(HALVES);
        UnitGroup trunk = trunk(coupling);
        int reordered = 0;
        for (int seed = 0; seed < 10; seed++) {
            Rewrite rewrite = coupling.rehearse(removed(trunk, trunk.widths().get(3), new Random(seed)));
            for (ParameterDim at : trunk.members()) {
                List<int[]> orders = rewrite.orders().get(at);
                assertThat(orders).hasSize(1);
                assertThat(orders.get(0)).doesNotHaveDuplicates();
                boolean ascending =
                        IntStream.range(1, orders.get(0).length).allMatch(i -> orders.get(0)[i - 1] < orders.get(0)[i]);
                if (coupling.producers().contains(at)) {
                    assertThat(ascending).isTrue();
                } else if (!ascending) {
                    reordered++;
                }
            }
        }
        assertThat(reordered).isPositive();
    }

    @Test
    void channelsThatAreReadAtSeveralPlacesStay() throws IOException {
        Coupling coupling = find("families/trap-shuffled-flatten-frozen");
        assertThat(coupling.groups()).isEmpty();
        assertThat(coupling.protectedUnits())
                .anySatisfy(units -> assertThat(units.reason()).isEqualTo(Sets.TIED));
    }

    @Test
    void wholeTrunksStayInTheirOrderWhereOnlyOtherGroupsAreCut() throws IOException {
        Coupling coupling = find("families/shufflenet-deep-frozen");
        UnitGroup inner = coupling.groups().stream()
                .filter(group -> group.blocks().isEmpty())
                .findFirst()
                .orElseThrow();
        coupling.rehearse(Set.of(new UnitIndex(inner.id(), 0)))
                .orders()
                .values()
                .forEach(orders -> assertThat(orders)
                        .allSatisfy(order -> assertThat(order)
                                .isEqualTo(IntStream.range(0, order.length).toArray())));
    }

    private static Coupling find(String name) throws IOException {
        return CouplingFinder.find(
                Fixtures.open(name).graph(), Fixtures.shapes(name).shapes(), Fixtures.numbers(name));
    }

    private static UnitGroup trunk(Coupling coupling) {
        return coupling.groups().stream()
                .filter(group -> !group.widths().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static Set<UnitIndex> removed(UnitGroup group, int[] kept, Random random) {
        Set<UnitIndex> removed = new HashSet<>();
        for (int b = 0; b < kept.length; b++) {
            List<Integer> units =
                    new ArrayList<>(IntStream.of(group.blocks().get(b)).boxed().toList());
            Collections.shuffle(units, random);
            units.subList(kept[b], units.size()).forEach(unit -> removed.add(new UnitIndex(group.id(), unit)));
        }
        return removed;
    }
}
