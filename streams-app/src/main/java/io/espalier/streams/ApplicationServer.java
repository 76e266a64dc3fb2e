package io.espalier.streams;

import io.espalier.streams.settings.StreamsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The address at which other instances reach this one, as configured or as good as can be told. */
final class ApplicationServer {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationServer.class);

    private ApplicationServer() {}

    /** Empty when it is neither configured nor to be told, since the port is any free one, or this machine has no name. */
    static Optional<HostInfo> of(StreamsSettings settings) {
        Optional<HostInfo> configured = settings.applicationServer().map(HostInfo::buildFromEndpoint);
        int port = settings.http().port();
        Optional<HostInfo> server = configured.isPresent() || port == 0
                ? configured
                : host(settings.http().host()).map(host -> new HostInfo(host, port));
        server.ifPresentOrElse(
                address -> LOG.info(
                        "other instances reach this one at {}:{} (espalier.application.server)",
                        address.host(),
                        address.port()),
                () -> LOG.info("no other instance can reach this one: espalier.application.server is not set"));
        return server;
    }

    /**
     * The address of a container is its own; that of a machine may be given as the loopback's, which is the same for all
     * machines, and then its name says more.
     */
    private static Optional<String> host(String listening) {
        try {
            if (!InetAddress.getByName(listening).isAnyLocalAddress()) {
                return Optional.of(listening);
            }
            InetAddress local = InetAddress.getLocalHost();
            return Optional.of(local.isLoopbackAddress() ? local.getHostName() : local.getHostAddress());
        } catch (UnknownHostException e) {
            LOG.warn("this machine does not know its own address: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
