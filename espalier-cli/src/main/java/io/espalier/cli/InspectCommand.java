package io.espalier.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.espalier.cli.offline.Table;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.ModelRuntime;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "inspect",
        description = "Shows layers, capture points, coupling groups, what is protected and why, parameters and MACs.")
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** What {@code --json} prints. */
    record Inspection(
            long params,
            long macs,
            List<ModelDescriptor.Layer> layers,
            List<GroupView> groups,
            List<ModelDescriptor.CapturePoint> capturePoints,
            @JsonProperty("protected") List<ModelDescriptor.ProtectedUnits> protectedUnits) {
        static Inspection of(ModelDescriptor descriptor) {
            return new Inspection(
                    descriptor.params(),
                    descriptor.macs(),
                    descriptor.layers(),
                    descriptor.groups().stream().map(GroupView::of).toList(),
                    descriptor.capturePoints(),
                    descriptor.protectedUnits());
        }
    }

    /** A group without the thousands of numbers of its importance. */
    record GroupView(String id, int units, List<ModelDescriptor.Member> members, List<String> capturePoints) {
        static GroupView of(ModelDescriptor.Group group) {
            return new GroupView(group.id(), group.units(), group.members(), group.capturePoints());
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (ModelRuntime runtime = model.startRuntime()) {
            ModelDescriptor descriptor = model.describe(runtime).descriptor();
            if (json) {
                out.println(Json.mapper().writeValueAsString(Inspection.of(descriptor)));
            } else {
                print(descriptor, out);
            }
        }
        out.flush();
        return 0;
    }

    private static void print(ModelDescriptor model, PrintWriter out) {
        Table layers = new Table("layer", "operator", "params", "MACs");
        model.layers().forEach(layer -> layers.row(layer.name(), layer.op(), layer.params(), layer.macs()));
        layers.print(out);
        out.println();
        Table groups = new Table("coupling group", "units", "tensors cut", "capture points");
        model.groups()
                .forEach(group -> groups.row(
                        group.id(),
                        group.units(),
                        group.members().size(),
                        group.capturePoints().isEmpty() ? "-" : String.join(" ", group.capturePoints())));
        groups.print(out);
        if (!model.protectedUnits().isEmpty()) {
            out.println();
            Table protectedUnits = new Table("protected", "units", "operator", "where", "why");
            model.protectedUnits()
                    .forEach(p -> protectedUnits.row(p.tensor(), p.units(), p.op(), p.where(), p.reason()));
            protectedUnits.print(out);
        }
        out.println();
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
    }
}
