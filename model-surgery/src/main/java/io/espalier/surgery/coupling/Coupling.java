package io.espalier.surgery.coupling;

import io.espalier.surgery.IllegalPlanException;
import io.espalier.surgery.ProtectedUnits;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which units there are and what each takes with it: the result of following labels through a graph. */
public final class Coupling {
    private final Graph graph;
    private final Survey survey;
    private final CutDims cutDims;
    private final StoredNumbers stored;
    private final Trunks trunks;
    private final Groups.Collected collected;

    Coupling(Graph graph, Survey survey, Sets sets, StoredNumbers stored, Trunks trunks, Groups.Collected collected) {
        this.graph = graph;
        this.survey = survey;
        this.cutDims = sets.cutDims();
        this.stored = stored;
        this.trunks = trunks;
        this.collected = collected;
    }

    public List<UnitGroup> groups() {
        return collected.groups();
    }

    public List<ProtectedUnits> protectedUnits() {
        return collected.protectedUnits();
    }

    /** Parameter dimensions whose filters or rows make units. */
    public Set<ParameterDim> producers() {
        return survey.uses().producers();
    }

    /** Parameter dimensions that read units: a unit's contribution ends where these are zero. */
    public Set<ParameterDim> consumers() {
        return survey.uses().consumers();
    }

    /** Stored tensors that are weights, biases or norm scales and shifts by the way they are used. */
    public Set<Parameter> weights() {
        return survey.uses().weights();
    }

    /**
     * The unit behind each index of a parameter's dimension, null where nothing may be cut. For the input channels of a
     * convolution in groups there are as many runs of these as there are groups: those of each, one after the other.
     */
    public UnitIndex[] unitsOf(ParameterDim at) {
        int[][] cells = survey.uses().cells().get(at.parameter());
        int size = (int) at.parameter().shape()[at.dim()];
        return cells == null ? new UnitIndex[size] : resolve(cells[at.dim()]);
    }

    /** The dimension along which a tensor loses indices, with the unit behind each; empty when it never does. */
    public Optional<UnitsAlong> unitsOf(Value value) {
        return cutDims.has(value)
                ? Optional.of(new UnitsAlong(cutDims.of(value), resolve(cutDims.line(value))))
                : Optional.empty();
    }

    /** The stored tensor that an argument is the two-dimensional transpose of. */
    public Optional<Parameter> transposed(Argument argument) {
        return survey.transposed(argument);
    }

    /** Runs the cut on labels alone; throws {@link Inconsistent} where an operator could not take it. */
    Rewrite rewrite(Set<UnitIndex> removed) {
        UnitIndex[] units = collected.unitOfLabel();
        IntPredicate fixed = label -> units[label] == null;
        IntPredicate stays = label -> units[label] == null || !removed.contains(units[label]);
        Rehearsal rehearsal = trunks.all().isEmpty()
                ? new Rehearsal(survey, cutDims, stored, fixed, stays)
                : new OrderedRehearsal(survey, cutDims, stored, fixed, stays, trunks);
        OperatorRunner runner = new OperatorRunner();
        for (Operator operator : graph.operators()) {
            try {
                runner.apply(operator, rehearsal);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new Inconsistent(operator, "would be given sizes that do not fit: " + e.getMessage());
            }
        }
        return new Rewrite(rehearsal.edits(), rehearsal.renumbered(), rehearsal.orders());
    }

    /**
     * Runs the cut on labels alone: every operator is given what stays and must give what stays.
     *
     * @throws IllegalPlanException when some operator could not take the cut
     */
    public Rewrite rehearse(Set<UnitIndex> removed) {
        try {
            return rewrite(removed);
        } catch (Inconsistent e) {
            throw new IllegalPlanException("the plan cannot be carried out: " + e.getMessage());
        }
    }

    /** Follows marks of the units through the whole graph, operator by operator. */
    public <M> void trace(Tracer<M> tracer) {
        Trace<M> trace = new Trace<>(survey, stored, tracer);
        OperatorRunner runner = new OperatorRunner();
        graph.operators().forEach(operator -> runner.apply(operator, trace));
    }

    /** The labels of a group's units. */
    List<Integer> labels(UnitGroup group) {
        UnitIndex[] units = collected.unitOfLabel();
        return IntStream.range(0, units.length)
                .filter(label -> units[label] != null && units[label].group().equals(group.id()))
                .boxed()
                .toList();
    }

    private UnitIndex[] resolve(int[] labels) {
        UnitIndex[] found = new UnitIndex[labels.length];
        for (int i = 0; i < labels.length; i++) {
            found[i] = collected.unitOfLabel()[labels[i]];
        }
        return found;
    }
}
