package io.espalier.sidecar.http;

import io.espalier.runtime.Tensor;
import java.util.List;

/**
 * A request as it is written, its tensors not yet held against the model.
 *
 * @param id to be given back, or null
 * @param outputs names of the outputs asked for; empty for all
 */
record InferenceRequest(String id, List<Input> inputs, List<String> outputs) {
    /** A tensor of the request, by its name. */
    record Input(String name, Tensor tensor) {}
}
