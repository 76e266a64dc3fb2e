package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever file is given for a model, or however a command is misspelt: one line, exit code 2, little heap. */
final class WrongInputIT {
    private static final String SHAPE = "--input-shape=1,1,28,28";

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void unpackModel() throws IOException {
        model = DemoFile.unpack("fashion-resnet20.pt", folder.resolve("model.pt"));
    }

    @Test
    void refusesATruncatedArchive() throws Exception {
        byte[] bytes = Files.readAllBytes(model);
        Files.write(model, Arrays.copyOf(bytes, bytes.length * 2 / 3));
        assertRefused("model.pt", model);
    }

    @Test
    void refusesATextFile() throws Exception {
        Files.writeString(model, "not a model\n".repeat(100));
        assertRefused("not a TorchScript archive", model);
    }

    @Test
    void refusesAFileThatIsNotThere() throws Exception {
        assertRefused("nowhere.pt", folder.resolve("nowhere.pt"));
    }

    @Test
    void refusesAZipBomb() throws Exception {
        try (ZipOutputStream zip = zip()) {
            entry(zip, "m/data.pkl", new byte[] {(byte) 0x80, 2, '}', '.'});
            zip.putNextEntry(new ZipEntry("m/data/0"));
            byte[] zeros = new byte[1 << 20];
            for (int megabyte = 0; megabyte < 2048; megabyte++) {
                zip.write(zeros);
            }
        }
        assertThat(Files.size(model)).isLessThan(3 << 20);
        assertRefused("m/data/0", model);
    }

    @Test
    void refusesAnEntryOutsideOfTheArchive() throws Exception {
        try (ZipOutputStream zip = zip()) {
            entry(zip, "../../x", new byte[] {1});
        }
        assertRefused("../../x", model);
        assertThat(folder.resolve("../../x")).doesNotExist();
    }

    @Test
    void refusesAPickleThatNamesCode() throws Exception {
        byte[] pickle =
                "\u0080\u0002cos\nsystem\n(X\u0004\u0000\u0000\u0000truetR.".getBytes(StandardCharsets.ISO_8859_1);
        try (ZipOutputStream zip = zip()) {
            entry(zip, "m/data.pkl", pickle);
            entry(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            entry(zip, "m/version", "3\n".getBytes(StandardCharsets.US_ASCII));
            entry(zip, "m/code/__torch__.py", "".getBytes(StandardCharsets.US_ASCII));
        }
        assertRefused("os.system", model);
    }

    @Test
    void refusesAWrongInputShape() throws Exception {
        for (String shape : new String[] {"1,3,28,28", "1,784", "1,1,28,28,1", "1,1,x,28", "0,1,28,28", ""}) {
            Espalier.Finished finished = Espalier.run(folder, "inspect", model, "--input-shape=" + shape);
            assertOneLine(finished, "");
        }
    }

    @Test
    void asksForTheInputShapeWhereTheArchiveDoesNotSayIt() throws Exception {
        for (String command : new String[] {"inspect", "score"}) {
            assertOneLine(Espalier.run(folder, command, model), "--input-shape is not given");
        }
    }

    @Test
    void refusesWhatCannotBeScoredOrDrawn() throws Exception {
        assertOneLine(Espalier.run(folder, "score", model, "--input-shape=4,1,28,28"), "batch, of 1");
        assertOneLine(Espalier.run(folder, "inspect", model, SHAPE, "--json", "--dot"), "either --json or --dot");
        assertOneLine(Espalier.run(folder, "inspect", model, "--input-shape=1,1,28,28:int3"), "no element type");
    }

    @Test
    void refusesDataThatIsNotTheModels() throws Exception {
        long[] shape = {2, 1, 28, 28};
        Path data = folder.resolve("data.npz");
        Npz.write(data, Map.of("y", Tensor.ofFloats(shape, new float[2 * 28 * 28])));
        assertOneLine(Espalier.run(folder, "score", model, SHAPE, "--data", data), "no array 'x'");
        Npz.write(data, Map.of("x", Tensor.ofFloats(new long[] {2, 784}, new float[2 * 28 * 28])));
        assertOneLine(Espalier.run(folder, "score", model, SHAPE, "--data", data), "[2, 784]");
        assertOneLine(Espalier.run(folder, "score", model, SHAPE + ":int8", "--data", data), "takes FP32");
    }

    @Test
    void saysWhichOptionIsWrong() throws Exception {
        Path out = folder.resolve("out.pt");
        assertOneLine(Espalier.run(folder, "prune", model, SHAPE, "-o", out, "--target=watts=1"), "watts=1");
        assertOneLine(Espalier.run(folder, "prune", model, SHAPE, "-o", out), "--target");
        assertOneLine(
                Espalier.run(folder, "prune", model, SHAPE, "-o", out, "--target=macs=0.5", "--max-disagreement=0.1"),
                "give one of --target macs=0.5, --max-disagreement 0.01 and --plan FILE");
        assertOneLine(
                Espalier.run(folder, "prune", model, SHAPE, "-o", out, "--max-disagreement=0"),
                "--max-disagreement must be above 0 and below 1, not 0.0");
        assertOneLine(
                Espalier.run(folder, "prune", model, SHAPE, "-o", out, "--target=macs=0.5", "--criterion=magic"),
                "magic");
        assertOneLine(Espalier.run(folder, "prune", model, SHAPE, "-o", out, "--target=macs=0.0001"), "limits");
        assertOneLine(Espalier.run(folder, "score", model, SHAPE, "--data=" + model), "model.pt");
        assertOneLine(Espalier.run(folder, "polish"), "polish");
        assertThat(out).doesNotExist();
    }

    @Test
    void refusesAPlanThatTheModelHasNotTheUnitsFor() throws Exception {
        Path out = folder.resolve("out.pt");
        for (String plan : new String[] {
            "",
            "[]",
            "{}",
            "{\"groups\": {\"nobody\": [1]}}",
            "{\"groups\": {\"conv1\": [99]}}",
            "{\"groups\": {\"conv1\": [-1]}}",
            "{\"groups\": {\"conv1\": [1, 1]}}"
        }) {
            Path file = Files.writeString(folder.resolve("plan.json"), plan);
            assertOneLine(Espalier.run(folder, "prune", model, SHAPE, "-o", out, "--plan", file), "");
        }
        assertThat(out).doesNotExist();
    }

    private void assertRefused(String naming, Path file) throws Exception {
        assertOneLine(Espalier.run(folder, "inspect", file, SHAPE), naming);
    }

    private static void assertOneLine(Espalier.Finished finished, String naming) {
        assertThat(finished.errorLines()).hasSize(1);
        assertThat(finished.errorLines().get(0)).startsWith("espalier: ").contains(naming);
        assertThat(finished.code()).isEqualTo(2);
        assertThat(finished.out()).isEmpty();
    }

    private ZipOutputStream zip() throws IOException {
        OutputStream out = Files.newOutputStream(model);
        return new ZipOutputStream(out);
    }

    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
