package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.source.ClassDefinition;
import io.espalier.surgery.torchscript.source.Expression;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import io.espalier.surgery.torchscript.source.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which methods of the top class {@code forward} calls. */
final class Methods {
    private Methods() {}

    /**
     * A cut changes every method that uses the weights, but only forward and what it calls are read: another method could
     * not be kept right. Those that Python calls by itself, such as {@code __len__}, use no weights.
     */
    static void check(ClassDefinition type) {
        Set<String> read = called(type);
        read.addAll(AddedMethod.ALL);
        for (MethodDefinition method : type.methods().values()) {
            if (!read.contains(method.name()) && !method.name().startsWith("__")) {
                throw new ModelFormatException(method.file().place(method.line()) + ": the model has a second method, "
                        + method.name() + "; only models with forward alone are read");
            }
        }
    }

    private static Set<String> called(ClassDefinition type) {
        Set<String> read = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of("forward"));
        while (!open.isEmpty()) {
            MethodDefinition method = type.methods().get(open.pop());
            if (method != null && read.add(method.name())) {
                List<String> names = new ArrayList<>();
                method.body().forEach(statement -> ofStatement(statement, method.receiver(), names));
                open.addAll(names);
            }
        }
        return read;
    }

    private static void ofStatement(Statement statement, Optional<String> self, List<String> into) {
        if (statement instanceof Statement.Assign assign) {
            ofExpression(assign.value(), self, into);
        } else if (statement instanceof Statement.Return result) {
            ofExpression(result.value(), self, into);
        } else if (statement instanceof Statement.If branch) {
            ofExpression(branch.condition(), self, into);
            branch.then().forEach(inner -> ofStatement(inner, self, into));
            branch.otherwise().forEach(inner -> ofStatement(inner, self, into));
        } else if (statement instanceof Statement.For loop) {
            ofExpression(loop.count(), self, into);
            loop.body().forEach(inner -> ofStatement(inner, self, into));
        } else if (statement instanceof Statement.While loop) {
            ofExpression(loop.condition(), self, into);
            loop.body().forEach(inner -> ofStatement(inner, self, into));
        }
    }

    private static void ofExpression(Expression expression, Optional<String> self, List<String> into) {
        if (expression instanceof Expression.Call call) {
            if (call.function() instanceof Expression.Member member) {
                boolean own = member.target() instanceof Expression.Name name && self.equals(Optional.of(name.id()));
                if (own) {
                    into.add(member.name());
                }
                ofExpression(member.target(), self, into);
            }
            call.arguments().forEach(argument -> ofExpression(argument, self, into));
            call.named().values().forEach(argument -> ofExpression(argument, self, into));
        } else if (expression instanceof Expression.Sequence sequence) {
            sequence.items().forEach(item -> ofExpression(item, self, into));
        } else if (expression instanceof Expression.Dictionary dictionary) {
            dictionary.values().forEach(item -> ofExpression(item, self, into));
        } else if (expression instanceof Expression.Index index) {
            ofExpression(index.target(), self, into);
            ofExpression(index.index(), self, into);
        } else if (expression instanceof Expression.Member member) {
            ofExpression(member.target(), self, into);
        }
    }
}
