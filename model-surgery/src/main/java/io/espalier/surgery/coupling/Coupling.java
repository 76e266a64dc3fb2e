package io.espalier.surgery.coupling;

import io.espalier.surgery.ProtectedUnits;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which units there are and what each takes with it: the result of following labels through a graph. */
public final class Coupling {
    private final Flow flow;
    private final List<UnitGroup> groups;
    private final List<ProtectedUnits> protectedUnits;
    private final UnitIndex[] unitOfLabel;

    /** {@code unitOfLabel}: null where a label belongs to no group that may be cut. */
    Coupling(Flow flow, List<UnitGroup> groups, List<ProtectedUnits> protectedUnits, UnitIndex[] unitOfLabel) {
        this.flow = flow;
        this.groups = groups;
        this.protectedUnits = protectedUnits;
        this.unitOfLabel = unitOfLabel;
    }

    public List<UnitGroup> groups() {
        return groups;
    }

    public List<ProtectedUnits> protectedUnits() {
        return protectedUnits;
    }

    /** Parameter dimensions whose filters or rows make units. */
    public Set<ParameterDim> producers() {
        return flow.producers();
    }

    /** Parameter dimensions that read units: a unit's contribution ends where these are zero. */
    public Set<ParameterDim> consumers() {
        return flow.consumers();
    }

    /** Stored tensors that are weights, biases or norm scales and shifts by the way they are used. */
    public Set<Parameter> weights() {
        return flow.weights();
    }

    /** The unit behind each index of a parameter's dimension, null where nothing may be cut. */
    public UnitIndex[] unitsOf(ParameterDim at) {
        int[][] cells = flow.cells().get(at.parameter());
        int size = (int) at.parameter().shape()[at.dim()];
        return cells == null ? new UnitIndex[size] : resolve(cells[at.dim()]);
    }

    /** The dimension along which a tensor's units lie, with the unit behind each index. */
    public Optional<UnitsAlong> unitsOf(Value value) {
        return flow.labels(value).map(labels -> new UnitsAlong(labels.dim(), resolve(labels.of())));
    }

    /** The stored tensor that an argument is the two-dimensional transpose of. */
    public Optional<Parameter> transposed(Argument argument) {
        return flow.transposed(argument);
    }

    /** Integer literals of the code that count units: site number to the units counted. */
    public Map<Integer, UnitIndex[]> counts() {
        Map<Integer, UnitIndex[]> counts = new LinkedHashMap<>();
        flow.counts().forEach(count -> {
            UnitIndex[] counted = resolve(count.labels());
            if (Arrays.stream(counted).anyMatch(Objects::nonNull)) {
                counts.put(count.site(), counted);
            }
        });
        return counts;
    }

    private UnitIndex[] resolve(int[] labels) {
        UnitIndex[] found = new UnitIndex[labels.length];
        Arrays.setAll(found, i -> unitOfLabel[labels[i]]);
        return found;
    }
}
