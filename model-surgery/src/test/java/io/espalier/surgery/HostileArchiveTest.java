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
                Duration.ofSeconds(60),
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
    void refusesAnEntryWhoseBytesAreDamaged() throws IOException {
        byte[] whole = residual().bytes();
        int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf("torch._convolution");
        whole[at] = 'T';
        refuses(whole, "residual/code/.*[.]py: its checksum does not hold, the file is damaged");
    }

    /** Other readers believe the local header, this one the directory: they must name the same entry. */
    @Test
    void refusesAnEntryOfTwoNames() throws IOException {
        byte[] whole = residual().bytes();
        int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf(TOP + "data.pkl");
        whole[at + TOP.length()] = 'D';
        refuses(whole, "residual/data.pkl: no entry where the zip directory says, the file is damaged");
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

    /** Each list holds the next; the outermost comes last, so that a walk that skips what it has seen stays shallow. */
    @Test
    void refusesAPickleThatNestsDeeplyBehindItsSharedNodes() throws IOException {
        StringBuilder chain = new StringBuilder("(]q\u0000");
        for (int i = 1; i < 2000; i++) {
            chain.append("](j").append(little(i - 1)).append("er").append(little(i));
        }
        refusesPickle(chain + "t.", ".*data.pkl: nests deeper than 300");
    }

    private static String little(int number) {
        return "" + (char) (number & 0xff) + (char) (number >> 8) + "\u0000\u0000";
    }

    /** Three opcodes per tensor: comparing each with every other would take hours. */
    @Test
    void readsManyTensorsOfOneStorageQuickly() throws IOException {
        StringBuilder pickle = new StringBuilder("(ctorch._utils\n_rebuild_tensor_v2\nq\u0000");
        pickle.append("((X\u0007\u0000\u0000\u0000storagectorch\nFloatStorage\nX\u0001\u0000\u0000\u00000")
                .append("X\u0003\u0000\u0000\u0000cpuKHtQK\u0000(KHt(K\u0001t\u0089)t")
                .append("q\u0001R");
        for (int i = 0; i < 300_000; i++) {
            pickle.append("h\u0000h\u0001R");
        }
        refusesPickle(pickle + "t.", ".*data.pkl: does not hold a module");
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
                ".*shape .1073741824, 1, 3, 3. over storage 0 of 72 elements");
    }

    @Test
    void refusesViewsThatAreManyTimesTheirStorage() throws IOException {
        StringBuilder pickle = new StringBuilder("(ctorch._utils\n_rebuild_tensor_v2\nq\u0000");
        pickle.append("((X\u0007\u0000\u0000\u0000storagectorch\nFloatStorage\nX\u0001\u0000\u0000\u00000")
                .append("X\u0003\u0000\u0000\u0000cpuKHtQq\u0001")
                .append("K\u0000(J\u0000\u0000\u0010\u0000t(K\u0000t\u0089)tR");
        for (int i = 1; i < 20; i++) {
            pickle.append("h\u0000(h\u0001K").append((char) i).append("(J\u0000\u0000\u0010\u0000t(K\u0000t\u0089)tR");
        }
        refusesPickle(pickle + "t.", ".*data.pkl: tensors of 17825792 elements over storages of 72");
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

    /** Members, calls and indices nest to the left without any bracket that a parser would count. */
    @Test
    void refusesChainsWithoutEnd() throws IOException {
        refusesCode(forward("return self" + ".a".repeat(300_000)), ".*:3: expressions nest deeper than 200");
        refusesCode(forward("return x" + "[0]".repeat(200_000)), ".*:3: expressions nest deeper than 200");
        refusesCode(forward("return x" + "()".repeat(200_000)), ".*:3: expressions nest deeper than 200");
    }

    /** Each level of calls is within the limits, and so is each level of brackets; together they are too deep. */
    @Test
    void refusesCallsInDeepExpressionsThatCallAgain() throws IOException {
        String open = "torch.neg(".repeat(150);
        refusesCode(
                forward("return " + open + "(self).forward(x, )" + ")".repeat(150)),
                ".*:3: expressions and calls nest deeper than 200");
    }

    /** A list of the list before, twice: 2^60 items in sixty lines. */
    @Test
    void refusesListsThatDouble() throws IOException {
        StringBuilder body = new StringBuilder("a0 = [1, 1]\n");
        for (int i = 1; i < 60; i++) {
            body.append("    a" + i + " = [a" + (i - 1) + ", a" + (i - 1) + "]\n");
        }
        refusesCode(
                forward(body + "    return torch.zeros(a59)"),
                "code/: lists nest deeper than 50 or hold more than 5000000 items in all");
    }

    /** One statement of many operators in a method that is called many times. */
    @Test
    void refusesManyOperatorsInFewStatements() throws IOException {
        String many = "    y = [" + "torch.neg(x), ".repeat(5000) + "]\n    return x\n";
        String calls = "    x = (self).many(x, )\n".repeat(1000);
        refusesCode(
                "class Residual(Module):\n  def forward(self, x: Tensor) -> Tensor:\n" + calls
                        + "    return x\n  def many(self, x: Tensor) -> Tensor:\n" + many,
                "code/__torch__.py:[0-9]+: more than 200000 operators when inlined");
        String annotation = "    y = annotate(List[" + "a, ".repeat(100_000) + "], [])\n    return x\n";
        refusesCode(
                "class Residual(Module):\n  def forward(self, x: Tensor) -> Tensor:\n" + calls
                        + "    return x\n  def many(self, x: Tensor) -> Tensor:\n" + annotation,
                ".*: an expression of 300[0-9]+ characters, 4096 are read");
    }

    @Test
    void refusesNumbersOfMillionsOfDigits() throws IOException {
        refusesCode(forward("return " + "9".repeat(4_000_000)), "code/__torch__.py:3: 9{40} is no number");
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
