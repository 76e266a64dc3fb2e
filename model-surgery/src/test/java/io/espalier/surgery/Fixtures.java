package io.espalier.surgery;

import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.CouplingFinder;
import io.espalier.surgery.coupling.StoredNumbers;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Value;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** The archives of src/test/python/make_fixtures.py with the shapes recorded there. */
public final class Fixtures {
    private Fixtures() {}

    static Path path(String name) {
        try {
            return Path.of(Fixtures.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ModelArchive open(String name) {
        return ModelArchive.open(path(name + ".pt"));
    }

    public static ShapeProfile shapes(String name) throws IOException {
        return new ShapeProfile(Files.readAllLines(path(name + ".shapes")).stream()
                .map(Fixtures::shape)
                .toList());
    }

    private static long[] shape(String line) {
        return line.isBlank()
                ? new long[0]
                : Arrays.stream(line.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    /** The numbers that an archive's small tensors hold. */
    public static StoredNumbers numbers(String name) {
        return new SmallTensors(open(name).model());
    }

    static ModelAnalysis analyse(String name) throws IOException {
        return open(name).analyse(shapes(name));
    }

    static CouplingGroup group(ModelAnalysis analysis, String id) {
        return analysis.groups().stream()
                .filter(group -> group.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Half of a group's units, of each block equally many or down to a width of at most a half, drawn by a seed. */
    static int[] half(CouplingGroup group, long seed) {
        Random random = new Random(seed);
        List<int[]> blocks = group.blocks().isEmpty()
                ? List.of(IntStream.range(0, group.units()).toArray())
                : group.blocks();
        int[] kept = group.widths().stream()
                .filter(width -> 2 * Arrays.stream(width).sum() <= group.units())
                .findFirst()
                .orElseGet(() -> blocks.stream()
                        .mapToInt(block -> block.length - block.length / 2)
                        .toArray());
        return IntStream.range(0, kept.length)
                .flatMap(b -> {
                    List<Integer> units =
                            new ArrayList<>(IntStream.of(blocks.get(b)).boxed().toList());
                    Collections.shuffle(units, random);
                    return units.subList(0, units.size() - kept[b]).stream().mapToInt(Integer::intValue);
                })
                .toArray();
    }

    /** Half of every group. */
    static PruningPlan halfOfAll(ModelAnalysis analysis) {
        Map<String, int[]> remove = new LinkedHashMap<>();
        analysis.groups().forEach(group -> remove.put(group.id(), half(group, 7)));
        return new PruningPlan(remove);
    }

    /** What a run of the pruned model would record: sizes along units shrink, all else stays. */
    static ShapeProfile shapesAfter(ModelArchive original, ShapeProfile before, PruningPlan plan) {
        Coupling coupling =
                CouplingFinder.find(original.graph(), before.shapes(), parameter -> java.util.Optional.empty());
        List<long[]> after = new ArrayList<>();
        for (Value value : original.graph().tensors()) {
            long[] shape = before.shape(value.tensor());
            coupling.unitsOf(value)
                    .ifPresent(along -> shape[along.dim()] = Arrays.stream(along.units())
                            .filter(unit -> unit == null || !isRemoved(unit, plan))
                            .count());
            after.add(shape);
        }
        return new ShapeProfile(after);
    }

    private static boolean isRemoved(UnitIndex unit, PruningPlan plan) {
        int[] removed = plan.remove().get(unit.group());
        return removed != null && Arrays.binarySearch(removed, unit.unit()) >= 0;
    }
}
