package io.espalier.protocol.codec;

import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Regret;
import io.espalier.protocol.record.SamplingDirective;

/** The codec of every record there is. All are stateless and safe for use by several threads. */
public final class Codecs {
    public static final Codec<ActivationBatch> ACTIVATION_BATCH = new ActivationBatchCodec();
    public static final Codec<InputSample> INPUT_SAMPLE = new InputSampleCodec();
    public static final Codec<ModelDescriptor> MODEL_DESCRIPTOR = new JsonCodec<>(ModelDescriptor.class);
    public static final Codec<Expressiveness> EXPRESSIVENESS = new JsonCodec<>(Expressiveness.class);
    public static final Codec<Policy> POLICY = new JsonCodec<>(Policy.class);
    public static final Codec<Recommendation> RECOMMENDATION = new JsonCodec<>(Recommendation.class);
    public static final Codec<ModelVersion> MODEL_VERSION = new JsonCodec<>(ModelVersion.class);
    public static final Codec<Regret> REGRET = new JsonCodec<>(Regret.class);
    public static final Codec<SamplingDirective> SAMPLING_DIRECTIVE = new JsonCodec<>(SamplingDirective.class);
    public static final Codec<Readiness> READINESS = new JsonCodec<>(Readiness.class);

    private Codecs() {}
}
