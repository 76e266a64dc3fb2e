package io.espalier.surgery.torchscript;

import java.util.Map;
import java.util.Optional;

/**
 * What is taken as given of the recorded call: gradients are on, as in a plain call, so that a scripted transformer runs
 * operator by operator and not as one that cannot be cut; the device is the CPU. Both ways compute the same.
 */
final class Surroundings {
    private static final Map<String, Object> ANSWERS = Map.ofEntries(
            Map.entry("is_grad_enabled", true),
            Map.entry("is_autocast_enabled", false),
            Map.entry("is_autocast_cpu_enabled", false),
            Map.entry("is_scripting", true),
            Map.entry("prim.is_cuda", false),
            Map.entry("prim.is_cpu", true),
            Map.entry("prim.is_nested", false),
            Map.entry("prim.is_quantized", false),
            Map.entry("prim.is_sparse", false),
            Map.entry("prim.is_sparse_csr", false),
            Map.entry("prim.is_mkldnn", false),
            Map.entry("prim.is_meta", false),
            Map.entry("prim.is_mps", false),
            Map.entry("prim.is_xpu", false),
            Map.entry("prim.is_xla", false),
            Map.entry("prim.is_vulkan", false),
            Map.entry("prim.is_ipu", false),
            // Strided, as all tensors are that are read here.
            Map.entry("prim.layout", 0L));

    private Surroundings() {}

    /** The answer to a question about the surroundings; empty for any other operator. */
    static Optional<Symbol> answer(String operator) {
        return Optional.ofNullable(ANSWERS.get(operator)).map(Symbol::literal);
    }
}
