package io.espalier.streams.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.espalier.broker.EmbeddedBroker;
import io.espalier.settings.SettingsException;
import io.espalier.streams.StreamsService;
import io.espalier.streams.maintenance.Maintenance;
import io.espalier.streams.settings.StreamsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Every client of the service over TLS and a password that it has from a file; the password is in no line of the log. */
final class SecuredBrokerIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String PASSWORD = "s3cr3t-of-the-service";
    private static final String STORE_PASSWORD = "s3cr3t-of-the-store";
    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    @TempDir
    private Path directory;

    private final SecretWatch watch = new SecretWatch(List.of(PASSWORD, STORE_PASSWORD));
    private Path store;
    private EmbeddedBroker broker;
    private Level levelBefore;

    @BeforeEach
    void open() throws Exception {
        store = directory.resolve("store.p12");
        makeKeyPair();
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0, brokerSettings());
        levelBefore = kafkaLogger().getLevel();
        watch.setContext(kafkaLogger().getLoggerContext());
        watch.start();
        rootLogger().addAppender(watch);
        // Clients print all their settings at INFO when they are made, and more below.
        kafkaLogger().setLevel(Level.DEBUG);
    }

    @AfterEach
    void close() {
        kafkaLogger().setLevel(levelBefore);
        rootLogger().detachAppender(watch);
        broker.close();
    }

    @Test
    void aServiceWithItsSecretsInFilesRunsAndLogsNoneOfThem() throws Exception {
        Installation installation = new Installation(broker.bootstrapServers(), directory);
        StreamsSettings settings = StreamsSettings.of(secured(installation, PASSWORD));
        try (StreamsService service = new StreamsService(settings)) {
            service.start();
            await().atMost(LIMIT).until(service::isRunning);
            try (Maintenance maintenance = new Maintenance(settings)) {
                // Both topologies and the compressor have joined, each with clients of its own.
                await().atMost(LIMIT)
                        .until(() -> maintenance.planClean(false).activeGroups().size() == 3);
            }
        }
        assertThat(settings.toString() + settings.kafka()).doesNotContain(PASSWORD, STORE_PASSWORD);
        assertThat(watch.lines.get()).as("lines that were looked at").isGreaterThan(1000);
        assertThat(watch.found).isEmpty();
    }

    @Test
    void aWrongPasswordIsOneLineWithoutIt() throws Exception {
        Installation installation = new Installation(broker.bootstrapServers(), directory);
        StreamsSettings settings = StreamsSettings.of(secured(installation, "s3cr3t-of-the-store-no"));
        try (StreamsService service = new StreamsService(settings)) {
            assertThatThrownBy(service::start)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContainingAll("Authentication failed", "espalier.kafka.")
                    .message()
                    .doesNotContain("s3cr3t", "\n");
        }
        assertThat(watch.found).isEmpty();
    }

    @Test
    void aSecretThatIsNotThereIsOneLineThatNamesItsFile() throws Exception {
        Installation installation = new Installation(broker.bootstrapServers(), directory);
        Map<String, String> settings = secured(installation, PASSWORD);
        Files.delete(directory.resolve("secrets").resolve("kafka.properties"));
        assertThatThrownBy(() -> new StreamsService(StreamsSettings.of(settings)))
                .hasMessageContaining("kafka.properties");
    }

    /** As docs/deploying.md has it. */
    private Map<String, String> secured(Installation installation, String password) throws Exception {
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        Files.writeString(
                secrets.resolve("kafka.properties"),
                "jaas=" + MODULE + " username=\"espalier\" password=\"" + password + "\";\nstore=" + STORE_PASSWORD
                        + "\n");
        Map<String, String> settings = installation.settings();
        settings.put("espalier.compressor.enabled", "true");
        settings.put("espalier.compressor.lock", directory.resolve("lock").toString());
        settings.put("espalier.kafka.security.protocol", "SASL_SSL");
        settings.put("espalier.kafka.sasl.mechanism", "PLAIN");
        settings.put("espalier.kafka.sasl.jaas.config", "${file:" + secrets + "/kafka.properties:jaas}");
        settings.put("espalier.kafka.ssl.truststore.location", store.toString());
        settings.put("espalier.kafka.ssl.truststore.password", "${file:" + secrets + "/kafka.properties:store}");
        settings.put("espalier.kafka.config.providers", "file");
        settings.put(
                "espalier.kafka.config.providers.file.class",
                "org.apache.kafka.common.config.provider.FileConfigProvider");
        settings.put("espalier.kafka.config.providers.file.param.allowed.paths", secrets.toString());
        return settings;
    }

    private Map<String, String> brokerSettings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_SSL");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put(
                "listener.name.plaintext.plain.sasl.jaas.config",
                MODULE
                        + " username=\"broker\" password=\"of-the-broker\" user_broker=\"of-the-broker\" user_espalier=\""
                        + PASSWORD + "\";");
        for (String kind : List.of("keystore", "truststore")) {
            settings.put("ssl." + kind + ".location", store.toString());
            settings.put("ssl." + kind + ".password", STORE_PASSWORD);
        }
        return settings;
    }

    private void makeKeyPair() throws Exception {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "broker",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .inheritIO()
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static Logger kafkaLogger() {
        return (Logger) LoggerFactory.getLogger("org.apache.kafka");
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** Looks at every line, with its trace, and keeps those that say a secret. */
    private static final class SecretWatch extends AppenderBase<ILoggingEvent> {
        private final List<String> secrets;
        private final AtomicLong lines = new AtomicLong();
        private final Queue<String> found = new ConcurrentLinkedQueue<>();

        SecretWatch(List<String> secrets) {
            this.secrets = secrets;
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.incrementAndGet();
            String trace =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            String line = event.getLoggerName() + " " + event.getFormattedMessage() + trace;
            if (secrets.stream().anyMatch(line::contains)) {
                found.add(line);
            }
        }
    }
}
