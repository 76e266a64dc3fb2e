package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stored tables that are combined with attention heads: where they would tie heads or features to each other, heads go
 * whole.
 */
final class HeadTables {
    /** Notes of pairs of operands are kept below this slot. */
    private static final int LOOSE = -1_000_000;

    private final Operator operator;
    private final Flow flow;
    private final Alignment alignment;

    HeadTables(Operator operator, Flow flow, Alignment alignment) {
        this.operator = operator;
        this.flow = flow;
        this.alignment = alignment;
    }

    /** A stored operand that changes along two dimensions of units, such as heads and features: the first go whole. */
    void keepWhole(Parameter parameter, List<Item> items) {
        boolean[] varied = alignment.varied(items);
        int missing = alignment.rank() - parameter.shape().length;
        List<Integer> both = IntStream.range(0, parameter.shape().length)
                .filter(d -> varied[d + missing] && parameter.shape()[d] != 1)
                .mapToObj(d -> d + missing)
                .toList();
        for (int d : both.subList(Math.min(1, both.size()), both.size())) {
            items.replaceAll(item -> mixed(item, d));
        }
    }

    /**
     * A table that is repeated for every head, such as the angles of a rotary embedding, would tie all heads to each other,
     * feature by feature. It makes no units of its own, so that it stays and the heads go whole.
     */
    void keepApart(List<Item> items) {
        for (int i = 0; i < items.size(); i++) {
            for (int j = 0; j < items.size(); j++) {
                int d = repeatedOver(items.get(i), items.get(j));
                if (d >= 0 && isLoose(items.get(j), i * items.size() + j)) {
                    items.set(i, mixed(items.get(i), d));
                    items.set(j, mixed(items.get(j), d));
                }
            }
        }
    }

    /** A dimension along which both change, behind one along which only {@code heads} does and the table has one index. */
    private int repeatedOver(Item heads, Item table) {
        boolean apart = false;
        for (int d = 0; d < alignment.rank(); d++) {
            if (apart && alignment.varies(heads, d) && alignment.varies(table, d)) {
                return d;
            }
            apart |= alignment.varies(heads, d) && alignment.size(table, d) == 1;
        }
        return -1;
    }

    private boolean isLoose(Item item, int pair) {
        boolean loose = item.labels().filter(l -> flow.isLoose(l.cells())).isPresent();
        return flow.noted(operator, LOOSE - pair, loose ? 1 : 0)[0] == 1;
    }

    private Item mixed(Item item, int dim) {
        int own = alignment.own(item, dim);
        return new Item(
                item.labels().flatMap(l -> flow.mixed(l, d -> d == own, operator, "is combined with a stored table")),
                item.shape());
    }
}
