package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * A pass over the whole graph, in which labels carry marks: the rules lay the labels out as they did in the survey,
 * and a {@link Tracer} says what each operator makes of their marks. Nothing is joined and nothing is noted.
 */
final class Trace<M> extends LaterPass {
    private final Survey survey;
    private final Tracer<M> tracer;
    private final Marks<M> marks = new Marks<>();
    private final Map<Parameter, LabelArray> stored = new HashMap<>();
    /** Labels that the running operator gave out, whose marks are those behind it. */
    private final Set<Integer> fresh = new HashSet<>();

    private final Set<ParameterDim> consumed = new HashSet<>();

    Trace(Survey survey, StoredNumbers numbers, Tracer<M> tracer) {
        super(survey, numbers);
        this.survey = survey;
        this.tracer = tracer;
    }

    @Override
    void startOperator() {
        super.startOperator();
        fresh.clear();
        consumed.clear();
    }

    @Override
    long[] shape(Value value) {
        return survey.shape(value);
    }

    @Override
    int[] made(Operator operator, Parameter weight, int dim) {
        int[] made = new int[(int) weight.shape()[dim]];
        if (made.length > 1) {
            Arrays.setAll(made, i -> marks.add(tracer.made(operator, new ParameterDim(weight, dim), i)));
            Arrays.stream(made).forEach(fresh::add);
        }
        return made;
    }

    @Override
    int[] filling(Operator operator, int slot, long count) {
        int[] made = new int[Math.toIntExact(count)];
        Arrays.setAll(made, i -> marks.add(tracer.filled(operator)));
        Arrays.stream(made).forEach(fresh::add);
        return made;
    }

    @Override
    int[] data(Operator operator, Parameter parameter, int dim) {
        noteRecorded(parameter);
        int size = (int) parameter.shape()[dim];
        Optional<LabelArray> known = spread(parameter).filter(labels -> labels.size(dim) == size);
        return known.map(labels -> labels.line(dim, size)).orElse(new int[size]);
    }

    @Override
    Optional<int[]> picks(Argument operand, int dim, Parameter indices) {
        return storedList(indices)
                .filter(list -> survey.uses().numberings().containsKey(indices))
                .map(list -> Arrays.stream(list).mapToInt(Math::toIntExact).toArray());
    }

    /** A stored tensor's own labels, along the only dimension in which it has more than one index. */
    private Optional<LabelArray> spread(Parameter parameter) {
        long[] shape = parameter.shape();
        int[] sizes = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        boolean line = Arrays.stream(shape).filter(size -> size != 1).count() <= 1;
        return line
                ? Optional.of(stored.computeIfAbsent(parameter, p -> {
                    int[] labels = new int[(int) p.elements()];
                    Arrays.setAll(labels, i -> marks.add(tracer.stored(p, i)));
                    return LabelArray.of(sizes, labels);
                }))
                : Optional.empty();
    }

    @Override
    LabelArray joined(LabelArray a, LabelArray b, Operator operator, String reason) {
        int[] result = a.cells().clone();
        for (int i = 0; i < result.length; i++) {
            int other = b.cells()[i];
            if (result[i] == 0) {
                result[i] = other;
            } else if (other != 0) {
                result[i] = marks.derive(result[i], tracer.mixed(marks.of(result[i]), marks.of(other)));
            }
        }
        return a.withCells(result);
    }

    @Override
    Optional<LabelArray> mixed(LabelArray labels, IntPredicate dims, Operator operator, String reason) {
        if (!labels.variesAlong(dims)) {
            return Optional.of(labels);
        } else if (!labels.variesAlong(dims.negate())) {
            return Optional.empty();
        }
        LabelArray first = labels.collapsed(dims);
        int[] firsts = first.expanded(labels.sizes()).cells();
        Map<Integer, M> together = new HashMap<>();
        for (int i = 0; i < firsts.length; i++) {
            M own = marks.of(labels.cells()[i]);
            if (own == null) {
                return Optional.empty();
            }
            together.merge(firsts[i], own, tracer::mixed);
        }
        return Optional.of(first.mapped(label -> marks.derive(label, together.get(label))));
    }

    @Override
    LabelArray checked(Operator operator, Value output, LabelArray given) {
        int[] cells = given.cells().clone();
        if (cells.length == 1) {
            return null;
        }
        int dim = given.onlyDim();
        boolean indexed = dim >= 0 && given.size(dim) == survey.shape(output)[dim];
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] != 0) {
                cells[i] = marks.derive(
                        cells[i], tracer.held(output, behind(operator, output, given, i, indexed ? dim : -1)));
            }
        }
        return given.withCells(cells);
    }

    private M behind(Operator operator, Value output, LabelArray given, int cell, int dim) {
        int label = given.cells()[cell];
        if (fresh.contains(label)) {
            return marks.of(label);
        }
        return tracer.passed(new Passage<>(
                operator,
                output,
                given.rank(),
                dim,
                dim < 0 ? -1 : cell,
                marks.of(label),
                position -> operand(operator.argument(position), given, cell),
                position -> number(operator.argument(position)).map(Known::value)));
    }

    private Optional<M> operand(Argument argument, LabelArray given, int cell) {
        return Arguments.stored(argument)
                .flatMap(this::spread)
                .or(() -> labels(argument))
                .filter(labels -> labels.rank() <= given.rank())
                .map(labels -> labels.leftPadded(given.rank()))
                .map(labels -> labels.at(given.sizes(), cell))
                .map(marks::of);
    }

    @Override
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        noteRecorded(parameter);
        byDim.forEach((dim, labels) -> {
            ParameterDim at = new ParameterDim(parameter, dim);
            if (consumed.contains(at)) {
                tracer.read(
                        operator, at, Arrays.stream(labels).mapToObj(marks::of).toList());
            }
        });
    }

    @Override
    void consumes(Parameter weight, int dim) {
        consumed.add(new ParameterDim(weight, dim));
    }

    @Override
    long left(Argument operand, int dim, long index) {
        return index;
    }

    // The survey has seen to all of these.

    @Override
    void finish(Operator operator) {}

    @Override
    void balance(Operator operator, List<int[]> blocks) {}
}
