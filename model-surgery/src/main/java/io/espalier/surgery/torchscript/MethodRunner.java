package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import io.espalier.surgery.torchscript.source.SourceCode;
import io.espalier.surgery.torchscript.source.Statement;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs methods and functions statement by statement, with symbols in place of values. */
final class MethodRunner {
    private static final int STATEMENT_LIMIT = 500_000;
    private static final int DEPTH_LIMIT = 100;

    private final OperatorCalls operators;
    private final Evaluator evaluator;
    private final Decisions decisions;
    private final IdentityHashMap<ModuleNode, Integer> calls = new IdentityHashMap<>();
    private int statements;

    MethodRunner(
            SourceCode code, Attributes attributes, LiteralSites literals, KnownValues known, OperatorCalls operators) {
        this.operators = operators;
        this.evaluator = new Evaluator(code, attributes, literals, operators, this::call);
        this.decisions = new Decisions(known, operators, evaluator);
    }

    /** Evaluates what stands in the code that is run, calls included. */
    Evaluator evaluator() {
        return evaluator;
    }

    /** Whether a condition or loop was decided, so that what was run is one way through the code. */
    boolean decided() {
        return decisions.taken();
    }

    private Symbol call(
            MethodDefinition method, ModuleNode module, boolean ofModule, Map<String, Symbol> names, Scope from) {
        int number = from.call();
        if (ofModule) {
            method.receiver().ifPresent(self -> names.put(self, new Symbol.Module(module)));
            boolean own = module.path().equals(from.module().path());
            number = own ? number : calls.merge(module, 1, Integer::sum) - 1;
        }
        return run(new Scope(module, number, method, from.depth() + 1, names));
    }

    /** What the method returns. */
    Symbol run(Scope scope) {
        if (scope.depth() > DEPTH_LIMIT) {
            throw scope.refused(scope.method().line(), "calls nest deeper than " + DEPTH_LIMIT);
        }
        return execute(scope.method().body(), scope).orElse(Symbol.NONE);
    }

    /** What the block returns, or empty when it runs to its end. */
    private Optional<Symbol> execute(List<Statement> block, Scope scope) {
        for (Statement statement : block) {
            count(statement.line(), scope);
            Optional<Symbol> result = execute(statement, scope);
            if (result.isPresent()) {
                return result;
            }
        }
        return Optional.empty();
    }

    private Optional<Symbol> execute(Statement statement, Scope scope) {
        if (statement instanceof Statement.Assign assign) {
            assign(assign, scope);
            return Optional.empty();
        } else if (statement instanceof Statement.Return result) {
            return Optional.of(evaluator.evaluate(result.value(), scope, result.line(), 1));
        } else if (statement instanceof Statement.If branch) {
            return execute(decisions.branch(branch, scope), scope);
        } else if (statement instanceof Statement.For loop) {
            return loop(loop, scope);
        } else if (statement instanceof Statement.While loop) {
            return loop(loop, scope);
        }
        throw scope.refused(
                statement.line(),
                ((Statement.Refused) statement).what() + " in " + scope.method().name() + " is not read" + Scope.TRACE);
    }

    private Optional<Symbol> loop(Statement.For loop, Scope scope) {
        long turns = decisions.turns(loop, scope);
        Optional<Symbol> result = Optional.empty();
        for (long i = 0; i < turns && result.isEmpty(); i++) {
            count(loop.line(), scope);
            scope.names().put(loop.target(), Symbol.literal(i));
            result = execute(loop.body(), scope);
        }
        return result;
    }

    private Optional<Symbol> loop(Statement.While loop, Scope scope) {
        Optional<Symbol> result = Optional.empty();
        while (result.isEmpty()) {
            count(loop.line(), scope);
            if (!decisions.turns(loop, scope)) {
                return result;
            }
            result = execute(loop.body(), scope);
        }
        return result;
    }

    private void count(int line, Scope scope) {
        if (++statements > STATEMENT_LIMIT) {
            throw scope.refused(line, "more than " + STATEMENT_LIMIT + " statements when inlined");
        }
    }

    private void assign(Statement.Assign assign, Scope scope) {
        List<String> targets = assign.targets();
        if (!assign.unpack()) {
            Symbol symbol = evaluator.evaluate(assign.value(), scope, assign.line(), targets.size());
            targets.forEach(target -> scope.names().put(target, symbol));
            return;
        }
        int wanted = -targets.size();
        Symbol value = evaluator.evaluate(assign.value(), scope, assign.line(), wanted);
        if (value instanceof Symbol.Data data && data.argument() instanceof Argument.Ref) {
            value = operators.call("prim.unpack", List.of(value), Map.of(), scope, assign.line(), wanted);
        }
        if (!(value instanceof Symbol.Items items) || items.items().size() != targets.size()) {
            throw scope.refused(assign.line(), "something that is not " + targets.size() + " values is unpacked");
        }
        List<Symbol> parts = List.copyOf(items.items());
        for (int i = 0; i < targets.size(); i++) {
            scope.names().put(targets.get(i), parts.get(i));
        }
    }
}
