package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    /** Units of a group, per block of which equally many must go; one block for an ordinary group. */
    static List<List<Integer>> blocks(ModelDescriptor.Group group) {
        JsonNode blocks = Json.mapper().valueToTree(group).path("blocks");
        List<List<Integer>> units = new ArrayList<>();
        blocks.forEach(block -> {
            List<Integer> indices = new ArrayList<>();
            block.forEach(index -> indices.add(index.asInt()));
            units.add(indices);
        });
        return units.isEmpty()
                ? List.of(IntStream.range(0, group.units()).boxed().toList())
                : units;
    }

    /** A random share of a group's units, at least one and never all of a block; none when a block has one unit alone. */
    static List<Integer> some(ModelDescriptor.Group group, double share, Random random) {
        List<Integer> units = new ArrayList<>();
        for (List<Integer> block : blocks(group)) {
            List<Integer> shuffled = new ArrayList<>(block);
            Collections.shuffle(shuffled, random);
            int count = Math.min(Math.max(1, (int) Math.round(share * block.size())), block.size() - 1);
            units.addAll(shuffled.subList(0, count));
        }
        return units;
    }

    static Map<String, List<Integer>> someOfAll(DescribedModel model, double share, long seed) {
        Random random = new Random(seed);
        Map<String, List<Integer>> remove = new TreeMap<>();
        for (ModelDescriptor.Group group : model.descriptor().groups()) {
            List<Integer> units = some(group, share, random);
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
        Map<String, List<Integer>> second = new TreeMap<>();
        Map<String, List<Integer>> union = new TreeMap<>();
        for (ModelDescriptor.Group group : model.descriptor().groups()) {
            List<List<Integer>> blocks = blocks(group);
            if (blocks.get(0).size() < 3) {
                continue;
            }
            List<Integer> a = new ArrayList<>();
            List<Integer> b = new ArrayList<>();
            for (List<Integer> block : blocks) {
                List<Integer> shuffled = new ArrayList<>(block);
                Collections.shuffle(shuffled, random);
                a.add(shuffled.get(0));
                b.add(shuffled.get(1));
            }
            first.put(group.id(), a);
            second.put(
                    group.id(),
                    b.stream()
                            .map(unit -> unit
                                    - (int) a.stream().filter(x -> x < unit).count())
                            .toList());
            union.put(
                    group.id(),
                    IntStream.range(0, a.size())
                            .boxed()
                            .flatMap(i -> List.of(a.get(i), b.get(i)).stream())
                            .toList());
        }
        if (first.isEmpty()) {
            return;
        }
        Path once = folder.resolve("once.pt");
        Path twice = folder.resolve("twice.pt");
        Path together = folder.resolve("together.pt");
        write(model, first, once);
        write(archive.describe(runtime, once), second, twice);
        write(model, union, together);
        assertThat(twice).hasSameBinaryContentAs(together);
    }

    private static void write(DescribedModel model, Map<String, List<Integer>> remove, Path target) throws IOException {
        Map<String, int[]> units = remove.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().stream().mapToInt(Integer::intValue).toArray()));
        new Surgeon(model.archive(), model.analysis()).writePruned(new PruningPlan(units), target);
    }
}
