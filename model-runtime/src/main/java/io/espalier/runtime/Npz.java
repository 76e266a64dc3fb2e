package io.espalier.runtime;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** numpy's .npz files: named arrays, stored or deflated, of uint8, int64, float32 and float64 in C order. */
public final class Npz {
    private final ModelRuntime runtime;

    public Npz(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    /** An array of one of the four element types; {@code data} is row-major and fills {@code shape}. */
    public sealed interface Array {
        long[] shape();
    }

    /** Bytes count from 0 to 255. */
    public record Uint8(long[] shape, byte[] data) implements Array {}

    public record Int64(long[] shape, long[] data) implements Array {}

    public record Float32(long[] shape, float[] data) implements Array {}

    public record Float64(long[] shape, double[] data) implements Array {}

    /**
     * Reads all arrays of a file, in its order.
     *
     * @throws ModelRuntimeException naming the file, and the array where it is one of another type
     */
    public Map<String, Array> read(Path file) {
        try (NDManager manager = runtime.newManager();
                InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Map<String, Array> arrays = new LinkedHashMap<>();
            for (NDArray array : NDList.decode(manager, in)) {
                arrays.put(array.getName(), read(array, file));
            }
            return arrays;
        } catch (IOException | RuntimeException e) {
            if (e instanceof ModelRuntimeException known) {
                throw known;
            }
            throw new ModelRuntimeException(
                    file + " is no .npz file that can be read (C order, uint8, int64, float32 or float64): "
                            + EngineErrors.oneLine(e),
                    e);
        }
    }

    private static Array read(NDArray array, Path file) {
        long[] shape = array.getShape().getShape();
        return switch (array.getDataType()) {
            case UINT8 -> new Uint8(shape, array.toByteArray());
            case INT64 -> new Int64(shape, array.toLongArray());
            case FLOAT32 -> new Float32(shape, array.toFloatArray());
            case FLOAT64 -> new Float64(shape, array.toDoubleArray());
            default ->
                throw new ModelRuntimeException(file + ": array '" + array.getName() + "' is of type "
                        + array.getDataType().asNumpy() + ": save it as uint8, int64, float32 or float64");
        };
    }

    /**
     * Writes the arrays, deflated, in the order of the map.
     *
     * @throws ModelRuntimeException naming the file, when an array does not fill its shape
     */
    public void write(Path file, Map<String, ? extends Array> arrays) throws IOException {
        try (NDManager manager = runtime.newManager();
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            NDList list = new NDList();
            for (Map.Entry<String, ? extends Array> entry : arrays.entrySet()) {
                NDArray array = create(manager, entry.getValue());
                array.setName(entry.getKey());
                list.add(array);
            }
            list.encode(out, NDList.Encoding.NPZ);
        } catch (EngineException | IllegalArgumentException e) {
            throw new ModelRuntimeException(file + " cannot be written: " + EngineErrors.oneLine(e), e);
        }
    }

    private static NDArray create(NDManager manager, Array array) {
        Shape shape = new Shape(array.shape());
        if (array instanceof Uint8 bytes) {
            return manager.create(ByteBuffer.wrap(bytes.data()), shape, DataType.UINT8);
        }
        if (array instanceof Int64 longs) {
            return manager.create(LongBuffer.wrap(longs.data()), shape, DataType.INT64);
        }
        if (array instanceof Float32 floats) {
            return manager.create(FloatBuffer.wrap(floats.data()), shape, DataType.FLOAT32);
        }
        return manager.create(DoubleBuffer.wrap(((Float64) array).data()), shape, DataType.FLOAT64);
    }
}
