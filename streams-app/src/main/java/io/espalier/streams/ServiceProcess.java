package io.espalier.streams;

import io.espalier.settings.SettingsException;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.settings.StreamsSettings;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a service until the process is told to end (SIGTERM, SIGINT) or the service fails, then closes it. */
final class ServiceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /**
     * Returns when the service was told to end.
     *
     * @throws SettingsException when no service can be made of the settings, or it cannot start with them
     * @throws IllegalStateException when it failed later on: for whoever started the process to start it anew
     */
    static void run(StreamsSettings settings, Function<StreamsSettings, Service> make) {
        AtomicReference<String> failure = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (Service service = make.apply(settings)) {
            service.onFailure(reason -> {
                failure.compareAndSet(null, reason);
                ended.countDown();
            });
            service.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ended, closed), "espalier-shutdown"));
            LOG.info("listening on port {}", service.port());
            ended.await();
            if (failure.get() != null) {
                throw new IllegalStateException(failure.get());
            }
        } catch (KafkaException e) {
            throw new ClientProperties(settings).refused(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed.countDown();
        }
    }

    /** The JVM ends when its hooks do, so the hook waits until all is closed. */
    private static void end(CountDownLatch ended, CountDownLatch closed) {
        ended.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
