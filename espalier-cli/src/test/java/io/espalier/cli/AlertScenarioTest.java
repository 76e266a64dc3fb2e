package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.cli.DashboardExpressions.Expression;
import io.espalier.protocol.record.Recommendation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Things happen to a model, the service's own meters tell of them, and a real Prometheus alerts on them by the rules. */
final class AlertScenarioTest {
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private final DashboardExpressions expressions;
    private StreamsScenario streams;
    private MetricsPage sidecar;
    private PrometheusServer prometheus;

    AlertScenarioTest() throws Exception {
        expressions = DashboardExpressions.committed();
    }

    @BeforeEach
    void start() throws Exception {
        PrometheusServer.assumeInstalled();
        streams = new StreamsScenario();
        sidecar = MetricsPage.serve("sidecar", metric -> true);
        prometheus = PrometheusServer.start(DashboardExpressions.committedRules(), streams.target(), sidecar.target());
    }

    @AfterEach
    void stop() throws Exception {
        if (prometheus != null) {
            prometheus.close();
            sidecar.close();
            streams.close();
        }
    }

    @Test
    void whatHappensToAModelIsShownAndAlertedOnAndNothingBefore() throws Exception {
        awaitScraped();
        assertThat(alerts()).doesNotContain("EspalierPlanOutstanding");
        Recommendation plan = streams.trafficUntilAPlan();
        streams.versionOf(plan);
        await().atMost(SETTLED)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () -> assertThat(expressions.silentOrBroken(prometheus)).isEmpty());
        assertThat(alerts()).containsExactly("EspalierPlanOutstanding");

        Recommendation withdrawal = streams.unitsSwapRoles();
        assertThat(withdrawal.withdraws().recommendation()).isEqualTo(plan.id());
        streams.refusals();
        streams.flood();
        streams.stateUpToTheBudget();
        streams.aThreadDies();
        await().atMost(SETTLED)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(alerts())
                        .containsExactly(
                                "EspalierDeadLetters",
                                "EspalierDrifted",
                                "EspalierRegret",
                                "EspalierSamplesSurplus",
                                "EspalierStateNearBudget",
                                "EspalierThreadsDie"));
        Map<String, Double> wanted = Map.of(
                "sum(espalier_withdrawals_total)", 1.0,
                "max(espalier_drifted)", 1.0,
                "sum(espalier_regretted_units{version=\"1-child\"})", 2.0,
                "sum(espalier_dead_letters_total{reason=\"undecodable\"})", 1.0,
                "sum(espalier_dead_letters_total{reason=\"late\"})", 1.0,
                "sum(espalier_dead_letters_total{reason=\"early\"})", 1.0,
                "sum(espalier_dead_letters_total{reason=\"over_budget\"})", 1.0,
                "espalier:state_budget:share", 1.0,
                "count(espalier_model_state_bytes)", 3.0,
                "sum(espalier_evidence_missing{reason=~\"its window holds traffic from before .*\"})", 100.0);
        for (Map.Entry<String, Double> entry : wanted.entrySet()) {
            assertThat(prometheus
                            .query(entry.getKey() + " == " + entry.getValue())
                            .series())
                    .as(entry.getKey())
                    .isEqualTo(1);
        }
        assertThat(expressions.silentOrBroken(prometheus)).isEmpty();
    }

    /** The page that stands in for the service elsewhere has what the service has; what it lacks is nobody's to show. */
    @Test
    void thePageThatStandsInForTheServiceHasTheFamiliesAndLabelsOfTheRealOne() throws Exception {
        streams.versionOf(streams.trafficUntilAPlan());
        streams.stateUpToTheBudget();
        Set<String> real = series(streams.page().lines().toList());
        assertThat(real).containsAll(series(MetricsPage.lines("streams")));
        assertThat(series(MetricsPage.lines("streams")))
                .containsAll(real.stream()
                        .filter(name -> name.startsWith("espalier_"))
                        .toList());
    }

    /** Before both pages are read and the rules evaluated over them, no alert could be met. */
    private void awaitScraped() {
        await().atMost(SETTLED).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            assertThat(prometheus.query("up == 1").series()).as("targets").isEqualTo(2);
            assertThat(prometheus.query("espalier:plan_outstanding:saving").series())
                    .as("what the alert looks at")
                    .isPositive();
        });
    }

    /** Names of the alerts whose condition is met now, however long it has to be. */
    private Set<String> alerts() throws Exception {
        Set<String> met = new TreeSet<>();
        for (Expression expression : expressions.all()) {
            if (expression.owner().startsWith("alert ")
                    && !expression.returnsData()
                    && prometheus.query(expression.text()).series() > 0) {
                met.add(expression.owner().substring("alert ".length()));
            }
        }
        return met;
    }

    /** Names with the names of their labels, but for the parts of a histogram. */
    private static Set<String> series(List<String> page) {
        return page.stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .filter(line -> !line.matches("espalier_expressiveness_units_g?(sum|count).*"))
                .map(AlertScenarioTest::labelled)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String labelled(String series) {
        int open = series.indexOf('{');
        if (open < 0) {
            return series;
        }
        String labels = series.substring(open).replaceAll("\"(?:\\\\.|[^\"\\\\])*\"", "");
        return series.substring(0, open)
                + Arrays.stream(labels.split("[{},=]+"))
                        .filter(label -> !label.isBlank())
                        .sorted()
                        .toList();
    }
}
