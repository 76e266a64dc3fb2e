package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Operator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of control flow that does not depend on what tensors hold, shown on code alone. */
class ControlFlowTest {
    @TempDir
    Path folder;

    private ModelArchive open(String code) throws IOException {
        Path path = folder.resolve("net.pt");
        Files.write(
                path,
                ArchiveForge.of(Fixtures.path("residual.pt"))
                        .without(name -> name.contains("/code/"))
                        .replace(
                                "residual/data.pkl",
                                "\u0080\u0002c__torch__\nNet\n)\u0081}b.".getBytes(StandardCharsets.ISO_8859_1))
                        .with("residual/code/__torch__.py", code)
                        .bytes());
        return ModelArchive.open(path);
    }

    private ModelArchive forward(String body) throws IOException {
        return open("class Net(Module):\n  def forward(self, x: Tensor) -> Tensor:\n" + body.indent(4));
    }

    private static List<String> names(ModelArchive archive) {
        return archive.graph().operators().stream().map(Operator::name).toList();
    }

    private static ModelArchive given(ModelArchive archive, long... shape) {
        return archive.withInputs(List.of(new ExampleInput(shape, ElementType.FLOAT32)));
    }

    @Test
    void aConstantConditionRunsOneBranchOnly() throws IOException {
        ModelArchive archive = forward("""
                if torch.__and__(torch.gt(3, 2), torch.__isnot__(x, None)):
                  y, z = torch.relu(x), 1
                else:
                  y, z = torch.tanh(x), 2
                return torch.add(y, z)
                """);
        assertThat(archive.isResolved()).isTrue();
        assertThat(names(archive)).containsExactly("relu", "add");
        assertThat(literal(archive.graph().operators().get(1).argument(1))).isEqualTo(1L);
    }

    private static Object literal(Argument argument) {
        return ((Argument.Literal) argument).constant().orElseThrow();
    }

    @Test
    void theReceiverMayHaveAnyName() throws IOException {
        ModelArchive archive = open("""
                class Net(Module):
                  def forward(net, self: Tensor) -> Tensor:
                    return (net).twice(torch.relu(self), )
                  def twice(s: __torch__.Net, x: Tensor) -> Tensor:
                    return torch.mul(x, 2)
                """);
        assertThat(names(archive)).containsExactly("relu", "mul");
    }

    @Test
    void tensorsAreStrided() throws IOException {
        ModelArchive archive = forward("""
                if torch.eq(ops.prim.layout(x), 0):
                  y = torch.linalg_vector_norm(x, 2, [1], True)
                else:
                  y = torch.norm(x)
                return y
                """);
        assertThat(names(archive)).containsExactly("linalg_vector_norm");
    }

    @Test
    void loopsAreUnrolled() throws IOException {
        ModelArchive archive = forward("""
                y = x
                for i in range(torch.add(1, 2)):
                  y = torch.add(y, torch.mul(i, 2))
                left = 2
                go = torch.gt(left, 0)
                while go:
                  y = torch.relu(y)
                  left0 = torch.sub(left, 1)
                  left, go = left0, torch.gt(left0, 0)
                return y
                """);
        assertThat(names(archive)).containsExactly("add", "add", "add", "relu", "relu");
        assertThat(archive.graph().operators().subList(0, 3))
                .extracting(operator -> literal(operator.argument(1)))
                .containsExactly(0L, 2L, 4L);
    }

    @Test
    void partsOfATensorBecomeAListThatCodeMayChange() throws IOException {
        ModelArchive archive = given(forward("""
                parts = torch.list(torch.chunk(x, 2, 1))
                for i in range(torch.len(torch.split(x, 2, 1))):
                  _0 = torch.append(parts, torch.relu(parts[-1]))
                return torch.cat(parts, 1)
                """), 1, 6);
        assertThat(names(archive)).containsExactly("chunk", "split", "relu", "relu", "relu", "cat");
        assertThat(((Argument.Sequence) archive.graph().operators().get(5).argument(0)).items())
                .hasSize(5);
    }

    @Test
    void partsAlongTheSamplesAreNotCounted() throws IOException {
        assertThatThrownBy(() -> given(forward("""
                y = x
                for i in range(torch.len(torch.split(x, 1))):
                  y = torch.relu(y)
                return y
                """), 2, 6))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("'for' in forward depends on");
    }

    @Test
    void flowThatCountsTheSamplesOfABatchIsRefused() throws IOException {
        ModelArchive archive = forward("""
                if torch.gt(torch.size(x, 0), 1):
                  z = torch.relu(x)
                else:
                  z = torch.tanh(x)
                return z
                """);
        assertThatThrownBy(() -> given(archive, 1, 3))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(
                        "'if' in forward depends on torch.gt(torch.size(x, 0), 1), which counts the samples");
    }

    @Test
    void aLoopWithoutEndIsBounded() {
        assertThatThrownBy(() -> forward("""
                        y = 0
                        while True:
                          y = torch.add(y, 1)
                        return x
                        """))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("more than 500000 statements");
        assertThatThrownBy(() -> forward("""
                        for i in range(900000000000):
                          pass
                        return x
                        """))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("more than 500000 statements");
    }

    @Test
    void listsThatDoubleAreBounded() {
        StringBuilder body = new StringBuilder("a0 = [x]\n");
        for (int i = 1; i < 60; i++) {
            body.append("a" + i + " = [a" + (i - 1) + ", a" + (i - 1) + "]\n");
        }
        assertThatThrownBy(() -> forward(body + "return torch.cat(a59, 0)"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("lists nest deeper than 50 or hold more than 5000000 items");
    }

    @Test
    void aListGrowsForAllItsNames() throws IOException {
        ModelArchive archive = forward("""
                a = annotate(List[Tensor], [])
                b = a
                _0 = torch.append(a, x)
                _1 = torch.append(b, torch.relu(x))
                torch.insert(a, 0, torch.tanh(x))
                return torch.cat(torch.slice(b, 0, torch.len(a), 2), 1)
                """);
        assertThat(names(archive)).containsExactly("relu", "tanh", "cat");
        Argument.Sequence joined =
                (Argument.Sequence) archive.graph().operators().get(2).argument(0);
        assertThat(joined.items())
                .extracting(item -> ((Argument.Ref) item).value())
                .containsExactly(
                        archive.graph().operators().get(1).outputs().get(0),
                        archive.graph().operators().get(0).outputs().get(0));
    }

    @Test
    void aListThatTheModelKeepsMustNotChange() throws IOException {
        ModelArchive windows = ModelArchive.open(withAttribute("""
                class Net(Module):
                  sizes : List[int]
                  def forward(self, x: Tensor) -> Tensor:
                    sizes = self.sizes
                    copy = torch.copy(sizes)
                    _0 = torch._set_item(copy, 0, 7)
                    return torch.view(x, copy)
                """));
        assertThat(((Argument.Sequence) windows.graph().operators().get(0).argument(1)).items())
                .extracting(ControlFlowTest::literal)
                .containsExactly(7L, 4L);
        Path changing = withAttribute("""
                class Net(Module):
                  sizes : List[int]
                  def forward(self, x: Tensor) -> Tensor:
                    sizes = self.sizes
                    _0 = torch.append(sizes, 1)
                    return torch.view(x, sizes)
                """);
        assertThatThrownBy(() -> ModelArchive.open(changing))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(
                        "code/__torch__.py:5: a change of a list or dictionary that the model keeps: trace");
    }

    /** With {@code sizes} = [3, 4]. */
    private Path withAttribute(String code) throws IOException {
        String pickle =
                "\u0080\u0002c__torch__\nNet\n)\u0081}X\u0005\u0000\u0000\u0000sizesctorch.jit._pickle\nbuild_intlist\n"
                        + "](K\u0003K\u0004e\u0085Rsb.";
        return Files.write(
                folder.resolve("kept.pt"),
                ArchiveForge.of(Fixtures.path("residual.pt"))
                        .without(name -> name.contains("/code/"))
                        .replace("residual/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1))
                        .with("residual/code/__torch__.py", code)
                        .bytes());
    }

    @Test
    void aDictionaryKeepsItsOrderToTheOutput() throws IOException {
        ModelArchive archive = open("""
                class Net(Module):
                  def forward(self, x: Tensor) -> Dict[str, Tensor]:
                    d = torch.dict()
                    torch._set_item(d, "out", torch.relu(x))
                    if torch.__contains__(d, "out"):
                      torch._set_item(d, "aux", d["out"])
                    else:
                      pass
                    return d
                """);
        Argument.Sequence outputs = (Argument.Sequence) archive.graph().outputs();
        assertThat(outputs.keys()).containsExactly("out", "aux");
        assertThat(outputs.items().get(0)).isEqualTo(outputs.items().get(1));
    }

    @Test
    void aConditionOnARankOrSizeWaitsForTheInputs() throws IOException {
        ModelArchive archive = forward("""
                if torch.eq(torch.size(x, 1), 3):
                  y = torch.relu(x)
                else:
                  y = torch.tanh(x)
                return y
                """);
        assertThat(archive.isResolved()).isFalse();
        assertThat(names(given(archive, 1, 3))).containsExactly("relu");
        assertThat(names(given(archive, 1, 4))).containsExactly("tanh");
        assertThatThrownBy(() -> archive.analyse(new ShapeProfile(List.of(new long[] {1, 3}))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(
                        "code/__torch__.py:3: 'if' in forward depends on torch.eq(torch.size(x, 1), 3): what it depends"
                                + " on has not been recorded yet");
    }

    @Test
    void whatIsRecordedDecidesWhatCannotBeInferred() throws IOException {
        ModelArchive archive = given(forward("""
                y = torch.unique_consecutive(x)
                if torch.gt(torch.size(y, 1), 2):
                  z = torch.relu(x)
                else:
                  z = torch.tanh(x)
                return z
                """), 1, 3);
        assertThat(archive.isResolved()).isFalse();
        assertThat(archive.graph().tensors()).hasSize(2);
        ModelArchive three = archive.resolved(List.of(new long[] {1, 3, 6}, new long[] {1, 3, 6}));
        assertThat(names(three)).endsWith("relu");
        assertThat(names(archive.resolved(List.of(new long[] {1, 3, 6}, new long[] {1, 1, 6}))))
                .endsWith("tanh");
        assertThat(names(three.resolved(List.of(new long[] {1, 3, 6}, new long[] {1, 1, 6}, new long[] {1, 3, 6}))))
                .as("a later recording overrules an earlier one")
                .endsWith("tanh");
    }

    @Test
    void aCheckThatOnlyRaisesIsAssumedToHold() throws IOException {
        ModelArchive archive = forward("""
                if torch.ne(torch.size(x, 1), 4):
                  ops.prim.RaiseException(torch.format("not {}", torch.size(x, 1)), "builtins.ValueError")
                else:
                  pass
                return torch.relu(x)
                """);
        assertThat(names(archive)).containsExactly("relu");
        assertThatThrownBy(() -> forward("""
                        if False:
                          pass
                        else:
                          ops.prim.RaiseException("never mind")
                        return x
                        """))
                .hasMessageContaining("code/__torch__.py:6: the model raises an error")
                .hasMessageContaining("never mind");
    }

    @Test
    void aConditionOnWhatATensorHoldsIsRefused() {
        assertThatThrownBy(() -> forward("""
                        y = torch.sum(x)
                        for i in range(int(y)):
                          pass
                        return x
                        """))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(
                        "code/__torch__.py:4: 'for' in forward depends on int(y), which is computed from what a tensor"
                                + " holds: trace the model (torch.jit.trace) instead of scripting it");
    }

    @Test
    void functionsMethodsAndPresetsAreInlined() throws IOException {
        ModelArchive archive = open("""
                class Net(Module):
                  slope : Final[float] = 0.5
                  def forward(self, x: Tensor) -> Tensor:
                    f = __torch__.twice
                    return f((self).helper(x, ), )
                  def helper(self, x: Tensor) -> Tensor:
                    slope = self.slope
                    return torch.mul(x, slope)
                  def __len__(self) -> int:
                    return 3
                def twice(x: Tensor,
                    n: int=2) -> Tensor:
                  if torch.gt(n, 1):
                    return torch.relu(torch.mul(x, n))
                  else:
                    pass
                  return x
                """);
        assertThat(names(archive)).containsExactly("mul", "mul", "relu");
    }

    @Test
    void optionalInputsAreNoneUntilTheyAreGiven() throws IOException {
        ModelArchive archive = open("""
                class Net(Module):
                  def forward(self,
                    x: Tensor,
                    mask: Optional[Tensor]=None,
                    scale: bool=True) -> Tensor:
                    if torch.__is__(mask, None):
                      y = x
                    else:
                      mask0 = unchecked_cast(Tensor, mask)
                      y = torch.mul(x, mask0)
                    return torch.relu(y)
                """);
        assertThat(archive.inputNames()).containsExactly("x");
        assertThat(names(archive)).containsExactly("relu");
        ExampleInput input = new ExampleInput(new long[] {1, 3}, ElementType.FLOAT32);
        ModelArchive both = archive.withInputs(List.of(input, input));
        assertThat(both.inputNames()).containsExactly("x", "mask");
        assertThat(names(both)).containsExactly("mul", "relu");
        assertThatThrownBy(() -> archive.withInputs(List.of(input, input, input)))
                .isInstanceOf(ModelInputException.class)
                .hasMessage("the model has 1 to 2 inputs [x, mask], and 3 shapes are given: give one for each");
    }

    @Test
    void inputsThatAreNoTensorsAreRefused() {
        assertThatThrownBy(() -> open("""
                        class Net(Module):
                          def forward(self, xs: List[Tensor]) -> Tensor:
                            return xs[0]
                        """))
                .hasMessageStartingWith(
                        "code/__torch__.py:2: input xs is a List[Tensor], only tensors are read as inputs");
    }

    @Test
    void sizesStaySizesSoThatAnyBatchWillDo() throws IOException {
        ModelArchive archive = given(forward("""
                b, c, h, w, = torch.size(x)
                if torch.eq(torch.remainder(c, 2), 0):
                  y = torch.view(x, [b, 2, torch.floordiv(c, 2), h, w])
                else:
                  y = x
                return y
                """), 1, 4, 2, 2);
        assertThat(names(archive)).containsExactly("size", "size", "size", "size", "floordiv", "view");
    }

    @Test
    void everyUseOfALiteralHasANumberOfItsOwn() throws IOException {
        ModelArchive archive = forward("""
                n = 2
                a = torch.mul(x, n)
                return torch.mul(a, n)
                """);
        assertThat(archive.hasControlFlow()).isFalse();
        assertThat(archive.graph().operators())
                .extracting(operator -> ((Argument.Literal) operator.argument(1)).site())
                .doesNotHaveDuplicates()
                .doesNotContain(-1);
    }

    @Test
    void editsLiteralsInPlaceWhereAllUsesAgreeAndWritesForwardAnewWhereNot() throws IOException {
        ModelArchive archive = forward("""
                n = 2
                a = torch.mul(x, n)
                return torch.mul(a, n)
                """);
        List<Operator> operators = archive.graph().operators();
        Path both = folder.resolve("both.pt");
        archive.model().writeEdited(Map.of(), List.of(second(operators.get(0), 5), second(operators.get(1), 5)), both);
        assertThat(code(both)).contains("n = 5").contains("return torch.mul(a, n)");
        Path one = folder.resolve("one.pt");
        archive.model().writeEdited(Map.of(), List.of(second(operators.get(1), 7)), one);
        assertThat(code(one)).contains("""
                          def forward(self,
                            x: Tensor) -> Tensor:
                            v0 = x
                            v1 = torch.mul(v0, 2)
                            v2 = torch.mul(v1, 7)
                            return v2
                        """.strip()).doesNotContain("n = 2");
        assertThat(ModelArchive.open(one).inputNames()).containsExactly("x");
    }

    @Test
    void aLiteralThatWasComputedWithIsNotEditedInPlace() throws IOException {
        ModelArchive archive = forward("""
                n = 2
                a = torch.mul(x, torch.mul(n, 3))
                return torch.mul(a, n)
                """);
        Path target = folder.resolve("computed.pt");
        Operator last = archive.graph().operators().get(1);
        archive.model().writeEdited(Map.of(), List.of(second(last, 7)), target);
        assertThat(code(target)).contains("torch.mul(v0, 6)").contains("torch.mul(v1, 7)");
    }

    private static ArgumentEdit second(Operator operator, long value) {
        return new ArgumentEdit(operator, 1, Optional.empty(), -1, value);
    }

    private static String code(Path archive) throws IOException {
        return new String(ArchiveForge.of(archive).content("residual/code/__torch__.py"), StandardCharsets.UTF_8);
    }

    @Test
    void aStraightModelHasNoExampleInputs() throws IOException {
        assertThat(forward("return torch.relu(x)").exampleInputs()).isEqualTo(Optional.empty());
    }
}
