package io.espalier.surgery.torchscript.pickle;

import io.espalier.surgery.graph.ElementType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The names that a TorchScript pickle may use. They are never resolved to anything that runs. */
public final class PickleNames {
    public static final String REBUILD_TENSOR = "torch._utils._rebuild_tensor_v2";
    public static final String TYPE_TAG = "torch.jit._pickle.restore_type_tag";

    private static final Map<String, ElementType> STORAGES = Map.ofEntries(
            Map.entry("DoubleStorage", ElementType.FLOAT64),
            Map.entry("FloatStorage", ElementType.FLOAT32),
            Map.entry("HalfStorage", ElementType.FLOAT16),
            Map.entry("BFloat16Storage", ElementType.BFLOAT16),
            Map.entry("LongStorage", ElementType.INT64),
            Map.entry("IntStorage", ElementType.INT32),
            Map.entry("ShortStorage", ElementType.INT16),
            Map.entry("CharStorage", ElementType.INT8),
            Map.entry("ByteStorage", ElementType.UINT8),
            Map.entry("BoolStorage", ElementType.BOOL),
            Map.entry("ComplexFloatStorage", ElementType.COMPLEX64),
            Map.entry("ComplexDoubleStorage", ElementType.COMPLEX128));

    private static final Set<String> FUNCTIONS = Set.of(
            REBUILD_TENSOR,
            "collections.OrderedDict",
            "torch.device",
            "torch.jit._pickle.build_intlist",
            "torch.jit._pickle.build_doublelist",
            "torch.jit._pickle.build_boollist",
            "torch.jit._pickle.build_tensorlist",
            "torch.jit._pickle.build_tensor_from_id",
            TYPE_TAG);

    private PickleNames() {}

    static boolean isClass(String module) {
        return module.equals("__torch__") || module.startsWith("__torch__.");
    }

    static boolean isKnown(String module, String name) {
        return FUNCTIONS.contains(module + "." + name) || (module.equals("torch") && STORAGES.containsKey(name));
    }

    public static Optional<ElementType> storage(Pickled.Global global) {
        return global.module().equals("torch") ? Optional.ofNullable(STORAGES.get(global.name())) : Optional.empty();
    }
}
