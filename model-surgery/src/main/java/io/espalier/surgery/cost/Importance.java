package io.espalier.surgery.cost;

import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitGroup;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Parameter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Sums of absolute and squared weights over the filters and rows that produce each unit. */
public final class Importance {
    private final Map<String, double[]> absolute = new HashMap<>();
    private final Map<String, double[]> squared = new HashMap<>();

    /** {@code reader}: hands a parameter's elements over in pieces, row-major, little-endian. */
    public Importance(Coupling coupling, BiConsumer<Parameter, Consumer<ByteBuffer>> reader) {
        for (UnitGroup group : coupling.groups()) {
            absolute.put(group.id(), new double[group.units()]);
            squared.put(group.id(), new double[group.units()]);
        }
        for (ParameterDim producer : coupling.producers()) {
            UnitIndex[] units = coupling.unitsOf(producer);
            if (Arrays.stream(units).anyMatch(unit -> unit != null)) {
                SliceSums sums = new SliceSums(producer);
                reader.accept(producer.parameter(), sums);
                add(units, sums);
            }
        }
    }

    private void add(UnitIndex[] units, SliceSums sums) {
        for (int i = 0; i < units.length; i++) {
            if (units[i] != null) {
                absolute.get(units[i].group())[units[i].unit()] += sums.absolute(i);
                squared.get(units[i].group())[units[i].unit()] += sums.squared(i);
            }
        }
    }

    public double[] l1(String group) {
        return absolute.get(group);
    }

    public double[] l2(String group) {
        return Arrays.stream(squared.get(group)).map(Math::sqrt).toArray();
    }
}
