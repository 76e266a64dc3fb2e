package io.espalier.runtime;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.protocol.Datatype;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Moves tensors into the engine's memory and out of it. Its Java side ends the process when it is asked for bfloat16 or
 * int16, and calls both unknown when it is given them: a small archive of our own (src/main/python/make_casts.py) casts
 * them from and to types that are exact for them. Safe for use by several threads.
 */
final class EngineTensors {
    private final PtSymbolBlock casts;

    /** @param manager owns what is loaded here */
    EngineTensors(PtNDManager manager) {
        try (InputStream archive = EngineTensors.class.getResourceAsStream("casts.pt")) {
            casts = JniUtils.loadModule(manager, archive, false, false);
        } catch (IOException e) {
            throw new UncheckedIOException("casts.pt is in this jar", e);
        }
    }

    PtNDArray write(PtNDManager scope, Tensor tensor) {
        return switch (tensor.type()) {
            case BF16 -> cast(scope, "to_bfloat16", write(scope, TensorBuilder.converted(tensor, Datatype.FP32)));
            case INT16 -> cast(scope, "to_int16", write(scope, TensorBuilder.converted(tensor, Datatype.INT32)));
            default -> copied(scope, tensor);
        };
    }

    /** The engine's own way is by a buffer outside the heap whose memory only the garbage collector gives back. */
    private static PtNDArray copied(PtNDManager scope, Tensor tensor) {
        PtNDArray array = scope.create(new Shape(tensor.shape()), ElementTypes.engine(tensor.type()));
        if (tensor.data().length > 0) {
            array.toByteBuffer(true).put(tensor.data());
        }
        return array;
    }

    /** Throws {@link ModelRuntimeException} when it is of a type that is not known here. */
    Tensor read(PtNDManager scope, PtNDArray array) {
        if (array.getDataType() != DataType.UNKNOWN) {
            return read(array);
        }
        // Of the types called unknown, these two become known ones.
        Tensor exact = read(cast(scope, "readable", array));
        return TensorBuilder.converted(exact, exact.type().isFloating() ? Datatype.BF16 : Datatype.INT16);
    }

    private static Tensor read(PtNDArray array) {
        Optional<Datatype> type = ElementTypes.datatype(array.getDataType());
        if (type.isEmpty()) {
            throw new ModelRuntimeException("a tensor of " + array.getDataType() + " elements is not known here");
        }
        long[] shape = array.getShape().getShape();
        byte[] data = new byte
                [Math.toIntExact(FloatTensor.elements(shape) * type.get().bytes())];
        if (data.length > 0) {
            // libtorch holds numbers as the processor does: little-endian, on every platform it is built for.
            array.toByteBuffer(true).get(data);
        }
        return new Tensor(type.get(), shape, data);
    }

    private PtNDArray cast(PtNDManager scope, String method, PtNDArray array) {
        try (IValue argument = IValue.from(array);
                IValue result = IValueUtils.runMethod(casts, method, argument)) {
            return result.toTensor(scope);
        }
    }
}
