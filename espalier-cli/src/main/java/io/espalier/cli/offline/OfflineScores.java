package io.espalier.cli.offline;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.SampledModel;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
     * @param products whether to find residual variances too, in time and memory of the square of a capture point's units,
     *     of which there may be any number here
     */
    public List<Expressiveness> score(
            DescribedModel model, List<List<Tensor>> inputs, boolean products, Progress progress) throws IOException {
        List<PointSamples> points = model.descriptor().capturePoints().stream()
                .map(point -> new PointSamples(model.descriptor().key(), point, products))
                .toList();
        try (SampledModel sampled = SampledModel.load(runtime, model.archive(), model.analysis())) {
            int paneSamples = Math.max(1, (inputs.size() + PANES - 1) / PANES);
            for (int sample = 0; sample < inputs.size(); sample++) {
                List<float[]> captured =
                        sampled.forwardSampled(inputs.get(sample)).captured();
                for (int point = 0; point < points.size(); point++) {
                    points.get(point).add(captured.get(point));
                }
                if ((sample + 1) % paneSamples == 0 || sample + 1 == inputs.size()) {
                    points.forEach(PointSamples::endPane);
                }
                progress.step();
            }
        }
        return points.stream().map(PointSamples::record).toList();
    }

    /** What the planner asks for. */
    public static Map<String, PointStatistics> forPlanner(List<Expressiveness> scores) {
        Map<String, PointStatistics> known = new LinkedHashMap<>();
        scores.forEach(score -> known.put(score.capturePoint(), PointStatistics.of(score)));
        return known;
    }
}
