package io.espalier.sidecar;

import io.espalier.sidecar.settings.SidecarSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sidecar as a program. */
public final class Sidecar {
    private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);

    private Sidecar() {}

    /**
     * Serves until the process is told to end (SIGTERM, Ctrl-C), then shuts down in order.
     *
     * @param settings properties or YAML file, null for none; environment variables win over it
     * @throws RuntimeException one line each, as {@link SidecarService#start} says, when it cannot start
     */
    public static void run(Path settings) throws IOException, InterruptedException {
        SidecarSettings read = SidecarSettings.read(settings, System.getenv());
        SidecarService service = new SidecarService(read);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread stop = new Thread(
                () -> {
                    service.close();
                    stopped.countDown();
                },
                "espalier-shutdown");
        service.start();
        Runtime.getRuntime().addShutdownHook(stop);
        LOG.info(
                "Serving {} on http://{}:{}/v2/models/{}, sampling {} of requests at {} capture points",
                service.descriptor().key(),
                read.http().host(),
                service.port(),
                read.model().name(),
                read.sampling().rate(),
                service.descriptor().capturePoints().size());
        stopped.await();
    }
}
