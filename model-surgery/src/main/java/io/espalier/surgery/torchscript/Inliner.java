package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.torchscript.source.Expression;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs {@code forward} of the top module symbolically: module calls are inlined, conditions and loops that do not depend on
 * what a tensor holds are run, operators become the graph's.
 */
final class Inliner {
    private final ArchiveContent archive;
    private final KnownValues known;
    private final LiteralSites literals = new LiteralSites();
    private final GraphBuilder graph;
    private final OperatorCalls operators;
    private final MethodRunner runner;

    private Inliner(ArchiveContent archive, Recording recording) {
        this.archive = archive;
        this.known = new KnownValues(recording);
        this.graph = new GraphBuilder(known, literals);
        this.operators = new OperatorCalls(graph, known, literals);
        this.runner = new MethodRunner(
                archive.code(), new Attributes(archive.code(), archive.parameters()), literals, known, operators);
    }

    /**
     * Inlines as far as conditions can be decided.
     *
     * @param inputs how many of the tensors that forward may be given are given
     */
    static InlinedMethod inline(ArchiveContent archive, int inputs, Recording facts) {
        return new Inliner(archive, facts).run(inputs);
    }

    private InlinedMethod run(int given) {
        ModuleNode top = archive.module();
        MethodDefinition forward = archive.signature().method();
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
                names.put(parameter.name(), runner.evaluator().evaluate(preset, scope, forward.line(), 1));
            }
        }
        Optional<String> stopped = Optional.empty();
        Argument outputs = new Argument.Sequence(List.of(), true);
        try {
            Symbol result = runner.run(scope);
            outputs = LiteralSites.fixed(operators.argument(result, scope, forward.line()));
        } catch (Undecided undecided) {
            stopped = Optional.of(undecided.getMessage());
            if (known.allRecorded()) {
                throw new ModelFormatException(undecided.getMessage() + Scope.TRACE, undecided);
            }
        }
        boolean flat = runner.decided() || operators.ran() || stopped.isPresent();
        Graph whole = new Graph(
                inputs,
                graph.values(),
                graph.operators(),
                outputs,
                archive.parameters().parameters());
        return InlinedMethod.of(
                whole, archive.code().type(top.type()), forward, literals.sites(), known.tensors(), flat, stopped);
    }
}
