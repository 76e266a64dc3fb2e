package io.espalier.cli.offline;

import io.espalier.planner.PointScore;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowScore;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.SampledModel;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The statistic of the service, without the service: the same capture, packing, counters and window. */
public final class OfflineScores {
    /** Enough panes for a standard error, each of enough samples to be worth one. */
    private static final int PANES = 16;

    private final ModelRuntime runtime;

    public OfflineScores(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Scores every capture point.
     *
     * @param inputs one sample each
     */
    public List<Expressiveness> score(DescribedModel model, List<List<Tensor>> inputs, Progress progress)
            throws IOException {
        ModelDescriptor descriptor = model.descriptor();
        Map<CapturePoint, List<PaneStatistics>> panes = new LinkedHashMap<>();
        descriptor.capturePoints().forEach(point -> panes.put(point, new ArrayList<>()));
        try (SampledModel sampled = SampledModel.load(runtime, model.archive(), model.analysis())) {
            int paneSamples = Math.max(1, (inputs.size() + PANES - 1) / PANES);
            for (int start = 0; start < inputs.size(); start += paneSamples) {
                int end = Math.min(start + paneSamples, inputs.size());
                addPane(descriptor, sampled, inputs.subList(start, end), panes, progress);
            }
        }
        return panes.entrySet().stream()
                .map(entry -> record(descriptor, entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What the planner asks for. */
    public static Map<String, PointScore> forPlanner(List<Expressiveness> scores) {
        Map<String, PointScore> known = new LinkedHashMap<>();
        scores.stream()
                .filter(score -> score.score() != null)
                .forEach(score -> known.put(score.capturePoint(), new PointScore(score.samples(), score.score())));
        return known;
    }

    private static void addPane(
            ModelDescriptor descriptor,
            SampledModel sampled,
            List<List<Tensor>> inputs,
            Map<CapturePoint, List<PaneStatistics>> panes,
            Progress progress) {
        List<BatchBuilder> builders = panes.keySet().stream()
                .map(point -> new BatchBuilder(
                        new ShardKey(descriptor.model(), descriptor.version(), point.name(), 0),
                        point.units(),
                        point.positions(),
                        "offline"))
                .toList();
        for (List<Tensor> input : inputs) {
            List<float[]> captured = sampled.forwardSampled(input).captured();
            for (int point = 0; point < builders.size(); point++) {
                builders.get(point).add(captured.get(point), 0);
            }
            progress.step();
        }
        int index = 0;
        for (Map.Entry<CapturePoint, List<PaneStatistics>> entry : panes.entrySet()) {
            BatchBuilder builder = builders.get(index++);
            PaneStatistics pane =
                    PaneStatistics.create(entry.getKey().units(), entry.getKey().positions());
            if (builder.samples() > 0) {
                pane.add(builder.build());
            }
            entry.getValue().add(pane);
        }
    }

    private static Expressiveness record(ModelDescriptor model, CapturePoint point, List<PaneStatistics> panes) {
        List<OverlapCounters> counters =
                panes.stream().map(PaneStatistics::counters).toList();
        Optional<WindowScore> score = WindowScore.of(counters);
        return new Expressiveness(
                model.model(),
                model.version(),
                point.name(),
                0,
                point.units(),
                point.positions(),
                // There is no event time here: the window is the data.
                new Expressiveness.Window(0, 0, panes.size()),
                counters.stream().mapToLong(OverlapCounters::samples).sum(),
                score.map(WindowScore::expressiveness).orElse(null),
                score.flatMap(WindowScore::standardError).orElse(null));
    }
}
