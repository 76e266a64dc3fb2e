package io.espalier.surgery.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.ModelFormatException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceParserTest {
    private static SourceFile parsed(String text) {
        SourceFile file = new SourceFile(new ZipEntry("x/code/a.py", false, 0, 0, 0), "code/a.py", "a", text);
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
                .containsExactly(
                        new MethodDefinition.Parameter("x", "Tensor"),
                        new MethodDefinition.Parameter("n", "Optional[int]"));
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
    void notesControlFlowWithItsLineAndReadsOn() {
        List<Statement> body = parsed("""
                        def f(x: Tensor) -> Tensor:
                          y = x
                          if True:
                            y = torch.neg(y)
                          else:
                            pass
                          a, b, = torch.chunk(y, 2)
                          return a
                        """).functions().get("f").body();
        assertThat(body).hasSize(5);
        assertThat(body.get(1)).isEqualTo(new Statement.Refused("'if'", 3));
        assertThat(((Statement.Assign) body.get(3)).targets()).containsExactly("a", "b");
        assertThat(body.get(4).line()).isEqualTo(8);
    }

    @Test
    void namesFileAndLineOfASyntaxError() {
        assertThatThrownBy(() -> parsed("def f(x: Tensor) -> Tensor:\n  return torch.add(x,, x)\n"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("code/a.py:2: expected an expression but found ','");
    }
}
