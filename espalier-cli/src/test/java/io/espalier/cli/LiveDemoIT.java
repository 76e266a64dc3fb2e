package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as somebody at a terminal runs it, watched by a real Prometheus and ended by a signal. */
final class LiveDemoIT {
    private static final Pattern METRICS = Pattern.compile("metrics\\s+http://(\\S+)/metrics\\s+http://(\\S+)/metrics");

    @TempDir
    Path folder;

    @Test
    void everyPanelAndAlertSpeaksOfARunningDemoWhichEndsInOrder() throws Exception {
        PrometheusServer.assumeInstalled();
        Path said = folder.resolve("said.txt");
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EspalierMain.class.getName(),
                        "demo",
                        "--sidecar-port=0",
                        "--streams-port=0",
                        "--rate=100",
                        "--sampling=1")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Matcher urls = await().atMost(Duration.ofMinutes(2))
                    .until(() -> METRICS.matcher(Files.readString(said)), Matcher::find);
            DashboardExpressions expressions = DashboardExpressions.committed();
            try (PrometheusServer prometheus =
                    PrometheusServer.start(DashboardExpressions.committedRules(), urls.group(2), urls.group(1))) {
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofSeconds(3))
                        .untilAsserted(() -> assertThat(expressions.silentOrBroken(prometheus))
                                .isEmpty());
            }
            assertThat(Files.readString(said)).contains("version  ");
        } finally {
            demo.destroy();
            if (!demo.waitFor(1, TimeUnit.MINUTES)) {
                demo.destroyForcibly();
            }
        }
        assertThat(Files.readString(said)).endsWith("stopped\n");
        assertThat(leftBehind()).isEmpty();
    }

    private List<Path> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("espalier-")
                            && !file.getFileName().toString().startsWith("espalier-demo-results"))
                    .toList();
        }
    }
}
