package io.espalier.surgery.torchscript.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.zip.ZipEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceParserTest {
    private static SourceFile parsed(String text) {
        SourceFile file = new SourceFile(new ZipEntry("x/code/a.py", false, 0, 0, 0, 0), "code/a.py", text);
        SourceParser.parse(file);
        return file;
    }

    private static Expression value(String text) {
        return ((Statement.Return) parsed("def f(x: Tensor) -> Tensor:\n  return " + text + "\n")
                        .functions()
                        .get("f")
                        .body()
                        .get(0))
                .value();
    }

    @Test
    void readsAttributesAndMethodsOfAClass() {
        SourceFile file = parsed("""
                class Net(Module):
                  __parameters__ = ["weight", "bias", ]
                  __buffers__ = ["mean", ]
                  weight : Tensor
                  eps : Final[float] = 1.0e-05
                  __annotations__["0"] = __torch__.a.Block
                  def forward(self: __torch__.a.Net,
                    x: Tensor,
                    n: Optional[int]=None) -> Tuple[Tensor, Tensor]:
                    return x
                  def other(self: __torch__.a.Net) -> NoneType:
                    return None
                class Next(Module):
                  pass
                """);
        ClassDefinition net = file.classes().get("Net");
        assertThat(net.parameters()).containsExactly("weight", "bias");
        assertThat(net.buffers()).containsExactly("mean");
        assertThat(net.constants()).containsOnlyKeys("eps");
        assertThat(net.methods().keySet()).containsExactly("forward", "other");
        assertThat(net.methods().get("forward").parameters())
                .extracting(MethodDefinition.Parameter::name, MethodDefinition.Parameter::type)
                .containsExactly(tuple("x", "Tensor"), tuple("n", "Optional[int]"));
        assertThat(net.methods().get("forward").parameters().get(1).preset()).isPresent();
        assertThat(net.methods().get("forward").returns()).isEqualTo("Tuple[Tensor, Tensor]");
        assertThat(file.text().substring(net.end())).startsWith("class Next");
        assertThat(file.classes()).containsKey("Next");
    }

    @Test
    void readsNumbersExactly() {
        assertThat(value("-3")).isEqualTo(new Expression.Constant(Optional.of(-3L), 37, 39));
        assertThat(((Expression.Constant) value("1.0000000000000001e-05")).value())
                .contains(1e-5);
        assertThat(((Expression.Constant) value("0.10000000000000001")).value()).contains(0.1);
        assertThat(((Expression.Constant) value(".5")).value()).contains(0.5);
        assertThat(((Expression.Constant) value("None")).value()).isEmpty();
        assertThatThrownBy(() -> value("99999999999999999999"))
                .hasMessage("code/a.py:2: 99999999999999999999 is no number");
    }

    @Test
    void tellsATupleFromAParenthesis() {
        assertThat(value("(x)")).isInstanceOf(Expression.Name.class);
        assertThat(((Expression.Sequence) value("(x,)")).tuple()).isTrue();
        assertThat(((Expression.Sequence) value("x, x")).items()).hasSize(2);
    }

    @Test
    void readsCallsWithTrailingCommasAndNames() {
        Expression.Call call = (Expression.Call) value("torch.add(x, y, alpha=2)");
        assertThat(call.arguments()).hasSize(2);
        assertThat(call.named()).containsOnlyKeys("alpha");
        assertThat(((Expression.Call) value("(m).forward(x, )")).arguments()).hasSize(1);
        assertThat(value("getattr(self, \"0\").weight")).isInstanceOf(Expression.Member.class);
    }

    @Test
    void readsControlFlowAsBlocks() {
        List<Statement> body = parsed("""
                        def f(x: Tensor) -> Tensor:
                          y = x
                          if True:
                            y = torch.neg(y)
                            for i in range(3):
                              y = torch.add(y, i)
                          else:
                            pass
                          go = torch.gt(torch.dim(y), 1)
                          while go:
                            go, y = False, torch.relu(y)
                          a, b, = torch.chunk(y, 2)
                          return a
                        """).functions().get("f").body();
        assertThat(body).hasSize(6);
        Statement.If branch = (Statement.If) body.get(1);
        assertThat(branch.then()).hasSize(2);
        assertThat(((Statement.For) branch.then().get(1)).target()).isEqualTo("i");
        assertThat(branch.otherwise()).isEmpty();
        Statement.While loop = (Statement.While) body.get(3);
        assertThat(((Statement.Assign) loop.body().get(0)).targets()).containsExactly("go", "y");
        assertThat(((Statement.Assign) body.get(4)).targets()).containsExactly("a", "b");
        assertThat(body.get(5).line()).isEqualTo(13);
    }

    @Test
    void notesWhatCannotBeResolvedWithItsLineAndReadsOn() {
        List<Statement> body = parsed("""
                        def f(x: Tensor) -> Tensor:
                          with torch.no_grad():
                            y = x
                          for i in x:
                            pass
                          self.count = 1
                          return x
                        """).functions().get("f").body();
        assertThat(body)
                .hasSize(4)
                .startsWith(
                        new Statement.Refused("'with'", 2),
                        new Statement.Refused("a loop over x", 4),
                        new Statement.Refused("an assignment to self.count", 6));
    }

    @Test
    void readsStringsWithTheirEscapesAsText() {
        assertThat(((Expression.Constant) value("\"a\\n\\\"\\303\\251\\'\"")).value())
                .contains("a\n\"\u00e9'");
        assertThatThrownBy(() -> value("\"\\377\"")).hasMessage("code/a.py:2: a string that is not UTF-8");
        assertThat(value("-inf")).isEqualTo(new Expression.Constant(Optional.of(Double.NEGATIVE_INFINITY), 37, 41));
    }

    @Test
    void readsADictionaryInOrder() {
        Expression.Dictionary dictionary = (Expression.Dictionary) value("{\"b\": x, \"a\": (x, x)}");
        assertThat(dictionary.keys())
                .extracting(key -> ((Expression.Constant) key).value().orElseThrow())
                .containsExactly("b", "a");
        assertThat(dictionary.values()).hasSize(2);
    }

    @Test
    void namesFileAndLineOfASyntaxError() {
        assertThatThrownBy(() -> parsed("def f(x: Tensor) -> Tensor:\n  return torch.add(x,, x)\n"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("code/a.py:2: expected an expression but found ','");
    }
}
