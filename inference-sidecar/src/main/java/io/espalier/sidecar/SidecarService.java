package io.espalier.sidecar;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RandomInputs;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.SampledModel;
import io.espalier.runtime.Tensor;
import io.espalier.sidecar.control.ControlFollower;
import io.espalier.sidecar.control.Directives;
import io.espalier.sidecar.http.InferenceServer;
import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.kafka.KafkaClients;
import io.espalier.sidecar.metrics.DirectiveMetrics;
import io.espalier.sidecar.metrics.InputMetrics;
import io.espalier.sidecar.metrics.SampleMetrics;
import io.espalier.sidecar.metrics.SamplingRateMetrics;
import io.espalier.sidecar.metrics.ServedModelMetrics;
import io.espalier.sidecar.publish.SamplePublisher;
import io.espalier.sidecar.sampling.InputRate;
import io.espalier.sidecar.sampling.InputSampler;
import io.espalier.sidecar.sampling.RequestDraws;
import io.espalier.sidecar.sampling.SampleQueue;
import io.espalier.sidecar.sampling.SampledInference;
import io.espalier.sidecar.sampling.SamplingRates;
import io.espalier.sidecar.settings.SidecarSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model served over HTTP, and its sampled activations published to Kafka. Ready as soon as the model answers: whether
 * Kafka is there makes no difference to requests.
 */
public final class SidecarService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SidecarService.class);

    private final SidecarSettings settings;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    // In the order they started; closed from the end.
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private ModelDescriptor descriptor;
    private InferenceServer server;
    private SamplePublisher publisher;

    public SidecarService(SidecarSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns when requests are answered.
     *
     * @throws io.espalier.settings.SettingsException when the port is taken or Kafka refuses its settings
     * @throws io.espalier.surgery.ModelFormatException when the model cannot be read
     * @throws io.espalier.surgery.ModelInputException when the input shape is not the model's
     * @throws io.espalier.runtime.ModelRuntimeException when the model does not run
     */
    public synchronized void start() throws IOException {
        try {
            startParts();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startParts() throws IOException {
        KafkaClients clients = new KafkaClients(settings.kafka());
        InputMetrics inputMetrics = new InputMetrics(registry);
        new ServedModelMetrics(
                registry,
                new VersionKey(settings.model().name(), settings.model().version()));

        ModelRuntime runtime = started(ModelRuntime.start(new RuntimeSettings(
                settings.runtime().cache(), settings.runtime().threads())));
        DescribedModel described = SettingsModel.describe(settings.model(), runtime);
        descriptor = described.descriptor();
        SampledModel model = started(SampledModel.load(runtime, described.archive(), described.analysis()));
        // Both ways through the model are slow the first time; this also shows that they run.
        List<Tensor> example = RandomInputs.of(described.inputs(), 1).next();
        model.forwardSampled(example);
        List<Tensor> outputs = model.forward(example);

        SamplingRates rates = new SamplingRates(descriptor, settings.sampling().rate());
        new SamplingRateMetrics(registry, descriptor, point -> rates.current().rate(point));
        follow(clients, rates);
        SampleMetrics sampleMetrics = new SampleMetrics(registry);
        SampleQueue queue = new SampleQueue(settings.sampling().queue());
        sampleMetrics.watch(queue::size);
        Optional<InputSampler> inputs = inputSampler(inputMetrics);
        publisher = started(
                new SamplePublisher(settings, clients, descriptor, queue, rates, inputs, sampleMetrics, inputMetrics));
        publisher.start();
        SampledInference sampled =
                new SampledInference(model, rates, new RequestDraws(settings.publisherId()), queue, sampleMetrics);
        server = started(new InferenceServer(settings, descriptor, outputs, inference(sampled, inputs), registry));
        server.start();
    }

    private void follow(KafkaClients clients, SamplingRates rates) {
        if (descriptor.capturePoints().isEmpty()) {
            LOG.warn(
                    "Model {} has no capture point that can be sampled: it is served, and nothing is published of it",
                    descriptor.key());
        } else if (settings.control().enabled()) {
            Complaints complaints = new Complaints(settings.kafka().bootstrapServers());
            Directives directives = new Directives(
                    descriptor.key(), settings.control().maxAge(), rates, new DirectiveMetrics(registry), complaints);
            started(new ControlFollower(clients, settings.topics().control(), directives, complaints))
                    .start();
        }
    }

    private Optional<InputSampler> inputSampler(InputMetrics metrics) {
        return settings.inputs().enabled()
                ? Optional.of(new InputSampler(
                        descriptor,
                        settings.publisherId(),
                        InputRate.interval(
                                descriptor,
                                settings.inputs().perMinute(),
                                settings.inputs().maxBytes()),
                        System::nanoTime,
                        metrics))
                : Optional.empty();
    }

    private static InferenceServer.Inference inference(SampledInference sampled, Optional<InputSampler> inputs) {
        if (inputs.isEmpty()) {
            return sampled::infer;
        }
        return (tensors, rows) -> {
            List<Tensor> outputs = sampled.infer(tensors, rows);
            inputs.get().offer(tensors, rows);
            return outputs;
        };
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.push(part);
        return part;
    }

    /** The port that is listened on, once started. */
    public int port() {
        return server.port();
    }

    /** What is published of the model, once started. */
    public ModelDescriptor descriptor() {
        return descriptor;
    }

    /** All meters, {@link io.espalier.sidecar.metrics.MetricNames} names them; readable after {@link #close} too. */
    public MeterRegistry metrics() {
        return registry;
    }

    /** Waits until the descriptor is on its topic and samples flow; false when they do not within {@code patience}. */
    public boolean awaitRegistered(Duration patience) throws InterruptedException {
        return publisher.awaitRegistered(patience);
    }

    /**
     * Stops taking requests, lets those under way end, and sends what was sampled, each within the shutdown's time. What
     * cannot be sent is counted as dropped.
     */
    @Override
    public synchronized void close() {
        RuntimeException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                RuntimeException failure = e instanceof RuntimeException known ? known : new IllegalStateException(e);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
