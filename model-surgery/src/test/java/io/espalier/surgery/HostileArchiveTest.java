package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.espalier.surgery.ArchiveForge.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every archive here is broken on purpose: each must give one clear line, quickly. */
class HostileArchiveTest {
    private static final String TOP = "residual/";

    @TempDir
    Path folder;

    private void refuses(byte[] file, String pattern) throws IOException {
        Path path = Files.write(folder.resolve("hostile.pt"), file);
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatThrownBy(() -> ModelArchive.open(path))
                        .isInstanceOf(ModelFormatException.class)
                        .message()
                        .matches(pattern)
                        .doesNotContain("\n"));
    }

    private static ArchiveForge residual() throws IOException {
        return ArchiveForge.of(Fixtures.path("residual.pt"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThatThrownBy(() -> ModelArchive.open(folder)).hasMessageEndingWith("is a directory, not a model file");
        assertThatThrownBy(() -> ModelArchive.open(folder.resolve("none.pt"))).hasMessageEndingWith("no such file");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        refuses(new byte[0], "hostile.pt is empty");
    }

    @Test
    void refusesATextFile() throws IOException {
        refuses(bytes("I am a model, honestly"), "hostile.pt is not a TorchScript archive: it is no zip file");
        refuses(bytes("x"), "hostile.pt is not a TorchScript archive: it is no zip file");
    }

    @Test
    void refusesABarePickle() throws IOException {
        refuses(bytes("\u0080\u0002}q\u0000."), "hostile.pt is a bare pickle, not a TorchScript archive.*");
    }

    @Test
    void refusesATruncatedArchive() throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.path("residual.pt"));
        refuses(java.util.Arrays.copyOf(whole, whole.length / 2), "hostile.pt is cut short: .*directory is missing");
        refuses(java.util.Arrays.copyOfRange(whole, 4096, whole.length), "hostile.pt (is cut short|has).*|.*damaged.*");
    }

    @Test
    void refusesWeightsWithoutCode() throws IOException {
        refuses(
                residual().without(name -> name.contains("/code/")).bytes(),
                "the archive has no code/: it holds weights only.*");
    }

    @Test
    void refusesAPathThatLeavesItsFolder() throws IOException {
        refuses(residual().with("residual/../../x", "boo").bytes(), ".*leaves its folder, 'residual/../../x'");
        refuses(residual().with("../../x", "boo").bytes(), ".*leaves its folder, '../../x'");
        refuses(residual().with("/etc/x", "boo").bytes(), ".*no plain relative path, '/etc/x'");
        refuses(residual().with("residual\\x", "boo").bytes(), ".*no plain relative path, .*");
        refuses(residual().with("C:x", "boo").bytes(), ".*no plain relative path, 'C:x'");
        refuses(residual().with("residual/a\nb", "boo").bytes(), ".*no plain relative path, 'residual/a\\?b'");
        refuses(residual().with("other/x", "boo").bytes(), ".*other/x lies outside the one top folder.*");
    }

    @Test
    void refusesALongName() throws IOException {
        refuses(residual().with(TOP + "a".repeat(600), "x").bytes(), ".*entry name of 609 bytes, 1 to 512 are read");
    }

    @Test
    void refusesTheSameNameTwice() throws IOException {
        refuses(residual().with(TOP + "data.pkl", "x").bytes(), ".*has two entries named residual/data.pkl");
    }

    @Test
    void refusesASymbolicLink() throws IOException {
        refuses(
                residual()
                        .with(new Entry(TOP + "link", bytes("/etc/passwd"), false, 0xA1FF << 16, -1))
                        .bytes(),
                ".*has a symbolic link, residual/link");
    }

    @Test
    void refusesAZipBomb() throws IOException {
        byte[] zeros = new byte[64 << 20];
        refuses(
                residual().with(new Entry(TOP + "bomb", zeros, true, 0, -1)).bytes(),
                ".*inflates [0-9]+ bytes to 67108864, a zip bomb\\? residual/bomb");
    }

    @Test
    void refusesAnEntryThatLiesAboutItsInflatedSize() throws IOException {
        byte[] code = residual().content(TOP + "code/__torch__.py");
        refuses(
                residual()
                        .replace(new Entry(TOP + "code/__torch__.py", code, true, 0, code.length + 1))
                        .bytes(),
                "residual/code/__torch__.py: inflates to fewer bytes than the directory says");
        refuses(
                residual()
                        .replace(new Entry(TOP + "code/__torch__.py", code, true, 0, code.length - 1))
                        .bytes(),
                "residual/code/__torch__.py: inflates to more bytes than the directory says");
    }

    @Test
    void readsADeflatedArchive() throws IOException {
        Path path = folder.resolve("deflated.pt");
        Files.write(path, residual().deflated().bytes());
        assertThat(ModelArchive.open(path).graph().parameters())
                .isEqualTo(Fixtures.open("residual").graph().parameters());
    }

    @Test
    void refusesEntriesThatOverlap() throws IOException {
        refuses(residual().sharingOneContent(400).bytes(), ".*entries that overlap: .*");
    }

    @Test
    void refusesAClaimOfTooManyEntries() throws IOException {
        byte[] whole = residual().bytes();
        whole[whole.length - 22 + 10] = (byte) 0xff;
        whole[whole.length - 22 + 11] = (byte) 0xff;
        refuses(whole, ".*(damaged zip directory|zip directory of).*");
    }

    @Test
    void refusesAPickleThatNamesOsSystem() throws IOException {
        refusesPickle("cos\nsystem\n(X\u0004\u0000\u0000\u0000truetR.", ".*data.pkl: names os.system; only tensors.*");
        refusesPickle("c__builtin__\neval\n.", ".*data.pkl: names __builtin__.eval; only tensors.*");
        refusesPickle("ctorch\nload\n.", ".*data.pkl: names torch.load; only tensors.*");
    }

    private void refusesPickle(String afterProtocol, String pattern) throws IOException {
        refuses(
                residual()
                        .replace(TOP + "data.pkl", bytes("\u0080\u0002" + afterProtocol))
                        .bytes(),
                pattern);
    }

    @Test
    void refusesBrokenPickles() throws IOException {
        refusesPickle("", ".*data.pkl: the pickle is cut short or damaged");
        refusesPickle(".", ".*data.pkl: the pickle is cut short or damaged");
        refusesPickle("h\u0007.", ".*data.pkl: memo 7, which was never stored");
        refusesPickle(
                "X\u00ff\u00ff\u00ff\u007fa.", ".*data.pkl: a string of 2147483647 bytes, which reaches past its end");
        refusesPickle("t.", ".*data.pkl: no mark where one is needed");
        refusesPickle("]q\u0000h\u0000a.", ".*data.pkl: an object that contains itself");
        refusesPickle("]" + "(]".repeat(5000) + "e".repeat(5000) + ".", ".*data.pkl: nests deeper than 300");
        refusesPickle("\u008f.", ".*data.pkl: opcode 0x8f, which TorchScript does not write");
        refusesPickle("N.", ".*data.pkl: does not hold a module");
        refusesPickle("N0".repeat(10), ".*data.pkl: opcode 0x30, .*");
        refusesPickle("(" + "N".repeat(2_000_000) + "t.", ".*data.pkl: more than 1000000 opcodes");
    }

    /** Lists of two, each holding the one before twice: a tree of 2^1000 leaves if it were walked as one. */
    @Test
    void doesNotWalkSharedPickleNodesTwice() throws IOException {
        StringBuilder laughs = new StringBuilder("]q\u0000");
        for (int i = 0; i < 250; i++) {
            char from = (char) i;
            laughs.append("](h")
                    .append(from)
                    .append('h')
                    .append(from)
                    .append("eq")
                    .append((char) (i + 1));
        }
        refusesPickle(laughs + ".", ".*data.pkl: does not hold a module");
    }

    @Test
    void refusesTensorsThatLeaveTheirStorage() throws IOException {
        refusesEditedPickle(
                "K\u0008K\u0001K\u0003K\u0003t",
                "K\u0009K\u0001K\u0003K\u0003t",
                ".*reaches past its storage 0 of 72 elements");
        refusesEditedPickle("KHtQ", "KGtQ", ".*reaches past its storage 0 of 71 elements");
        refusesEditedPickle("KHtQ", "KItQ", ".*data/0: has 288 bytes where 73 elements of FLOAT32 are announced");
    }

    private void refusesEditedPickle(String from, String to, String pattern) throws IOException {
        String pickle = new String(residual().content(TOP + "data.pkl"), StandardCharsets.ISO_8859_1);
        assertThat(pickle).contains(from);
        int at = pickle.indexOf(from);
        String edited = pickle.substring(0, at) + to + pickle.substring(at + from.length());
        refuses(residual().replace(TOP + "data.pkl", bytes(edited)).bytes(), pattern);
    }

    /** A stride of zero makes a tensor of any size out of one element. */
    @Test
    void refusesATensorThatOnlyPretendsToBeLarge() throws IOException {
        refusesEditedPickle(
                "(K\u0008K\u0001K\u0003K\u0003t(K\u0009K\u0009K\u0003K\u0001t",
                "(J\u0000\u0000\u0000@K\u0001K\u0003K\u0003t(K\u0000K\u0009K\u0003K\u0001t",
                ".*a size of 1073741824 over storage 0 of 72 elements");
    }

    @Test
    void refusesCodeOfMillionsOfTokens() throws IOException {
        refusesCode(forward("return [" + "1,".repeat(1_000_000) + "]"), "code/__torch__.py: more than 1000000 tokens");
        refusesCode(forward("return x") + "#".repeat(5 << 20), ".*code of more than 4194304 bytes in all");
    }

    @Test
    void refusesAMissingStorage() throws IOException {
        refuses(
                residual().without(name -> name.equals(TOP + "data/0")).bytes(),
                ".*data.pkl: storage residual/data/0 is missing from the archive");
    }

    @Test
    void refusesBrokenCode() throws IOException {
        refusesCode(
                "class Residual(Module):\n  def forward(self, x: Tensor -> Tensor:\n",
                ".*code/__torch__.py:2: expected.*");
        refusesCode("class Residual(Module):\n  x = $\n", "code/__torch__.py:2: a character that is not TorchScript.*");
        refusesCode("class Residual(Module):\n  x = \"abc\n", "code/__torch__.py:2: a string without an end");
        refusesCode("x = 1\n", "code/: there is no class __torch__.Residual");
        refusesCode("class Residual(Module):\n  a : int\n", ".*class Residual has no method forward");
    }

    @Test
    void refusesCodeThatNestsWithoutEnd() throws IOException {
        refusesCode(forward("return " + "(".repeat(100_000)), "code/__torch__.py:3: expressions nest deeper than 200");
        refusesCode(forward("return (self).forward(x, )"), "code/__torch__.py:2: calls nest deeper than 100");
        StringBuilder fan = new StringBuilder("class Residual(Module):\n");
        for (int i = 0; i < 40; i++) {
            String next = i == 39 ? "x" : "(self).forward" + (i + 1) + "((self).forward" + (i + 1) + "(x, ), )";
            fan.append("  def forward")
                    .append(i == 0 ? "" : i)
                    .append("(self,\n    x: Tensor) -> Tensor:\n    return ");
            fan.append(next).append('\n');
        }
        refusesCode(fan.toString(), ".*more than 500000 statements when inlined");
    }

    @Test
    void refusesCodeThatDoesWhatAModelDoesNot() throws IOException {
        refusesCode(
                forward("return open(\"/etc/passwd\")"), "code/__torch__.py:3: a call of open, which is not read.*");
        refusesCode(forward("return y"), "code/__torch__.py:3: the name y is used before it is given a value");
        refusesCode(forward("return self.nothing"), "code/__torch__.py:3: the model has no attribute nothing");
        refusesCode(
                forward("self.training = True\n    return x"), "code/__torch__.py:3: an assignment to self.training.*");
        refusesCode(forward("return x.data"), "code/__torch__.py:3: the attribute data of something that is no module");
        refusesCode(forward("return CONSTANTS.c9"), "code/__torch__.py:3: CONSTANTS.c9 is no tensor of constants.pkl");
        refusesCode(forward("return x + x"), "code/__torch__.py:3: the operator '\\+' is not read in a model's code");
    }

    @Test
    void refusesASecondMethod() throws IOException {
        refusesCode(
                forward("return x") + "  def encode(self, x: Tensor) -> Tensor:\n    return x\n",
                "code/__torch__.py:4: the model has a second method, encode; only models with forward alone are read");
    }

    private static String forward(String body) {
        return "class Residual(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    " + body + "\n";
    }

    /** Under a module without attributes, so that this is all the code that there is. */
    private void refusesCode(String code, String pattern) throws IOException {
        refuses(
                residual()
                        .without(name -> name.contains("/code/"))
                        .replace(TOP + "data.pkl", bytes("\u0080\u0002c__torch__\nResidual\n)\u0081}b."))
                        .with(TOP + "code/__torch__.py", bytes(code))
                        .bytes(),
                pattern);
    }

    /** Whatever single byte is flipped, the answer is a model or a ModelFormatException, never anything else. */
    @Property(tries = 400)
    void survivesAFlippedByte(
            @ForAll @IntRange(max = 10_000_000) int at, @ForAll @IntRange(min = 1, max = 255) int flip)
            throws IOException {
        byte[] file = Files.readAllBytes(Fixtures.path("residual-frozen.pt"));
        file[at % file.length] ^= (byte) flip;
        Path path = Files.createTempFile("flipped", ".pt");
        try {
            Files.write(path, file);
            ModelArchive.open(path).analyse(Fixtures.shapes("residual-frozen"));
        } catch (ModelFormatException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        } finally {
            Files.delete(path);
        }
    }
}
