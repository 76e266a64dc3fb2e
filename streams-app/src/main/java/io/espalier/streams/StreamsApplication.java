package io.espalier.streams;

import io.espalier.settings.SettingsException;
import io.espalier.streams.settings.StreamsSettings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams application as a process. */
public final class StreamsApplication {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsApplication.class);

    private StreamsApplication() {}

    /**
     * Runs until the process is told to end (SIGTERM, SIGINT), then commits and stops.
     *
     * @param config properties or YAML file; null to go by the environment alone
     * @throws SettingsException when a setting is missing, unknown or cannot be used here: no broker answers, say, or the
     *     port is taken
     */
    public static void run(Path config) {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        StreamsSettings settings = StreamsSettings.read(config, System.getenv());
        try (StreamsService service = new StreamsService(settings)) {
            service.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ended, closed), "espalier-shutdown"));
            LOG.info("listening on port {}", service.port());
            ended.await();
        } catch (KafkaException e) {
            throw new SettingsException(
                    "no Kafka client can be made for " + settings.kafka().bootstrapServers() + ": " + innermost(e)
                            + "; check espalier.kafka.*",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed.countDown();
        }
    }

    /** {@code CONFIG}: the file to run with. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("give one argument: the properties or YAML file to run with");
            System.exit(2);
        }
        try {
            run(Path.of(arguments[0]));
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static String innermost(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : innermost(e.getCause());
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
