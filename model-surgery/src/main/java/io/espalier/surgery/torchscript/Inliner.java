package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs {@code forward} of the top module symbolically: module calls are inlined, conditions and loops that do not depend on
 * what a tensor holds are run, operators become the graph's.
 */
final class Inliner {
    private static final int STATEMENT_LIMIT = 500_000;
    private static final int DEPTH_LIMIT = 100;
    private static final String RAISE = "RaiseException";

    private final ParameterTable parameters;
    private final GraphBuilder graph;
    private final OperatorCalls operators;
    private final Evaluator evaluator;
    private final IdentityHashMap<ModuleNode, Integer> calls = new IdentityHashMap<>();
    private boolean resolved;
    private int statements;

    private Inliner(SourceCode code, ParameterTable parameters, Recording recording) {
        this.parameters = parameters;
        this.graph = new GraphBuilder(recording);
        this.operators = new OperatorCalls(graph);
        this.evaluator = new Evaluator(code, new Attributes(code, parameters), graph, operators, this::call);
    }

    /**
     * Inlines as far as conditions can be decided.
     *
     * @param inputs how many of the tensors that forward may be given are given
     */
    static InlinedMethod inline(
            SourceCode code,
            ParameterTable parameters,
            ModuleNode top,
            Signature signature,
            int inputs,
            Recording facts) {
        return new Inliner(code, parameters, facts).run(code.type(top.type()), top, signature, inputs);
    }

    private InlinedMethod run(ClassDefinition type, ModuleNode top, Signature signature, int given) {
        MethodDefinition forward = signature.method();
        Map<String, Symbol> names = new HashMap<>();
        forward.receiver().ifPresent(self -> names.put(self, new Symbol.Module(top)));
        Scope scope = new Scope(top, 0, forward, 0, names);
        List<Value> inputs = new ArrayList<>();
        for (MethodDefinition.Parameter parameter : forward.parameters()) {
            if (Signature.isTensor(parameter) && inputs.size() < given) {
                Value input = graph.input(parameter.name());
                inputs.add(input);
                names.put(parameter.name(), new Symbol.Data(new Argument.Ref(input)));
            } else {
                Expression preset = parameter.preset().orElseThrow();
                names.put(parameter.name(), evaluator.evaluate(preset, scope, forward.line(), 1));
            }
        }
        Optional<String> stopped = Optional.empty();
        Argument outputs = new Argument.Sequence(List.of(), true);
        try {
            Symbol result = execute(scope);
            outputs = GraphBuilder.fixed(operators.argument(result, scope, forward.line()));
        } catch (Undecided undecided) {
            stopped = Optional.of(undecided.getMessage());
            if (graph.allRecorded()) {
                throw new ModelFormatException(undecided.getMessage() + Scope.TRACE, undecided);
            }
        }
        boolean flat = resolved || operators.ran() || stopped.isPresent();
        Graph whole = new Graph(inputs, graph.values(), graph.operators(), outputs, parameters.parameters());
        return InlinedMethod.of(whole, type, forward, graph, flat, stopped);
    }

    private Symbol call(
            MethodDefinition method, ModuleNode module, boolean ofModule, Map<String, Symbol> names, Scope from) {
        int number = from.call();
        if (ofModule) {
            method.receiver().ifPresent(self -> names.put(self, new Symbol.Module(module)));
            boolean own = module.path().equals(from.module().path());
            number = own ? number : calls.merge(module, 1, Integer::sum) - 1;
        }
        return execute(new Scope(module, number, method, from.depth() + 1, names));
    }

    private Symbol execute(Scope scope) {
        if (scope.depth() > DEPTH_LIMIT) {
            throw scope.refused(scope.method().line(), "calls nest deeper than " + DEPTH_LIMIT);
        }
        return execute(scope.method().body(), scope).orElse(Symbol.NONE);
    }

    /** What the block returns, or empty when it runs to its end. */
    private Optional<Symbol> execute(List<Statement> block, Scope scope) {
        for (Statement statement : block) {
            if (++statements > STATEMENT_LIMIT) {
                throw scope.refused(statement.line(), "more than " + STATEMENT_LIMIT + " statements when inlined");
            }
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
            return execute(branch(branch, scope), scope);
        } else if (statement instanceof Statement.For loop) {
            return loop(loop, scope);
        } else if (statement instanceof Statement.While loop) {
            return loop(loop, scope);
        }
        throw scope.refused(
                statement.line(),
                ((Statement.Refused) statement).what() + " in " + scope.method().name() + " is not read" + Scope.TRACE);
    }

    private List<Statement> branch(Statement.If branch, Scope scope) {
        resolved = true;
        Symbol condition = evaluator.evaluate(branch.condition(), scope, branch.line(), 1);
        if (operators.constant(condition) instanceof Boolean truth) {
            if (!raises(branch.then()) && !raises(branch.otherwise())) {
                refuseBatch("'if'", condition, branch.condition(), branch.line(), scope);
            }
            return truth ? branch.then() : branch.otherwise();
        } else if (raises(branch.then()) != raises(branch.otherwise())) {
            // A check of the caller's input: the run that records shapes shows whether it holds.
            return raises(branch.then()) ? branch.otherwise() : branch.then();
        }
        throw undecided("'if'", condition, branch.condition(), branch.line(), scope);
    }

    private static boolean raises(List<Statement> block) {
        return block.stream().anyMatch(Inliner::raises);
    }

    private static boolean raises(Statement statement) {
        if (statement instanceof Statement.If inner) {
            return raises(inner.then()) && raises(inner.otherwise());
        }
        return statement instanceof Statement.Assign assign
                && assign.value() instanceof Expression.Call call
                && call.function() instanceof Expression.Member member
                && member.name().equals(RAISE);
    }

    private Optional<Symbol> loop(Statement.For loop, Scope scope) {
        resolved = true;
        Symbol count = evaluator.evaluate(loop.count(), scope, loop.line(), 1);
        if (!(operators.constant(count) instanceof Long times)) {
            throw undecided("'for'", count, loop.count(), loop.line(), scope);
        }
        refuseBatch("'for'", count, loop.count(), loop.line(), scope);
        Optional<Symbol> result = Optional.empty();
        for (long i = 0; i < times && result.isEmpty(); i++) {
            count(loop.line(), scope);
            scope.names().put(loop.target(), Symbol.literal(i));
            result = execute(loop.body(), scope);
        }
        return result;
    }

    private Optional<Symbol> loop(Statement.While loop, Scope scope) {
        resolved = true;
        Optional<Symbol> result = Optional.empty();
        while (result.isEmpty()) {
            count(loop.line(), scope);
            Symbol condition = evaluator.evaluate(loop.condition(), scope, loop.line(), 1);
            if (!(operators.constant(condition) instanceof Boolean truth)) {
                throw undecided("'while'", condition, loop.condition(), loop.line(), scope);
            }
            refuseBatch("'while'", condition, loop.condition(), loop.line(), scope);
            if (!truth) {
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

    /** What is resolved for the recorded call would be wrong for batches of another size, which the model takes as well. */
    private void refuseBatch(String what, Symbol symbol, Expression expression, int line, Scope scope) {
        if (graph.isOfBatch(operators.argument(symbol, scope, line))) {
            throw scope.refused(
                    line,
                    what + " in " + scope.method().name() + " depends on "
                            + scope.method().file().text(expression).replaceAll("\\s+", " ")
                            + ", which counts the samples of a batch" + Scope.TRACE);
        }
    }

    /** What to throw where a decision cannot be taken yet, or never. */
    private RuntimeException undecided(String what, Symbol symbol, Expression expression, int line, Scope scope) {
        String text = what + " in " + scope.method().name() + " depends on "
                + scope.method().file().text(expression).replaceAll("\\s+", " ");
        if (graph.isOfData(operators.argument(symbol, scope, line))) {
            return scope.refused(line, text + ", which is computed from what a tensor holds" + Scope.TRACE);
        }
        return new Undecided(scope.place(line) + ": " + text);
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
