package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.torchscript.source.Expression;
import io.espalier.surgery.torchscript.source.SourceCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates expressions while code is inlined. */
final class Evaluator {
    private static final int STEP_LIMIT = 2_000_000;
    private static final int DEPTH_LIMIT = 200;

    private final LiteralSites literals;
    private final OperatorCalls operators;
    private final Members members;
    private final CodeCalls calls;
    private int steps;
    private int depth;

    Evaluator(
            SourceCode code,
            Attributes attributes,
            LiteralSites literals,
            OperatorCalls operators,
            CodeCalls.Runner runner) {
        this.literals = literals;
        this.operators = operators;
        this.members = new Members(code, attributes, this);
        this.calls = new CodeCalls(code, members, operators, this, runner);
    }

    /** {@code wanted}: values that an operator's result goes to, negative when it is taken apart. */
    Symbol evaluate(Expression expression, Scope scope, int line, int wanted) {
        if (++steps > STEP_LIMIT) {
            throw scope.refused(line, "more than " + STEP_LIMIT + " expressions when inlined");
        } else if (++depth > DEPTH_LIMIT) {
            throw scope.refused(line, "expressions and calls nest deeper than " + DEPTH_LIMIT);
        }
        Symbol symbol = symbol(expression, scope, line, wanted);
        depth--;
        return symbol;
    }

    private Symbol symbol(Expression expression, Scope scope, int line, int wanted) {
        if (expression instanceof Expression.Name name) {
            Symbol symbol = scope.names().get(name.id());
            if (symbol == null) {
                throw scope.refused(line, "the name " + name.id() + " is used before it is given a value");
            }
            return symbol;
        } else if (expression instanceof Expression.Constant constant) {
            return new Symbol.Data(new Argument.Literal(constant.value(), place(constant, scope)));
        } else if (expression instanceof Expression.Sequence sequence) {
            List<Symbol> items = all(sequence.items(), scope, line);
            return sequence.tuple() ? Symbol.Items.tuple(items) : Symbol.Items.list(items);
        } else if (expression instanceof Expression.Dictionary dictionary) {
            return table(dictionary, scope, line);
        } else if (expression instanceof Expression.Member member) {
            return members.value(member, scope, line);
        } else if (expression instanceof Expression.Index index) {
            Symbol target = evaluate(index.target(), scope, line, 1);
            Symbol position = evaluate(index.index(), scope, line, 1);
            return operators.call("__getitem__", List.of(target, position), Map.of(), scope, line, wanted);
        } else if (expression instanceof Expression.Call call) {
            return calls.call(call, scope, line, wanted);
        }
        throw scope.refused(line, ((Expression.Other) expression).what() + " is not read in a model's code");
    }

    /** One symbol for each expression. */
    List<Symbol> all(List<Expression> expressions, Scope scope, int line) {
        List<Symbol> symbols = new ArrayList<>();
        // No lambda: this recursion is as deep as the code nests, and the stack is small.
        for (Expression expression : expressions) {
            symbols.add(evaluate(expression, scope, line, 1));
        }
        return symbols;
    }

    private int place(Expression.Constant constant, Scope scope) {
        return constant.value().orElse(null) instanceof Long
                ? literals.place(new LiteralSite(scope.method().file(), constant.start(), constant.end()))
                : -1;
    }

    private Symbol table(Expression.Dictionary dictionary, Scope scope, int line) {
        LinkedHashMap<Object, Symbol> entries = new LinkedHashMap<>();
        for (int i = 0; i < dictionary.keys().size(); i++) {
            Object key = operators.constant(evaluate(dictionary.keys().get(i), scope, line, 1));
            if (key == null) {
                throw scope.refused(line, "a dictionary with a key that is not known before the model runs");
            }
            entries.put(key, evaluate(dictionary.values().get(i), scope, line, 1));
        }
        return new Symbol.Table(entries, "");
    }
}
