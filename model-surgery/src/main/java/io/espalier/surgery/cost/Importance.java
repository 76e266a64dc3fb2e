package io.espalier.surgery.cost;

import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What weights alone say of each unit; every stored tensor is read once. */
public final class Importance {
    /** Sum of the absolute weights over the filters and rows that produce the unit. */
    public static final String L1 = "l1";
    /** Root of the sum of the squared weights over the filters and rows that produce the unit. */
    public static final String L2 = "l2";
    /** Root of the sum of the squared weights, over all filters and rows that read the unit. */
    public static final String CONSUMER_L2 = "consumer_l2";
    /** Mean of the absolute scales that batch norms multiply the unit by. */
    public static final String BN_SCALE = "bn_scale";

    private final UnitTotals absolute;
    private final UnitTotals squared;
    private final UnitTotals consumed;
    private final UnitTotals scaled;

    /** {@code reader}: hands a parameter's elements over in pieces, row-major, little-endian. */
    public Importance(Graph graph, Coupling coupling, BiConsumer<Parameter, Consumer<ByteBuffer>> reader) {
        absolute = new UnitTotals(coupling.groups());
        squared = new UnitTotals(coupling.groups());
        consumed = new UnitTotals(coupling.groups());
        scaled = new UnitTotals(coupling.groups());
        Map<Parameter, List<Reading>> readings = new LinkedHashMap<>();
        for (ParameterDim producer : coupling.producers()) {
            read(producer, coupling, readings, (units, sums) -> {
                absolute.add(units, sums::absolute);
                squared.add(units, sums::squared);
            });
        }
        for (ParameterDim consumer : coupling.consumers()) {
            read(consumer, coupling, readings, (units, sums) -> consumed.add(units, sums::squared));
        }
        scales(graph)
                .forEach(scale -> read(
                        new ParameterDim(scale, 0), coupling, readings, (u, sums) -> scaled.add(u, sums::absolute)));
        readings.forEach((parameter, of) -> {
            reader.accept(parameter, piece -> of.forEach(reading -> reading.sums.accept(piece)));
            of.forEach(reading -> reading.total.accept(reading.units, reading.sums));
        });
    }

    /**
     * Values per unit, 0 or more, by name. A group has {@link #CONSUMER_L2} and {@link #BN_SCALE} only where each of its
     * units is read by some weight, or scaled by some batch norm.
     */
    public Map<String, double[]> of(String group) {
        Map<String, double[]> values = new TreeMap<>();
        values.put(L1, absolute.sums(group));
        values.put(L2, squared.roots(group));
        if (consumed.coversAll(group)) {
            values.put(CONSUMER_L2, consumed.roots(group));
        }
        if (scaled.coversAll(group)) {
            values.put(BN_SCALE, scaled.means(group));
        }
        return values;
    }

    private static void read(
            ParameterDim along,
            Coupling coupling,
            Map<Parameter, List<Reading>> readings,
            BiConsumer<UnitIndex[], SliceSums> total) {
        UnitIndex[] units = coupling.unitsOf(along);
        if (Arrays.stream(units).anyMatch(Objects::nonNull)) {
            int runs = units.length / (int) along.parameter().shape()[along.dim()];
            readings.computeIfAbsent(along.parameter(), parameter -> new ArrayList<>())
                    .add(new Reading(units, new SliceSums(along, runs), total));
        }
    }

    /** The scales of all batch norms, a shared one once. */
    private static Stream<Parameter> scales(Graph graph) {
        return graph.operators().stream()
                .filter(operator -> operator.name().equals("batch_norm"))
                .flatMap(operator -> scale(operator).stream())
                .distinct();
    }

    private static Optional<Parameter> scale(Operator norm) {
        return norm.argument(1) instanceof Argument.Stored stored ? Optional.of(stored.parameter()) : Optional.empty();
    }

    /** One dimension's sums, and where they go once all of the tensor has been read. */
    private record Reading(UnitIndex[] units, SliceSums sums, BiConsumer<UnitIndex[], SliceSums> total) {}
}
