package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.espalier.cli.DashboardExpressions.Expression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two pages stand in for the services; Prometheus, dashboard and rules are the real ones. */
final class DashboardExpressionsTest {
    private static final Duration SETTLED = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void everyExpressionReturnsDataWhileBothServicesAreHealthy() throws Exception {
        assertSilentWithout(metric -> false, List.of());
    }

    @ParameterizedTest
    @MethodSource
    void aMissingMetricIsNamedByAllThatShowIt(String metric, List<String> owners) throws Exception {
        assertSilentWithout(metric::equals, owners);
    }

    static Stream<Arguments> aMissingMetricIsNamedByAllThatShowIt() {
        return Stream.of(
                Arguments.of("espalier_plan_ready", List.of("panel \"Plan\" A", "panel \"Plan ready over time\" A")),
                Arguments.of(
                        "espalier_dead_letters_total",
                        List.of(
                                "panel \"Dead letters in the range\" A",
                                "panel \"Dead letters by reason\" A",
                                "panel \"Samples and batches left out\" B",
                                "record espalier:dead_letters:rate5m",
                                "alert EspalierDeadLetters")));
    }

    @Test
    void everyMetricOfTheServicesIsShown() throws Exception {
        List<Expression> expressions = DashboardExpressions.committed().all();

        assertThat(Stream.of("streams", "sidecar").flatMap(page -> MetricsPage.families(page).stream()))
                .allSatisfy(metric -> assertThat(expressions)
                        .anyMatch(expression -> expression.text().contains(metric)));
    }

    @Test
    void everyMetricOfTheServicesIsInTheTable() throws Exception {
        String table = Files.readString(DashboardExpressions.committedRules()
                .resolve("../../../docs/metrics.md")
                .normalize());

        assertThat(Stream.of("streams", "sidecar").flatMap(page -> MetricsPage.families(page).stream()))
                .filteredOn(metric -> metric.startsWith("espalier_"))
                .allSatisfy(metric -> assertThat(table).contains("`" + metric + "`"));
    }

    @Test
    void anExpressionThatDoesNotParseIsNamed() throws Exception {
        DashboardExpressions broken = read("sum(up", "");

        PrometheusServer.assumeInstalled();
        try (PrometheusServer prometheus = PrometheusServer.start(rules(""), "127.0.0.1:1", "127.0.0.1:1")) {
            assertThat(broken.silentOrBroken(prometheus))
                    .singleElement()
                    .asString()
                    .startsWith("panel \"Only\" A is refused (")
                    .contains("parse error")
                    .endsWith(": sum(up");
        }
    }

    @Test
    void anExpressionThatIsNoNumberIsNamed() throws Exception {
        DashboardExpressions notANumber = read("vector(0) / 0", "");

        PrometheusServer.assumeInstalled();
        try (PrometheusServer prometheus = PrometheusServer.start(rules(""), "127.0.0.1:1", "127.0.0.1:1")) {
            assertThat(notANumber.silentOrBroken(prometheus))
                    .containsExactly("panel \"Only\" A returns no finite number: vector(0) / 0");
        }
    }

    @Test
    void variablesTakeTheirWidestValue() throws Exception {
        assertThat(read("rate(a{b=~\"$model\", c=~\"${model:regex}\", d=~\"x$\"}[$__rate_interval])", "")
                        .all())
                .contains(new Expression("panel \"Only\" A", "rate(a{b=~\".*\", c=~\".*\", d=~\"x$\"}[15s])", true));
    }

    @Test
    void anUndefinedVariableIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("a{b=~\"$modell\"}", ""))
                .withMessage(
                        "panel \"Only\" A has the variable $modell, which the dashboard does not define: add it under"
                                + " templating or mend its name");
    }

    @Test
    void anAlertGivesItsMeasuredSideAndItself() throws Exception {
        assertThat(read("up", "{groups: [{name: g, rules: [{alert: Down, expr: 'a:b < 1'}]}]}")
                        .all())
                .contains(new Expression("alert Down", "a:b", true), new Expression("alert Down", "a:b < 1", false));
    }

    @Test
    void rulesThatPrometheusRefusesStopItsStart() throws Exception {
        PrometheusServer.assumeInstalled();
        Path bad = rules("{groups: [{name: g, rules: [{record: a, expr: 'sum('}]}]}");

        assertThatIllegalStateException()
                .isThrownBy(() -> PrometheusServer.start(bad, "127.0.0.1:1", "127.0.0.1:1"))
                .withMessageStartingWith("prometheus did not start: ")
                .withMessageContaining("parse error");
    }

    /** All are silent before the second scrape; then none but those whose metric is hidden. */
    private static void assertSilentWithout(Predicate<String> hidden, List<String> owners) throws Exception {
        PrometheusServer.assumeInstalled();
        DashboardExpressions expressions = DashboardExpressions.committed();
        try (MetricsPage streams = MetricsPage.serve("streams", hidden.negate());
                MetricsPage sidecar = MetricsPage.serve("sidecar", hidden.negate());
                PrometheusServer prometheus = PrometheusServer.start(
                        DashboardExpressions.committedRules(), streams.target(), sidecar.target())) {
            await().atMost(SETTLED)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(expressions.silentOrBroken(prometheus))
                            .extracting(fault -> fault.substring(0, fault.indexOf(':', fault.lastIndexOf(" returns "))))
                            .containsExactlyElementsOf(owners.stream()
                                    .map(owner -> owner + " returns nothing")
                                    .toList()));
        }
    }

    private DashboardExpressions read(String panelExpression, String rules) throws IOException {
        Path dashboard = directory.resolve("dashboard.json");
        Files.writeString(dashboard, """
                {"templating": {"list": [{"name": "model", "type": "query", "query": {"query": "label_values(vector(1), job)"}}]},
                 "panels": [{"title": "Only", "targets": [{"refId": "A", "expr": %s}]}]}
                """.formatted('"' + panelExpression.replace("\"", "\\\"") + '"'));
        return DashboardExpressions.read(dashboard, rules(rules));
    }

    private Path rules(String text) throws IOException {
        return Files.writeString(directory.resolve("rules.yaml"), text.isEmpty() ? "groups: []" : text);
    }
}
