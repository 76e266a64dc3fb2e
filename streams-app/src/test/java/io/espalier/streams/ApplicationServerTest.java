package io.espalier.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.streams.settings.StreamsSettings;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

final class ApplicationServerTest {
    @Test
    void isWhatIsConfigured() {
        assertThat(ApplicationServer.of(settings("0.0.0.0", "8081", "10.0.0.7:9000")))
                .hasValue(new HostInfo("10.0.0.7", 9000));
        assertThat(ApplicationServer.of(settings("0.0.0.0", "0", "[fd00::7]:9000")))
                .hasValue(new HostInfo("fd00::7", 9000));
    }

    @Test
    void isElseTheHostThatIsListenedOn() {
        assertThat(ApplicationServer.of(settings("127.0.0.1", "8081", ""))).hasValue(new HostInfo("127.0.0.1", 8081));
    }

    @Test
    void isTheMachineWhereAllAddressesAreListenedOn() throws Exception {
        HostInfo server = ApplicationServer.of(settings("0.0.0.0", "8081", "")).orElseThrow();
        assertThat(server.port()).isEqualTo(8081);
        assertThat(InetAddress.getByName(server.host())).isEqualTo(InetAddress.getLocalHost());
        // Every machine has these, so that two instances would take each other for themselves.
        assertThat(server.host()).isNotIn("0.0.0.0", "127.0.0.1", "127.0.1.1");
    }

    @Test
    void isNothingWhenThePortIsAnyFreeOne() {
        assertThat(ApplicationServer.of(settings("127.0.0.1", "0", ""))).isEmpty();
    }

    private static StreamsSettings settings(String host, String port, String server) {
        Map<String, String> settings = new HashMap<>();
        settings.put("espalier.kafka.bootstrap.servers", "broker:9092");
        settings.put("espalier.http.host", host);
        settings.put("espalier.http.port", port);
        settings.put("espalier.application.server", server);
        return StreamsSettings.of(settings);
    }
}
