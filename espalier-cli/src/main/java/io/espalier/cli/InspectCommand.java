package io.espalier.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.espalier.cli.inspect.DotWriter;
import io.espalier.cli.inspect.InspectionTables;
import io.espalier.cli.offline.Progress;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
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

    @Option(
            names = "--dot",
            description =
                    "Print a graph of the layers for Graphviz, a colour for each coupling group, protected layers "
                            + "grey: ... --dot | dot -Tsvg > model.svg")
    private boolean dot;

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
    record GroupView(
            String id,
            int units,
            List<ModelDescriptor.Member> members,
            List<String> capturePoints,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<List<Integer>> blocks,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<List<Integer>> widths) {
        static GroupView of(ModelDescriptor.Group group) {
            return new GroupView(
                    group.id(), group.units(), group.members(), group.capturePoints(), group.blocks(), group.widths());
        }
    }

    @Override
    public Integer call() throws Exception {
        if (json && dot) {
            throw new IllegalArgumentException("give either --json or --dot");
        }
        DescribedModel described = describe();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.mapper().writeValueAsString(Inspection.of(described.descriptor())));
        } else if (dot) {
            new DotWriter(described.descriptor()).write(described.archive().graph(), out);
        } else {
            new InspectionTables(described.descriptor()).print(out);
        }
        out.flush();
        return 0;
    }

    private DescribedModel describe() throws IOException {
        try (Progress progress = Progress.of("inspecting", 2);
                ModelRuntime runtime = model.startRuntime()) {
            progress.step();
            DescribedModel described = model.describe(runtime);
            progress.step();
            return described;
        }
    }
}
