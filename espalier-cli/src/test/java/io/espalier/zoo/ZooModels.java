package io.espalier.zoo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.cli.offline.TensorReport;
import io.espalier.planner.PlanOutcome;
import io.espalier.planner.Planner;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.PruningReport;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Opens models by name, and cuts them. */
final class ZooModels {
    private final ModelDescriber describer;
    private final Map<String, DescribedModel> open = new LinkedHashMap<>();

    ZooModels(ModelRuntime runtime) {
        this.describer = new ModelDescriber(runtime);
    }

    /**
     * @param op {@code open}, {@code close}, {@code prune}, {@code zero} or {@code plan}
     * @param model the name it was opened by
     * @param shapes of the inputs, as {@code 1,3,224,224}
     * @param plan units to remove per group
     * @param keep share of the MACs to keep at most
     */
    record Request(
            String op,
            String model,
            Path file,
            Path to,
            List<String> shapes,
            Map<String, List<Integer>> plan,
            Double keep) {}

    Object serve(Request request) throws IOException {
        return switch (request.op()) {
            case "open" -> open(request);
            case "close" -> open.remove(request.model()) != null;
            case "prune" -> prune(request);
            case "zero" -> zero(request);
            case "plan" -> plan(request);
            default -> throw new IllegalArgumentException("no operation " + request.op());
        };
    }

    private Map<String, Object> open(Request request) throws IOException {
        List<long[]> shapes = request.shapes().stream()
                .map(s -> Arrays.stream(s.split(",", -1))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toList();
        double read = seconds(() -> ModelArchive.open(request.file()));
        DescribedModel described = describer.describe(request.file(), request.model(), "1", shapes);
        ModelAnalysis analysis = described.analysis();
        double group = seconds(() -> described.archive().analyse(analysis.shapes()));
        open.put(request.model(), described);
        ModelDescriptor descriptor = described.descriptor();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("read_seconds", read);
        answer.put("group_seconds", group);
        answer.put("params", analysis.params());
        answer.put("macs", analysis.macs());
        answer.put(
                "groups",
                descriptor.groups().stream().map(ZooModels::withoutImportance).toList());
        answer.put("protected", descriptor.protectedUnits());
        return answer;
    }

    /** The group as the descriptor has it, less thousands of numbers. */
    private static Object withoutImportance(ModelDescriptor.Group group) {
        ObjectNode tree = Json.mapper().<ObjectNode>valueToTree(group);
        tree.remove("importance");
        return tree;
    }

    private Map<String, Object> prune(Request request) throws IOException {
        DescribedModel model = model(request);
        long started = System.nanoTime();
        PruningReport report =
                new Surgeon(model.archive(), model.analysis()).writePruned(removed(request), request.to());
        double seconds = secondsSince(started);
        ObjectNode answer = Json.mapper().valueToTree(report);
        answer.set("tensors", Json.mapper().valueToTree(TensorReport.of(report.tensors())));
        return Map.of("seconds", seconds, "report", answer);
    }

    private Map<String, Object> zero(Request request) throws IOException {
        DescribedModel model = model(request);
        new Surgeon(model.archive(), model.analysis()).writeZeroed(removed(request), request.to());
        return Map.of();
    }

    /** The plan that {@code espalier prune --target macs=KEEP --criterion l2} makes. */
    private Map<String, Object> plan(Request request) {
        Policy policy = new Policy(
                new Policy.Target(Policy.Metric.MACS, request.keep()),
                Criterion.parse("l2"),
                Policy.Ranking.UNIFORM,
                new Policy.Limits(0.9, 2, 1),
                Policy.Evidence.ofSamples(2));
        PlanOutcome outcome = new Planner().plan(model(request).descriptor(), Map.of(), policy);
        return outcome.recommendation()
                .<Map<String, Object>>map(r -> Map.of("remove", r.remove()))
                .orElseGet(() -> Map.of("reason", outcome.readiness().reason()));
    }

    private DescribedModel model(Request request) {
        DescribedModel model = open.get(request.model());
        if (model == null) {
            throw new IllegalArgumentException("no model " + request.model() + " is open");
        }
        return model;
    }

    private static PruningPlan removed(Request request) {
        Map<String, int[]> remove = new LinkedHashMap<>();
        request.plan()
                .forEach((group, units) -> remove.put(
                        group, units.stream().mapToInt(Integer::intValue).toArray()));
        return new PruningPlan(remove);
    }

    /** The better of two, since the first may pay for compiling this code. */
    private static double seconds(Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 2; i++) {
            long started = System.nanoTime();
            work.run();
            best = Math.min(best, secondsSince(started));
        }
        return best;
    }

    private static double secondsSince(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
