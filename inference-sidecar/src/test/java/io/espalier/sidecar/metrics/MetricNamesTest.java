package io.espalier.sidecar.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.sidecar.Descriptors;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Dashboards and alerts are written against these names. */
class MetricNamesTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void prometheusSeesEveryNameFromTheStart() {
        RequestMetrics requests = new RequestMetrics(registry);
        new SampleMetrics(registry).watch(() -> 3);
        new SamplingRateMetrics(
                registry,
                Descriptors.withPoints(new CapturePoint("relu", "g", 3, 1), new CapturePoint("relu_1", "h", 3, 1)),
                point -> 0.25 + point);
        new DirectiveMetrics(registry).count(DirectiveMetrics.Outcome.APPLIED);
        new InputMetrics(registry);
        new ServedModelMetrics(registry, new VersionKey("resnet", "7"));
        requests.answered(RequestMetrics.Outcome.OK, Duration.ofMillis(3));
        assertThat(registry.scrape().lines())
                .contains(
                        "espalier_requests_total{outcome=\"ok\"} 1.0",
                        "espalier_requests_total{outcome=\"rejected\"} 0.0",
                        "espalier_requests_total{outcome=\"failed\"} 0.0",
                        "espalier_request_seconds_bucket{le=\"0.002\"} 0",
                        "espalier_request_seconds_bucket{le=\"0.005\"} 1",
                        "espalier_request_seconds_count 1",
                        "espalier_sampled_requests_total 0.0",
                        "espalier_samples_published_total 0.0",
                        "espalier_samples_dropped_total{reason=\"queue_full\"} 0.0",
                        "espalier_samples_dropped_total{reason=\"non_finite\"} 0.0",
                        "espalier_samples_dropped_total{reason=\"capture_failed\"} 0.0",
                        "espalier_samples_dropped_total{reason=\"publish_failed\"} 0.0",
                        "espalier_sample_queue_size 3.0",
                        "espalier_sampling_rate{capture_point=\"relu\",model=\"model\"} 0.25",
                        "espalier_sampling_rate{capture_point=\"relu_1\",model=\"model\"} 1.25",
                        "espalier_directives_total{outcome=\"applied\"} 1.0",
                        "espalier_directives_total{outcome=\"refused\"} 0.0",
                        "espalier_directives_total{outcome=\"expired\"} 0.0",
                        "espalier_published_bytes_total 0.0",
                        "espalier_inputs_published_total 0.0",
                        "espalier_inputs_dropped_total 0.0",
                        "espalier_served_model_info{model=\"resnet\",version=\"7\"} 1");
    }
}
