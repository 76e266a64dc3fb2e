package io.espalier.sidecar.sampling;

import io.espalier.runtime.SampledModel;
import io.espalier.runtime.Tensor;
import io.espalier.sidecar.metrics.DropReason;
import io.espalier.sidecar.metrics.SampleMetrics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests, and takes activations from a share of them, {@linkplain RequestDraws drawn} without a look at what is in
 * them. Whatever goes wrong with the taking, the request
 * is answered as if it had not been tried. Safe for use by several threads.
 */
public final class SampledInference {
    private static final Logger LOG = LoggerFactory.getLogger(SampledInference.class);

    private final SampledModel model;
    private final SamplingRates rates;
    private final RequestDraws draws;
    private final SampleQueue queue;
    private final SampleMetrics metrics;
    private final AtomicBoolean failureLogged = new AtomicBoolean();

    public SampledInference(
            SampledModel model, SamplingRates rates, RequestDraws draws, SampleQueue queue, SampleMetrics metrics) {
        this.model = model;
        this.rates = rates;
        this.draws = draws;
        this.queue = queue;
        this.metrics = metrics;
    }

    /**
     * The model's outputs.
     *
     * @param inputs with {@code rows} as the size of their first dimension
     * @throws io.espalier.runtime.ModelRuntimeException when the model cannot take them
     */
    public List<Tensor> infer(List<Tensor> inputs, int rows) {
        double draw = draws.next();
        PointRates now = rates.current();
        if (draw < now.highest()) {
            Optional<SampledModel.Sampled> sampled = sample(inputs, rows);
            if (sampled.isPresent()) {
                metrics.requestSampled();
                if (!queue.offer(sampled.get().captured(), rows, now.sampled(draw))) {
                    metrics.dropped(DropReason.QUEUE_FULL, rows);
                }
                return sampled.get().outputs();
            }
        }
        return model.forward(inputs);
    }

    private Optional<SampledModel.Sampled> sample(List<Tensor> inputs, int rows) {
        try {
            return Optional.of(model.forwardSampled(inputs));
        } catch (RuntimeException e) {
            metrics.dropped(DropReason.CAPTURE_FAILED, rows);
            // The counter tells how often; a line per request would only fill the disk.
            if (failureLogged.compareAndSet(false, true)) {
                LOG.warn("Sampling failed, the request is answered without it: {}", e.getMessage());
            }
            return Optional.empty();
        }
    }
}
