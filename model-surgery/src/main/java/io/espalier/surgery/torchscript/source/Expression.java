package io.espalier.surgery.torchscript.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An expression of the Python subset that TorchScript prints, with its place in the file as character offsets. */
public sealed interface Expression {
    int start();

    int end();

    record Name(String id, int start, int end) implements Expression {}

    record Member(Expression target, String name, int start, int end) implements Expression {}

    record Call(Expression function, List<Expression> arguments, Map<String, Expression> named, int start, int end)
            implements Expression {}

    record Index(Expression target, Expression index, int start, int end) implements Expression {}

    /** A Long, Double, Boolean or String, or empty for None. */
    record Constant(Optional<Object> value, int start, int end) implements Expression {}

    record Sequence(List<Expression> items, boolean tuple, int start, int end) implements Expression {}

    record Dictionary(List<Expression> keys, List<Expression> values, int start, int end) implements Expression {}

    /** Something that parses but is not read further, such as an operator sign. */
    record Other(String what, int start, int end) implements Expression {}

    static List<Expression> children(Expression expression) {
        List<Expression> children = new ArrayList<>();
        if (expression instanceof Member member) {
            children.add(member.target());
        } else if (expression instanceof Call call) {
            children.add(call.function());
            children.addAll(call.arguments());
            children.addAll(call.named().values());
        } else if (expression instanceof Index index) {
            children.add(index.target());
            children.add(index.index());
        } else if (expression instanceof Sequence sequence) {
            return sequence.items();
        } else if (expression instanceof Dictionary dictionary) {
            children.addAll(dictionary.keys());
            children.addAll(dictionary.values());
        }
        return children;
    }
}
