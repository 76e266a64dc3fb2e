package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A rehearsal of a network with trunks. Where a trunk lies, every tensor must hold the units that stay, each once, in
 * whatever order they arrive in; the order is carried on, and noted for the stored tensors that meet it.
 */
final class OrderedRehearsal extends Rehearsal {
    private final Survey survey;
    private final CutDims cutDims;
    private final Trunks trunks;
    private final TrunkSizes sizes;
    private final ArrivalOrders orders;
    private final Map<Integer, List<Survey.Balance>> balances = new HashMap<>();
    private int balancesMet;

    OrderedRehearsal(
            Survey survey,
            CutDims cutDims,
            StoredNumbers stored,
            IntPredicate fixed,
            IntPredicate stays,
            Trunks trunks) {
        super(survey, cutDims, stored, fixed, stays);
        this.survey = survey;
        this.cutDims = cutDims;
        this.trunks = trunks;
        this.orders = new ArrivalOrders(survey.sets(), stays);
        survey.balances()
                .forEach(balance -> balances.computeIfAbsent(balance.operator().index(), i -> new ArrayList<>())
                        .add(balance));
        int[] kept = new int[trunks.all().size()];
        int[] of = new int[kept.length];
        for (int label = 1; label < survey.sets().joined().size(); label++) {
            int trunk = trunks.of(label);
            if (trunk >= 0 && survey.sets().root(label) == label) {
                of[trunk]++;
                kept[trunk] += stays.test(label) ? 1 : 0;
            }
        }
        this.sizes = new TrunkSizes(survey, trunks::of, kept, of, stays);
    }

    @Override
    Map<ParameterDim, List<int[]>> orders() {
        return orders.met();
    }

    @Override
    void startOperator() {
        super.startOperator();
        balancesMet = 0;
    }

    @Override
    long[] shape(Value value) {
        return trunks.hold(value) ? sizes.of(value, labels(value)) : super.shape(value);
    }

    @Override
    LabelArray checked(Operator operator, Value output, LabelArray given) {
        if (!trunks.hold(output)) {
            return super.checked(operator, output, given);
        }
        meets(output);
        LabelArray surveyed = survey.spread().get(output);
        if (surveyed.rank() != given.rank()
                || orders.order(surveyed.cells(), given.cells()).isEmpty()) {
            throw new Inconsistent(operator, "would give other units than those that stay");
        }
        return given;
    }

    @Override
    boolean fits(Parameter parameter, int dim, int[] surveyed, int[] given) {
        return trunks.anyOf(surveyed)
                ? orders.meet(parameter, dim, surveyed, given)
                : super.fits(parameter, dim, surveyed, given);
    }

    @Override
    void balance(Operator operator, List<int[]> blocks) {
        super.balance(operator, blocks);
        if (blocks.stream().allMatch(block -> Arrays.stream(block).allMatch(label -> label == 0))) {
            return;
        }
        List<Survey.Balance> all = balances.getOrDefault(operator.index(), List.of());
        List<int[]> surveyed = balancesMet < all.size() ? all.get(balancesMet).blocks() : List.of();
        balancesMet++;
        boolean same = surveyed.size() == blocks.size();
        for (int b = 0; b < blocks.size() && same; b++) {
            same = !trunks.anyOf(surveyed.get(b))
                    || orders.order(surveyed.get(b), blocks.get(b)).isPresent();
        }
        if (!same) {
            throw new Inconsistent(operator, "would have other units in its parts");
        }
    }

    @Override
    void inRows(Operator operator, LabelArray rows) {
        if (!trunks.anyOf(rows.cells())) {
            super.inRows(operator, rows);
        }
    }

    @Override
    long left(Argument operand, int dim, long index) {
        Optional<Value> value = Arguments.tensor(operand).filter(trunks::hold);
        return value.isPresent() && !cutDims.has(value.get())
                ? sizes.left(value.get(), dim, index, shape(value.get())[dim])
                : super.left(operand, dim, index);
    }

    @Override
    Optional<int[]> picks(Argument operand, int dim, Parameter indices) {
        return Arguments.tensor(operand).filter(trunks::hold).isPresent()
                ? Optional.empty()
                : super.picks(operand, dim, indices);
    }
}
