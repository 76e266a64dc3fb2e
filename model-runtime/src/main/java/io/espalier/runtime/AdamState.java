package io.espalier.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.surgery.graph.Parameter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The optimiser of Kingma and Ba, "Adam", arXiv 1412.6980, with its usual constants; the update itself is the engine's. DJL's
 * own class is not used, since its moments cannot be saved to go on with later.
 */
final class AdamState {
    private static final String STEPS = "steps";
    private static final String MEAN = "mean/";
    private static final String VARIANCE = "variance/";

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final float EPSILON = 1e-8f;

    private final PtNDManager manager;
    private final Map<Parameter, PtNDArray> means = new HashMap<>();
    private final Map<Parameter, PtNDArray> variances = new HashMap<>();
    private int steps;

    AdamState(PtNDManager manager) {
        this.manager = manager;
    }

    /** Begins a step; its updates follow. */
    void next() {
        steps++;
    }

    void update(Parameter parameter, PtNDArray value, PtNDArray gradient, double rate) {
        PtNDArray mean = means.computeIfAbsent(parameter, p -> zeros(value));
        PtNDArray variance = variances.computeIfAbsent(parameter, p -> zeros(value));
        double corrected = rate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
        JniUtils.adamUpdate(
                value,
                gradient,
                mean,
                variance,
                (float) rate,
                (float) corrected,
                0,
                1,
                -1,
                (float) BETA1,
                (float) BETA2,
                EPSILON,
                false);
    }

    /** By name, to {@link #restore}. */
    Map<String, Tensor> state(EngineTensors tensors) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(STEPS, Tensor.ofLongs(new long[] {1}, steps));
        means.forEach((parameter, mean) -> state.put(MEAN + parameter.name(), tensors.read(manager, mean)));
        variances.forEach(
                (parameter, variance) -> state.put(VARIANCE + parameter.name(), tensors.read(manager, variance)));
        return state;
    }

    /** One parameter's, and how many steps there were; of a parameter that is not in it, moments begin at 0. */
    void restore(Parameter parameter, Map<String, Tensor> state, EngineTensors tensors) {
        steps = Math.toIntExact(state.get(STEPS).whole(0));
        restore(means, parameter, state.get(MEAN + parameter.name()), tensors);
        restore(variances, parameter, state.get(VARIANCE + parameter.name()), tensors);
    }

    private void restore(Map<Parameter, PtNDArray> moments, Parameter parameter, Tensor stored, EngineTensors tensors) {
        PtNDArray earlier = moments.remove(parameter);
        if (earlier != null) {
            earlier.close();
        }
        if (stored != null) {
            Tensor moment = TensorBuilder.converted(
                    stored, ElementTypes.datatype(parameter.type()).orElseThrow());
            moments.put(parameter, tensors.write(manager, moment));
        }
    }

    private PtNDArray zeros(PtNDArray like) {
        return (PtNDArray) manager.zeros(like.getShape(), like.getDataType());
    }
}
