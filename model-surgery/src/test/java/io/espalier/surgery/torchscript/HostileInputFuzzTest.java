package io.espalier.surgery.torchscript;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.pickle.PickleReader;
import io.espalier.surgery.torchscript.pickle.PickleWriter;
import io.espalier.surgery.torchscript.pickle.Pickled;
import io.espalier.surgery.torchscript.zip.RandomBytes;
import io.espalier.surgery.torchscript.zip.ZipEntry;
import io.espalier.surgery.torchscript.zip.ZipReader;
import io.espalier.surgery.torchscript.zip.ZipWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Whatever the bytes: a model or a ModelFormatException of one line, in bounded time and memory. Each build runs the
 * committed inputs; {@code JAZZER_FUZZ=1 mvn -pl model-surgery test -Dtest=HostileInputFuzzTest#pickle} looks for more.
 */
class HostileInputFuzzTest {
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("fuzz");
    }

    @AfterEach
    void deleteFolder() throws IOException {
        for (String name : List.of("given.pt", "repaired.pt", "written.pt")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
    }

    /** A step of reading, which may refuse what it reads. */
    private interface Reading {
        void run() throws IOException;
    }

    private static void read(Reading reading) throws IOException {
        try {
            reading.run();
        } catch (ModelFormatException e) {
            if (e.getMessage() == null
                    || e.getMessage().isBlank()
                    || e.getMessage().contains("\n")) {
                throw new AssertionError("a refusal that is not one line", e);
            }
        }
    }

    @FuzzTest(maxDuration = "60s")
    void zip(byte[] file) throws IOException {
        Path given = Files.write(folder.resolve("given.pt"), file);
        read(() -> {
            ZipReader zip = ZipReader.open(given);
            for (ZipEntry entry : zip.entries().values()) {
                read(() -> zip.content(entry));
                read(() -> zip.verify(entry));
            }
        });
    }

    /** What is read can also be written, and reads back as large as it was. */
    @FuzzTest(maxDuration = "60s")
    void pickle(byte[] pickle) throws IOException {
        read(() -> {
            Pickled root = PickleReader.read("fuzz.pkl", ByteBuffer.wrap(pickle));
            byte[] once = PickleWriter.write(root);
            byte[] twice = PickleWriter.write(PickleReader.read("fuzz.pkl", ByteBuffer.wrap(once)));
            if (once.length != twice.length) {
                throw new AssertionError("written in " + once.length + " bytes, then in " + twice.length);
            }
        });
    }

    /** The code of a model with a weight, a number, a child and a constant, which it may use. */
    @FuzzTest(maxDuration = "60s")
    void code(byte[] code) throws IOException {
        Path given = folder.resolve("given.pt");
        try (ZipWriter zip = new ZipWriter(given)) {
            zip.add("m/code/__torch__.py", ByteBuffer.wrap(code));
            zip.add("m/data.pkl", ByteBuffer.wrap(PickleWriter.write(module())));
            zip.add("m/constants.pkl", ByteBuffer.wrap(PickleWriter.write(new Pickled.Tuple(List.of(tensor("1"))))));
            zip.add("m/data/0", ByteBuffer.allocate(16));
            zip.add("m/constants/1", ByteBuffer.allocate(16));
            zip.finish();
        }
        read(() -> openAndWrite(given));
    }

    /** The bytes are an archive; its checksums are made right first, since no fuzzer guesses one. */
    @FuzzTest(maxDuration = "60s")
    void archive(byte[] file) throws IOException {
        Path given = Files.write(folder.resolve("given.pt"), file);
        Path repaired = folder.resolve("repaired.pt");
        read(() -> {
            ZipReader zip = ZipReader.open(given);
            try (ZipWriter out = new ZipWriter(repaired)) {
                for (ZipEntry entry : zip.entries().values()) {
                    try (RandomBytes bytes = zip.bytes(entry)) {
                        out.add(entry.name(), entry.size(), sink -> bytes.readAll(entry.size(), sink));
                    }
                }
                out.finish();
            }
            openAndWrite(repaired);
        });
    }

    private void openAndWrite(Path given) throws IOException {
        TorchScriptModel model = TorchScriptModel.open(given);
        model.writeProfiled(folder.resolve("written.pt"));
    }

    private static Pickled module() {
        Pickled.Instance child = instance("Child", List.of());
        return instance(
                "Model",
                List.of(
                        text("weight"),
                        tensor("0"),
                        text("size"),
                        new Pickled.Scalar(Optional.of(2L)),
                        text("child"),
                        child));
    }

    private static Pickled.Instance instance(String type, List<Pickled> state) {
        Pickled.Instance instance = new Pickled.Instance(new Pickled.Global("__torch__", type));
        instance.build(new Pickled.Dictionary(new ArrayList<>(state)));
        return instance;
    }

    private static Pickled text(String value) {
        return new Pickled.Scalar(Optional.of(value));
    }

    private static Pickled numbers(long... numbers) {
        return new Pickled.Tuple(java.util.Arrays.stream(numbers)
                .mapToObj(number -> (Pickled) new Pickled.Scalar(Optional.of(number)))
                .toList());
    }

    /** Two by two floats. */
    private static Pickled tensor(String key) {
        Pickled storage = new Pickled.Persistent(new Pickled.Tuple(List.of(
                text("storage"),
                new Pickled.Global("torch", "FloatStorage"),
                text(key),
                text("cpu"),
                new Pickled.Scalar(Optional.of(4L)))));
        return new Pickled.Call(
                new Pickled.Global("torch._utils", "_rebuild_tensor_v2"),
                new Pickled.Tuple(List.of(
                        storage,
                        new Pickled.Scalar(Optional.of(0L)),
                        numbers(2, 2),
                        numbers(2, 1),
                        new Pickled.Scalar(Optional.of(false)),
                        new Pickled.Scalar(Optional.empty()))));
    }
}
