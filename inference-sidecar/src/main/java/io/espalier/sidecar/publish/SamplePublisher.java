package io.espalier.sidecar.publish;

import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.score.ProductSums;
import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.kafka.KafkaClients;
import io.espalier.sidecar.metrics.DropReason;
import io.espalier.sidecar.metrics.InputMetrics;
import io.espalier.sidecar.metrics.SampleMetrics;
import io.espalier.sidecar.sampling.InputSampler;
import io.espalier.sidecar.sampling.PointRates;
import io.espalier.sidecar.sampling.Sample;
import io.espalier.sidecar.sampling.SampleQueue;
import io.espalier.sidecar.sampling.SamplingRates;
import io.espalier.sidecar.settings.SidecarSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes samples off the queue, packs them, and sends each capture point's batch when it is full or has waited long enough. Kafka may be away
 * at start or at any time: then samples are dropped and counted, and nobody else notices.
 *
 * <p>Owns one thread and the producer; {@link #close} sends what is left, within the time the settings give.
 */
public final class SamplePublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SamplePublisher.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    // How soon the thread sees that it shall stop, or that an input waits.
    private static final Duration TICK = Duration.ofMillis(100);

    private final SidecarSettings settings;
    private final KafkaLink link;
    private final Complaints complaints;
    private final SampleQueue queue;
    private final Optional<InputSampler> inputs;
    private final SampleMetrics metrics;
    private final InputMetrics inputMetrics;
    private final SamplingRates rates;
    private final PointBatches batches;
    private final CountDownLatch registered = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "espalier-publisher");
    private volatile long deadline;

    /**
     * @param inputs where inputs to publish come from, when they are enabled
     * @throws IllegalArgumentException when a batch of the configured samples cannot fit a message
     */
    public SamplePublisher(
            SidecarSettings settings,
            KafkaClients clients,
            ModelDescriptor model,
            SampleQueue queue,
            SamplingRates rates,
            Optional<InputSampler> inputs,
            SampleMetrics metrics,
            InputMetrics inputMetrics) {
        this.settings = settings;
        this.complaints = new Complaints(settings.kafka().bootstrapServers());
        this.link = new KafkaLink(clients, model, settings, complaints);
        this.queue = queue;
        this.rates = rates;
        this.inputs = inputs;
        this.metrics = metrics;
        this.inputMetrics = inputMetrics;
        this.batches = new PointBatches(
                model,
                settings.publisherId(),
                settings.batch().samples(),
                settings.sampling().products(),
                new Linger(settings.batch().linger(), settings.batch().maxLinger()),
                metrics);
        if (!batches.withoutProducts().isEmpty()) {
            LOG.warn(
                    "Capture points {} send no products: they have more than {} units, or a batch of {} samples leaves no room",
                    batches.withoutProducts(),
                    ProductSums.MAX_PUBLISHED_UNITS,
                    settings.batch().samples());
        }
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Waits until the model's descriptor is published and samples flow; false when they do not within {@code patience}. */
    public boolean awaitRegistered(Duration patience) throws InterruptedException {
        return registered.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        try {
            Optional<Producer<String, byte[]>> producer = connect();
            if (producer.isPresent()) {
                registered.countDown();
                LOG.info("Samples go to Kafka at {}", settings.kafka().bootstrapServers());
                publish(new MessageSender(producer.get(), settings.topics(), metrics, inputMetrics, complaints));
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.warn("Publishing was cut short: the shutdown's time is over");
        } catch (RuntimeException e) {
            LOG.error("Publishing has stopped, requests are still served", e);
        }
    }

    private Optional<Producer<String, byte[]>> connect() throws InterruptedException {
        while (!isClosing()) {
            Optional<Producer<String, byte[]>> producer = link.open();
            if (producer.isPresent()) {
                return producer;
            }
            closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
        return Optional.empty();
    }

    private void publish(MessageSender sender) throws InterruptedException {
        try {
            while (!isClosing()) {
                publishInputs(sender);
                PointRates now = rates.current();
                take(queue.poll(Duration.ofNanos(batches.untilDue(now, System.nanoTime(), TICK.toNanos()))), sender);
                batches.due(now, System.nanoTime()).forEach(sender::send);
            }
            while (!remaining().isZero() && queue.size() > 0) {
                take(queue.poll(), sender);
            }
            if (!remaining().isZero()) {
                batches.all().forEach(sender::send);
            }
        } finally {
            batches.all().forEach(Message::refused);
            sender.close(isClosing() ? remaining() : Duration.ZERO);
        }
    }

    private void take(Sample sample, MessageSender sender) {
        if (sample == null) {
            return;
        }
        if (!batches.add(sample, System.nanoTime())) {
            metrics.dropped(DropReason.NON_FINITE, 1);
        }
        batches.full().forEach(sender::send);
    }

    private void publishInputs(MessageSender sender) {
        if (inputs.isPresent()) {
            for (InputSample input = inputs.get().poll();
                    input != null;
                    input = inputs.get().poll()) {
                sender.send(input);
            }
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** To be called when no request can offer samples any more. What cannot be sent is counted as lost. */
    @Override
    public void close() {
        deadline = System.nanoTime() + settings.shutdown().toNanos();
        closing.countDown();
        try {
            thread.join(settings.shutdown().plus(RETRY).toMillis());
            thread.interrupt();
            thread.join(RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = 0;
        while (queue.poll() != null) {
            left++;
        }
        metrics.dropped(DropReason.PUBLISH_FAILED, left);
    }
}
