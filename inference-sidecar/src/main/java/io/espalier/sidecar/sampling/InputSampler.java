package io.espalier.sidecar.sampling;

import com.google.protobuf.UnsafeByteOperations;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.Tensor;
import io.espalier.sidecar.metrics.InputMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Takes one input of a request now and then, evenly spread over time. Safe for use by several threads; never waits. */
public final class InputSampler {
    private static final int QUEUE = 64;

    private final ModelDescriptor model;
    private final String publisher;
    private final long interval;
    private final LongSupplier nanoTime;
    private final InputMetrics metrics;
    private final AtomicLong next;
    private final BlockingQueue<InputSample> waiting = new ArrayBlockingQueue<>(QUEUE);

    /**
     * @param interval between two inputs, at least
     * @param nanoTime {@link System#nanoTime}, or a test's
     */
    public InputSampler(
            ModelDescriptor model, String publisher, Duration interval, LongSupplier nanoTime, InputMetrics metrics) {
        this.model = model;
        this.publisher = publisher;
        this.interval = interval.toNanos();
        this.nanoTime = nanoTime;
        this.metrics = metrics;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** Takes a random row of the request when it is time for one. */
    public void offer(List<Tensor> inputs, int rows) {
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + interval)) {
            InputSample sample = row(inputs, ThreadLocalRandom.current().nextInt(rows));
            if (!waiting.offer(sample)) {
                metrics.dropped(1);
            }
        }
    }

    /** The next input to publish, or null when there is none. */
    public InputSample poll() {
        return waiting.poll();
    }

    private InputSample row(List<Tensor> inputs, int row) {
        InputSample.Builder sample = InputSample.newBuilder()
                .setModel(model.model())
                .setVersion(model.version())
                .setPublisher(publisher);
        for (int i = 0; i < inputs.size(); i++) {
            ModelDescriptor.Input input = model.inputs().get(i);
            sample.addInputs(InputTensor.newBuilder()
                    .setName(input.name())
                    .setDatatype(input.datatype())
                    .addAllShape(input.shape())
                    .setData(UnsafeByteOperations.unsafeWrap(
                            inputs.get(i).row(row).data())));
        }
        return sample.build();
    }
}
