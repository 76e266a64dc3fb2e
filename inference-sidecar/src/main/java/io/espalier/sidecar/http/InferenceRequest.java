package io.espalier.sidecar.http;

import java.util.List;

/**
 * A request as it is written, its tensors not yet held against the model.
 *
 * @param id to be given back, or null
 * @param outputs names of the outputs asked for; empty for all
 */
record InferenceRequest(String id, List<Tensor> inputs, List<String> outputs) {
    /** @param data row-major, as many as the shape has */
    record Tensor(String name, String datatype, long[] shape, float[] data) {}
}
