package io.espalier.cli.inspect;

import io.espalier.cli.offline.Table;
import io.espalier.protocol.record.ModelDescriptor;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a model is made of, for reading on a terminal. */
public final class InspectionTables {
    /** Members of a group that are named; the rest is counted. */
    private static final int MEMBERS = 3;

    /** The operator that protects what the model returns. */
    private static final String RETURN = "return";

    private final ModelDescriptor model;

    public InspectionTables(ModelDescriptor model) {
        this.model = model;
    }

    public void print(PrintWriter out) {
        Table inputs = new Table("input", "type", "shape");
        model.inputs().forEach(input -> inputs.row(input.name(), input.datatype(), joined(input.shape(), ",")));
        inputs.print(out);
        out.println();
        Table layers = new Table("layer", "operator", "params", "MACs");
        model.layers().forEach(layer -> layers.row(layer.name(), layer.op(), layer.params(), layer.macs()));
        layers.print(out);
        out.println();
        if (!model.groups().isEmpty()) {
            Table groups = new Table("coupling group", "units", "dimensions cut", "capture points");
            model.groups()
                    .forEach(group -> groups.row(
                            group.id(),
                            group.units(),
                            members(group.members()),
                            group.capturePoints().isEmpty() ? "-" : joined(group.capturePoints(), " ")));
            groups.print(out);
            out.println();
        }
        if (!model.protectedUnits().isEmpty()) {
            Table protectedUnits = new Table("protected", "units", "operator", "where", "why");
            model.protectedUnits()
                    .forEach(p -> protectedUnits.row(p.tensor(), p.units(), p.op(), p.where(), p.reason()));
            protectedUnits.print(out);
            out.println();
        }
        totals(out);
    }

    private void totals(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d layers, %d coupling groups, %d capture points; %,d parameters (%.2f M), %,d MACs (%.2f G)%n",
                model.layers().size(),
                model.groups().size(),
                model.capturePoints().size(),
                model.params(),
                model.params() / 1e6,
                model.macs(),
                model.macs() / 1e9);
        long free =
                model.groups().stream().mapToLong(ModelDescriptor.Group::units).sum();
        long held = model.protectedUnits().stream()
                .filter(p -> !p.op().equals(RETURN))
                .mapToLong(ModelDescriptor.ProtectedUnits::countedFirst)
                .sum();
        if (free + held > 0) {
            out.printf(
                    Locale.ROOT,
                    "%,d of %,d units can be removed (%.1f %%), those of the model's outputs not counted%n",
                    free,
                    free + held,
                    100.0 * free / (free + held));
        }
    }

    /** {@code conv1.weight[0] bn1.weight[0] +5}: a tensor with its dimension. */
    private static String members(List<ModelDescriptor.Member> members) {
        String named = members.stream()
                .limit(MEMBERS)
                .map(member -> member.tensor() + "[" + member.dim() + "]")
                .collect(Collectors.joining(" "));
        return members.size() <= MEMBERS ? named : named + " +" + (members.size() - MEMBERS);
    }

    private static String joined(List<?> items, String by) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(by));
    }
}
