package io.espalier.sidecar.metrics;

/**
 * Names of all meters, and in each comment the name that Prometheus shows. Dashboards and alerts are written against the
 * latter: a change here is a change there.
 */
public final class MetricNames {
    /** {@code espalier_requests_total{outcome="ok|rejected|failed"}}: inference requests answered. */
    public static final String REQUESTS = "espalier.requests";

    /** {@code espalier_request_seconds}: histogram of the time from a request's body to its answer. */
    public static final String REQUEST = "espalier.request";

    /** {@code espalier_sampled_requests_total}: requests whose activations were taken. */
    public static final String SAMPLED_REQUESTS = "espalier.sampled.requests";

    /** {@code espalier_samples_published_total}: samples (one input each) that the broker has in full. */
    public static final String SAMPLES_PUBLISHED = "espalier.samples.published";

    /** {@code espalier_samples_dropped_total{reason}}: samples that are lost; {@link DropReason} has the reasons. */
    public static final String SAMPLES_DROPPED = "espalier.samples.dropped";

    /** {@code espalier_sample_queue_size}: samples that wait to be published. */
    public static final String SAMPLE_QUEUE_SIZE = "espalier.sample.queue.size";

    /**
     * {@code espalier_sampling_rate{model,capture_point}}: share of requests that is sampled there now, 0 to 1. The highest of
     * a sidecar is its share of requests that are sampled at all.
     */
    public static final String SAMPLING_RATE = "espalier.sampling.rate";

    /**
     * {@code espalier_directives_total{outcome="applied|refused|expired"}}: sampling directives for the served version;
     * {@link DirectiveMetrics} has the outcomes.
     */
    public static final String DIRECTIVES = "espalier.directives";

    /** {@code espalier_published_bytes_total}: bytes of activation batches that the broker has. */
    public static final String PUBLISHED = "espalier.published";

    /** {@code espalier_inputs_published_total}: inputs that the broker has; zero unless they are enabled. */
    public static final String INPUTS_PUBLISHED = "espalier.inputs.published";

    /** {@code espalier_inputs_dropped_total}: inputs taken for publishing, and lost. */
    public static final String INPUTS_DROPPED = "espalier.inputs.dropped";

    /** {@code espalier_served_model_info{model,version}}: always 1. */
    public static final String SERVED_MODEL = "espalier.served.model.info";

    private MetricNames() {}
}
