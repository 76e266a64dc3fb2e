package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What every cut must equal; throws where one does not. */
final class CutOracles {
    /** Largest relative difference after units were removed that did nothing. */
    private static final double DEAD = 1e-6;

    private final ModelRuntime runtime;
    private final Path folder;

    CutOracles(ModelRuntime runtime, Path folder) {
        this.runtime = runtime;
        this.folder = folder;
    }

    static Map<String, List<Integer>> someOfAll(DescribedModel model, double share, long seed) {
        Random random = new Random(seed);
        Map<String, List<Integer>> remove = new TreeMap<>();
        for (ModelDescriptor.Group group : model.descriptor().groups()) {
            List<Integer> units = GroupCuts.some(group, share, random);
            if (!units.isEmpty()) {
                remove.put(group.id(), units);
            }
        }
        return remove;
    }

    /**
     * Removes the units, and compares what is left with the original in which nobody reads them, which the surgery writes,
     * and with the original in which they are exactly dead, which it has no part in.
     */
    BuiltVersion isRight(FamilyArchive archive, DescribedModel model, Map<String, List<Integer>> remove)
            throws IOException {
        BuiltVersion built = build(model, remove);
        assertThat(built.isEquivalent())
                .as("cut %s: differs from the zeroed original by %s", remove, built.maxRelativeError())
                .isTrue();
        Path dead = folder.resolve("dead.pt");
        DeadCopy.write(archive, built.report().tensors(), dead);
        assertThat(difference(archive, dead))
                .as("cut %s: difference from the original with those units dead", remove)
                .isLessThanOrEqualTo(DEAD);
        return built;
    }

    /** As {@link #isRight}; moreover the written file's cost is the predicted one, and the cut can be seen in the output. */
    void isRightAndCounted(FamilyArchive archive, DescribedModel model, Map<String, List<Integer>> remove)
            throws IOException {
        BuiltVersion built = isRight(archive, model, remove);
        ModelDescriptor again =
                archive.describe(runtime, folder.resolve("cut.pt")).descriptor();
        assertThat(again.params())
                .isEqualTo(built.params())
                .isLessThan(model.descriptor().params());
        assertThat(again.macs())
                .isEqualTo(built.macs())
                .isLessThan(model.descriptor().macs());
        assertThat(difference(archive, archive.path()))
                .as("what cutting %s does to the output: units that do nothing prove nothing", remove)
                .isGreaterThan(10 * DEAD);
    }

    /** Of what was cut last from another archive that takes the same inputs. */
    double difference(FamilyArchive archive, Path other) {
        try (LoadedModel cut = runtime.load(folder.resolve("cut.pt"));
                LoadedModel whole = runtime.load(other)) {
            Equivalence difference = new Equivalence();
            for (long seed = 0; seed < 2; seed++) {
                difference.compare(cut, whole, archive.inputs(seed));
            }
            return difference.maxRelativeError();
        }
    }

    private BuiltVersion build(DescribedModel model, Map<String, List<Integer>> remove) throws IOException {
        return new VersionBuilder(runtime)
                .build(model, remove, folder.resolve("cut.pt"), new EquivalenceInputs(2, 5, List.of()));
    }

    /** Plan A, then plan B in the indices that A left, writes the bytes that the union of both writes. */
    void twiceIsTheUnion(FamilyArchive archive, DescribedModel model, long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, List<Integer>> first = new TreeMap<>();
        for (ModelDescriptor.Group group : model.descriptor().groups()) {
            List<Integer> units = GroupCuts.next(group, random);
            if (GroupCuts.isCutTwice(group)) {
                first.put(group.id(), units);
            }
        }
        if (first.isEmpty()) {
            return;
        }
        Path once = folder.resolve("once.pt");
        Path twice = folder.resolve("twice.pt");
        Path together = folder.resolve("together.pt");
        write(model, first, once);
        DescribedModel cut = archive.describe(runtime, once);
        Map<String, List<Integer>> second = new TreeMap<>();
        Map<String, List<Integer>> union = new TreeMap<>(first);
        for (ModelDescriptor.Group group : model.descriptor().groups()) {
            List<Integer> gone = first.get(group.id());
            for (ModelDescriptor.Group left : gone == null ? List.<ModelDescriptor.Group>of() : same(group, cut)) {
                List<Integer> kept = IntStream.range(0, group.units())
                        .filter(unit -> !gone.contains(unit))
                        .boxed()
                        .toList();
                assertThat(left.units()).isEqualTo(kept.size());
                List<Integer> units = GroupCuts.next(left, random);
                second.put(group.id(), units);
                union.put(
                        group.id(),
                        Stream.concat(gone.stream(), units.stream().map(kept::get))
                                .toList());
            }
        }
        model.descriptor().groups().stream()
                .filter(group -> group.widths().isEmpty() && first.containsKey(group.id()))
                .forEach(group -> assertThat(second).containsKey(group.id()));
        write(cut, second, twice);
        write(model, union, together);
        assertThat(twice).hasSameBinaryContentAs(together);
    }

    /** None where only a trunk of certain widths was a group, and what is left of it is an ordinary one, or none. */
    private static List<ModelDescriptor.Group> same(ModelDescriptor.Group group, DescribedModel model) {
        return model.descriptor().groups().stream()
                .filter(other -> other.id().equals(group.id())
                        && other.widths().isEmpty() == group.widths().isEmpty())
                .toList();
    }

    private static void write(DescribedModel model, Map<String, List<Integer>> remove, Path target) throws IOException {
        Map<String, int[]> units = remove.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().stream().mapToInt(Integer::intValue).toArray()));
        new Surgeon(model.archive(), model.analysis()).writePruned(new PruningPlan(units), target);
    }
}
