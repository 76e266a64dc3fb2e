package io.espalier.runtime;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;

/**
 * A model in the engine, in inference mode. Safe for use by several threads at once; {@link #close} waits for calls that
 * are under way.
 */
public final class LoadedModel implements AutoCloseable {
    /** An output that a model leaves out, such as the auxiliary ones that only training has. */
    private static final String NONE = "NoneType";

    private final String what;
    private final PtSymbolBlock module;
    private final PtNDManager manager;
    private final EngineTensors tensors;
    // Calls hold it shared: native memory must not go while one is in it.
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    LoadedModel(String what, PtSymbolBlock module, PtNDManager manager, EngineTensors tensors) {
        this.what = what;
        this.module = module;
        this.manager = manager;
        this.tensors = tensors;
    }

    /**
     * Runs {@code forward}.
     *
     * @return its output tensors, lists and tuples flattened in order, dictionaries by key, None left out
     * @throws ModelRuntimeException when the model cannot take these inputs
     */
    public List<Tensor> forward(List<Tensor> inputs) {
        return call("forward", inputs);
    }

    /** Runs a method by name; otherwise as {@link #forward}. */
    public List<Tensor> call(String method, List<Tensor> inputs) {
        return call(method, inputs, tensors::read);
    }

    /** As {@link #call(String, List)}, for a method that returns vectors of int64. */
    List<long[]> callForLongs(String method, List<Tensor> inputs) {
        return call(method, inputs, (scope, array) -> array.toLongArray());
    }

    private <T> List<T> call(String method, List<Tensor> inputs, BiFunction<PtNDManager, PtNDArray, T> reader) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new ModelRuntimeException(what + " is closed");
            }
            // The engine's optimiser is switched per thread. Off, a model runs the same plan from its first call on;
            // on, it compiles anew for each batch size it meets, and gains nothing on a CPU (measured).
            JniUtils.setGraphExecutorOptimize(false);
            return run(method, inputs, reader);
        } catch (EngineException | IllegalStateException e) {
            throw new ModelRuntimeException(
                    what + " cannot run " + method + " on inputs " + inputs + ": " + EngineErrors.oneLine(e), e);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private <T> List<T> run(String method, List<Tensor> inputs, BiFunction<PtNDManager, PtNDArray, T> reader) {
        try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
            IValue[] arguments = new IValue[inputs.size()];
            try {
                Arrays.setAll(arguments, i -> IValue.from(tensors.write(scope, inputs.get(i))));
                try (IValue result = IValueUtils.runMethod(module, method, arguments)) {
                    List<T> outputs = new ArrayList<>();
                    flatten(result, scope, reader, outputs);
                    return outputs;
                }
            } finally {
                Arrays.stream(arguments).filter(argument -> argument != null).forEach(IValue::close);
            }
        }
    }

    private <T> void flatten(
            IValue value, PtNDManager scope, BiFunction<PtNDManager, PtNDArray, T> reader, List<T> into) {
        if (value.isTensor()) {
            into.add(reader.apply(scope, value.toTensor(scope)));
        } else if (value.isTensorList()) {
            Arrays.stream(value.toTensorArray(scope))
                    .map(array -> reader.apply(scope, array))
                    .forEach(into::add);
        } else if (value.isTuple()) {
            flattenAll(List.of(value.toIValueTuple()), scope, reader, into);
        } else if (value.isList()) {
            flattenAll(List.of(value.toIValueArray()), scope, reader, into);
        } else if (value.isMap()) {
            Map<String, IValue> byKey = new TreeMap<>(value.toIValueMap());
            flattenAll(byKey.values(), scope, reader, into);
        } else if (!value.getType().equals(NONE)) {
            throw new ModelRuntimeException(what + " returns " + value.getType() + ", which is no tensor");
        }
    }

    private <T> void flattenAll(
            Iterable<IValue> values, PtNDManager scope, BiFunction<PtNDManager, PtNDArray, T> reader, List<T> into) {
        for (IValue value : values) {
            try (value) {
                flatten(value, scope, reader, into);
            }
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                module.close();
                manager.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
