package io.espalier.surgery.torchscript;

import io.espalier.surgery.torchscript.source.Expression;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import io.espalier.surgery.torchscript.source.Statement;
import java.util.List;

/** Decides conditions and loops while code is inlined: which way they go, and how often. */
final class Decisions {
    private static final String RAISE = "RaiseException";

    private final KnownValues known;
    private final OperatorCalls operators;
    private final Evaluator evaluator;
    private boolean taken;

    Decisions(KnownValues known, OperatorCalls operators, Evaluator evaluator) {
        this.known = known;
        this.operators = operators;
        this.evaluator = evaluator;
    }

    /** Whether any was taken, so that the graph is one way through the code. */
    boolean taken() {
        return taken;
    }

    /** The statements of the way that is taken. */
    List<Statement> branch(Statement.If branch, Scope scope) {
        taken = true;
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
        return block.stream().anyMatch(Decisions::raises);
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

    /** How often a loop turns. */
    long turns(Statement.For loop, Scope scope) {
        taken = true;
        Symbol count = evaluator.evaluate(loop.count(), scope, loop.line(), 1);
        if (!(operators.constant(count) instanceof Long times)) {
            throw undecided("'for'", count, loop.count(), loop.line(), scope);
        }
        refuseBatch("'for'", count, loop.count(), loop.line(), scope);
        return times;
    }

    /** Whether a loop turns once more. */
    boolean turns(Statement.While loop, Scope scope) {
        taken = true;
        Symbol condition = evaluator.evaluate(loop.condition(), scope, loop.line(), 1);
        if (!(operators.constant(condition) instanceof Boolean truth)) {
            throw undecided("'while'", condition, loop.condition(), loop.line(), scope);
        }
        refuseBatch("'while'", condition, loop.condition(), loop.line(), scope);
        return truth;
    }

    /** What is resolved for the recorded call would be wrong for batches of another size, which the model takes as well. */
    private void refuseBatch(String what, Symbol symbol, Expression expression, int line, Scope scope) {
        if (known.isOfBatch(operators.argument(symbol, scope, line))) {
            throw scope.refused(
                    line, described(what, expression, scope) + ", which counts the samples of a batch" + Scope.TRACE);
        }
    }

    /** What to throw where a decision cannot be taken yet, or never. */
    private RuntimeException undecided(String what, Symbol symbol, Expression expression, int line, Scope scope) {
        String text = described(what, expression, scope);
        if (known.isOfData(operators.argument(symbol, scope, line))) {
            return scope.refused(line, text + ", which is computed from what a tensor holds" + Scope.TRACE);
        }
        return new Undecided(scope.place(line) + ": " + text);
    }

    private static String described(String what, Expression expression, Scope scope) {
        MethodDefinition method = scope.method();
        return what + " in " + method.name() + " depends on "
                + method.file().text(expression).replaceAll("\\s+", " ");
    }
}
