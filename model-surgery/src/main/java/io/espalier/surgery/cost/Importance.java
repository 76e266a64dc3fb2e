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
import java.util.function.Function;

/** Sums of absolute and squared weights over the filters and rows that produce each unit. */
public final class Importance {
    private final Map<String, double[]> absolute = new HashMap<>();
    private final Map<String, double[]> squared = new HashMap<>();

    /** {@code content}: a parameter's elements, row-major, little-endian. */
    public Importance(Coupling coupling, Function<Parameter, ByteBuffer> content) {
        for (UnitGroup group : coupling.groups()) {
            absolute.put(group.id(), new double[group.units()]);
            squared.put(group.id(), new double[group.units()]);
        }
        for (ParameterDim producer : coupling.producers()) {
            UnitIndex[] units = coupling.unitsOf(producer);
            if (Arrays.stream(units).anyMatch(unit -> unit != null)) {
                add(producer, units, content.apply(producer.parameter()));
            }
        }
    }

    private void add(ParameterDim producer, UnitIndex[] units, ByteBuffer content) {
        long[] shape = producer.parameter().shape();
        int inner = (int) Arrays.stream(shape).skip(producer.dim() + 1L).reduce(1, Math::multiplyExact);
        int slices = Math.toIntExact(producer.parameter().elements()) / Math.max(1, inner);
        WeightReader weights = WeightReader.of(producer.parameter().type());
        for (int slice = 0; slice < slices; slice++) {
            UnitIndex unit = units[slice % units.length];
            if (unit != null) {
                double sum = 0;
                double squares = 0;
                for (int i = slice * inner; i < (slice + 1) * inner; i++) {
                    double weight = weights.read(content, i);
                    sum += Math.abs(weight);
                    squares += weight * weight;
                }
                absolute.get(unit.group())[unit.unit()] += sum;
                squared.get(unit.group())[unit.unit()] += squares;
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
