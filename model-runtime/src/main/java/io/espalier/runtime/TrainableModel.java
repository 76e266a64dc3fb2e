package io.espalier.runtime;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.stage.Stage;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network whose stored tensors are trained: they are inputs of its method, so that a frozen archive's constants can be
 * trained as well as a module's parameters. Norms keep the statistics they have. For one thread.
 */
public final class TrainableModel implements AutoCloseable {
    /** The engine's name for the input that says which method to run. */
    private static final String METHOD = "module_method:";

    private static final String VALUE = "value/";

    private final PtNDManager manager;
    private final PtSymbolBlock module;
    private final EngineTensors tensors;
    private final Stage stage;
    private final Set<Parameter> trained;
    private final Map<Parameter, PtNDArray> values = new LinkedHashMap<>();
    private final AdamState adam;

    /** What a step made of a batch, to be turned into a loss. */
    @FunctionalInterface
    public interface Loss {
        /** A number, from outputs and taps in order. */
        NDArray of(NDList results, NDList targets);
    }

    /**
     * @param stage with all that is trained, and may be more, among what it is given
     * @param weights where to begin
     */
    public TrainableModel(
            ModelRuntime runtime, ModelArchive archive, Stage stage, Weights weights, Set<Parameter> trained)
            throws IOException {
        this.manager = runtime.newManager();
        this.tensors = runtime.tensors();
        this.stage = stage;
        this.trained = Set.copyOf(trained);
        this.module = runtime.fromWritten(
                file -> archive.writeStages(List.of(stage), file),
                file -> JniUtils.loadModule(manager, file, false, new String[0], new String[0], true));
        for (Parameter parameter : stage.given()) {
            PtNDArray array = tensors.write(manager, weights.get(parameter));
            array.setRequiresGradient(trained.contains(parameter));
            values.put(parameter, array);
        }
        this.adam = new AdamState(manager);
    }

    /**
     * Runs a batch, and moves the trained tensors down the gradient of the loss.
     *
     * @param targets given to the loss as they are
     * @param rate learning rate of this step
     * @return the loss before the step
     */
    public double step(List<Tensor> inputs, List<Tensor> targets, Loss loss, double rate) {
        JniUtils.setGraphExecutorOptimize(false);
        try (PtNDManager scope = (PtNDManager) manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDList wanted = new NDList();
            targets.forEach(target -> wanted.add(tensors.write(scope, target)));
            NDList results = IValueUtils.forward(module, arguments(scope, inputs), true);
            results.attach(scope);
            NDArray value = loss.of(results, wanted);
            collector.backward(value);
            adam.next();
            for (Parameter parameter : trained) {
                PtNDArray array = values.get(parameter);
                try (PtNDArray gradient = array.getGradient()) {
                    adam.update(parameter, array, gradient, rate);
                    JniUtils.zeroGrad(array);
                }
            }
            return value.getFloat();
        } catch (EngineException e) {
            throw new ModelRuntimeException("the model cannot be trained: " + EngineErrors.oneLine(e), e);
        }
    }

    private NDList arguments(PtNDManager scope, List<Tensor> inputs) {
        NDList arguments = new NDList();
        inputs.forEach(input -> arguments.add(tensors.write(scope, input)));
        arguments.addAll(values.values());
        NDArray method = scope.create(0);
        method.setName(METHOD + stage.name());
        arguments.add(method);
        return arguments;
    }

    /** The trained tensors as they are now, into {@code weights}. */
    public void copyTo(Weights weights) {
        for (Parameter parameter : trained) {
            weights.set(parameter, tensors.read(manager, values.get(parameter)).reals());
        }
    }

    /** All that a training goes on from, by name: see {@link #restore}. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(adam.state(tensors));
        for (Parameter parameter : trained) {
            state.put(VALUE + parameter.name(), tensors.read(manager, values.get(parameter)));
        }
        return state;
    }

    /**
     * Goes on from what {@link #state} gave for the same stage, in these types or wider ones.
     *
     * @throws ModelRuntimeException when it is of another stage; nothing has changed then
     */
    public void restore(Map<String, Tensor> state) {
        for (Parameter parameter : trained) {
            Tensor value = state.get(VALUE + parameter.name());
            if (value == null || !Arrays.equals(value.shape(), parameter.shape())) {
                throw new ModelRuntimeException("this is the state of another training: '" + parameter.name()
                        + "' is missing or has another shape");
            }
        }
        for (Parameter parameter : trained) {
            PtNDArray array = values.get(parameter);
            Tensor value = TensorBuilder.converted(
                    state.get(VALUE + parameter.name()),
                    ElementTypes.datatype(parameter.type()).orElseThrow());
            PtNDArray restored = tensors.write(manager, value);
            restored.setRequiresGradient(true);
            values.put(parameter, restored);
            array.close();
            adam.restore(parameter, state, tensors);
        }
    }

    @Override
    public void close() {
        module.close();
        manager.close();
    }
}
