package io.espalier.runtime;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * libtorch on the CPU, in this process. Starts offline: the native libraries come from the class path, nothing is
 * fetched and nothing is reported to anyone.
 *
 * <p>Safe for use by several threads. Close it after the models it loaded.
 */
public final class ModelRuntime implements AutoCloseable {
    private static final String ENGINE = "PyTorch";
    private static final String[] NO_EXTRA_FILES = {};

    private final PtNDManager manager;
    private final EngineTensors tensors;

    private ModelRuntime(PtNDManager manager) {
        this.manager = manager;
        this.tensors = new EngineTensors(manager);
    }

    /**
     * Starts the engine, or joins the one this process has already.
     *
     * @throws ModelRuntimeException when it cannot start here, or its libraries cannot be unpacked
     */
    public static ModelRuntime start(RuntimeSettings settings) {
        // The engine asks for these before it does anything else; its own environment variables would win.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("DJL_CACHE_DIR", settings.cache().toAbsolutePath().toString());
        try {
            Files.createDirectories(settings.cache());
            PtNDManager manager = (PtNDManager) Engine.getEngine(ENGINE).newBaseManager(Device.cpu());
            JniUtils.setNumThreads(
                    settings.threads() > 0
                            ? settings.threads()
                            : Runtime.getRuntime().availableProcessors());
            return new ModelRuntime(manager);
        } catch (IOException | EngineException | LinkageError | IllegalArgumentException e) {
            throw new ModelRuntimeException(
                    "libtorch could not be started from cache folder " + settings.cache() + ": "
                            + EngineErrors.oneLine(e) + "; set " + RuntimeSettings.CACHE_VARIABLE
                            + " to a folder that can be written and has 500 MB free",
                    e);
        }
    }

    /**
     * Loads an archive whole; the file may go afterwards.
     *
     * @throws ModelRuntimeException when the engine cannot read it
     */
    public LoadedModel load(Path archive) {
        return load(archive, "model " + archive, "model " + archive.getFileName());
    }

    /** The same, of a file that nobody knows by its name: messages say "the model". */
    private LoadedModel loadUnnamed(Path archive) {
        return load(archive, "the model", "the model");
    }

    /** Writes an archive. */
    @FunctionalInterface
    public interface Writer {
        void write(Path target) throws IOException;
    }

    /** Loads what is written to a file that nobody sees. */
    public LoadedModel loadWritten(Writer writer) throws IOException {
        return fromWritten(writer, this::loadUnnamed);
    }

    /** What is made of a written file that goes when this returns. */
    <T> T fromWritten(Writer writer, Function<Path, T> made) throws IOException {
        Path file = Files.createTempFile("espalier-written", ".pt");
        try {
            writer.write(file);
            return made.apply(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private LoadedModel load(Path archive, String file, String what) {
        PtNDManager owner = (PtNDManager) manager.newSubManager();
        try {
            PtSymbolBlock module = JniUtils.loadModule(owner, archive, false, NO_EXTRA_FILES, NO_EXTRA_FILES, false);
            return new LoadedModel(what, module, owner, tensors);
        } catch (EngineException e) {
            owner.close();
            throw new ModelRuntimeException(file + " cannot be loaded: " + EngineErrors.oneLine(e), e);
        }
    }

    /** For what else in this package speaks to the engine. */
    PtNDManager newManager() {
        return (PtNDManager) manager.newSubManager();
    }

    EngineTensors tensors() {
        return tensors;
    }

    @Override
    public void close() {
        manager.close();
    }
}
