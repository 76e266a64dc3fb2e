package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs {@code forward} of the top module symbolically: module calls are inlined, operators become the graph's. */
final class Inliner {
    private static final int STATEMENT_LIMIT = 500_000;
    private static final int DEPTH_LIMIT = 100;

    private final SourceCode code;
    private final ParameterTable parameters;
    private final List<Value> values = new ArrayList<>();
    private final List<Operator> operators = new ArrayList<>();
    private final List<LiteralSite> sites = new ArrayList<>();
    private final Map<LiteralSite, Integer> siteNumbers = new HashMap<>();
    private final IdentityHashMap<ModuleNode, Integer> calls = new IdentityHashMap<>();
    private int tensors;
    private int statements;

    /** One running method: whose it is, which call, and what its names stand for. */
    private record Frame(ModuleNode module, int call, MethodDefinition method, int depth, Map<String, Symbol> names) {
        ModelFormatException refused(int line, String what) {
            return new ModelFormatException(method.file().place(line) + ": " + what);
        }
    }

    private Inliner(SourceCode code, ParameterTable parameters) {
        this.code = code;
        this.parameters = parameters;
    }

    static InlinedMethod inline(SourceCode code, ParameterTable parameters, ModuleNode top) {
        ClassDefinition type = code.type(top.type());
        MethodDefinition forward = type.methods().get("forward");
        if (forward == null) {
            throw new ModelFormatException(type.file().name() + ": class " + type.name() + " has no method forward");
        }
        return new Inliner(code, parameters).run(top, type, forward);
    }

    private InlinedMethod run(ModuleNode top, ClassDefinition type, MethodDefinition forward) {
        Map<String, Symbol> names = new HashMap<>();
        List<Value> inputs = new ArrayList<>();
        for (MethodDefinition.Parameter parameter : forward.parameters()) {
            if (!parameter.type().equals("Tensor")) {
                throw new ModelFormatException(forward.file().place(forward.line()) + ": input " + parameter.name()
                        + " is a " + parameter.type() + ", only tensors are read as inputs");
            }
            Value input = value(parameter.name(), Value.Type.TENSOR);
            inputs.add(input);
            names.put(parameter.name(), new Symbol.Data(new Argument.Ref(input)));
        }
        names.put("self", new Symbol.Module(top));
        Argument outputs = execute(new Frame(top, 0, forward, 0, names));
        return new InlinedMethod(
                new Graph(inputs, values, operators, outputs, parameters.parameters()), type, forward, sites);
    }

    private Value value(String name, Value.Type type) {
        Value value = new Value(values.size(), type == Value.Type.TENSOR ? tensors++ : -1, name, type);
        values.add(value);
        return value;
    }

    private Argument execute(Frame frame) {
        if (frame.depth() > DEPTH_LIMIT) {
            throw frame.refused(frame.method().line(), "calls nest deeper than " + DEPTH_LIMIT);
        }
        for (Statement statement : frame.method().body()) {
            if (++statements > STATEMENT_LIMIT) {
                throw frame.refused(statement.line(), "more than " + STATEMENT_LIMIT + " statements when inlined");
            }
            if (statement instanceof Statement.Refused refused) {
                throw SourceParser.refusal(frame.method(), refused);
            } else if (statement instanceof Statement.Return result) {
                return data(result.value(), frame, result.line());
            } else if (statement instanceof Statement.Assign assign) {
                assign(assign, frame);
            }
        }
        return new Argument.Literal(Optional.empty(), -1);
    }

    private void assign(Statement.Assign assign, Frame frame) {
        if (!assign.unpack()) {
            int wanted = assign.targets().size();
            Symbol symbol = evaluate(assign.value(), frame, assign.line(), wanted);
            assign.targets().forEach(target -> frame.names().put(target, symbol));
            return;
        }
        List<String> targets = assign.targets();
        Argument value =
                argument(evaluate(assign.value(), frame, assign.line(), -targets.size()), frame, assign.line());
        if (value instanceof Argument.Ref) {
            value = operator("prim.unpack", List.of(value), Map.of(), frame, assign.line(), -targets.size());
        }
        if (!(value instanceof Argument.Sequence sequence) || sequence.items().size() != targets.size()) {
            throw frame.refused(assign.line(), "something that is not " + targets.size() + " values is unpacked");
        }
        for (int i = 0; i < targets.size(); i++) {
            frame.names().put(targets.get(i), new Symbol.Data(sequence.items().get(i)));
        }
    }

    private Argument data(Expression expression, Frame frame, int line) {
        return argument(evaluate(expression, frame, line, 1), frame, line);
    }

    private static Argument argument(Symbol symbol, Frame frame, int line) {
        if (symbol instanceof Symbol.Data data) {
            return data.argument();
        }
        throw frame.refused(line, "a module is used as a value");
    }

    /** {@code wanted}: values that an operator's result goes to, negative when it is unpacked. */
    private Symbol evaluate(Expression expression, Frame frame, int line, int wanted) {
        if (expression instanceof Expression.Name name) {
            Symbol symbol = frame.names().get(name.id());
            if (symbol == null) {
                throw frame.refused(line, "the name " + name.id() + " is used before it is given a value");
            }
            return symbol;
        } else if (expression instanceof Expression.Constant constant) {
            return new Symbol.Data(new Argument.Literal(constant.value(), site(constant, frame)));
        } else if (expression instanceof Expression.Sequence sequence) {
            List<Argument> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(data(item, frame, line)));
            return new Symbol.Data(new Argument.Sequence(items, sequence.tuple()));
        } else if (expression instanceof Expression.Member member) {
            return member(member, frame, line);
        } else if (expression instanceof Expression.Index index) {
            return new Symbol.Data(index(index, frame, line));
        } else if (expression instanceof Expression.Call call) {
            return call(call, frame, line, wanted);
        }
        throw frame.refused(line, ((Expression.Other) expression).what() + " is not read in a model's code");
    }

    private int site(Expression.Constant constant, Frame frame) {
        if (!(constant.value().orElse(null) instanceof Long)) {
            return -1;
        }
        LiteralSite site = new LiteralSite(frame.method().file(), constant.start(), constant.end());
        return siteNumbers.computeIfAbsent(site, s -> {
            sites.add(s);
            return sites.size() - 1;
        });
    }

    private Argument index(Expression.Index index, Frame frame, int line) {
        Argument target = data(index.target(), frame, line);
        Argument position = data(index.index(), frame, line);
        if (target instanceof Argument.Sequence sequence
                && position instanceof Argument.Literal literal
                && literal.constant().orElse(null) instanceof Long i
                && i >= 0
                && i < sequence.items().size()) {
            return sequence.items().get(i.intValue());
        }
        return operator("__getitem__", List.of(target, position), Map.of(), frame, line, 1);
    }

    private Symbol member(Expression.Member member, Frame frame, int line) {
        if (member.target() instanceof Expression.Name name && name.id().equals("CONSTANTS")) {
            return constant(member.name(), frame, line);
        }
        if (evaluate(member.target(), frame, line, 1) instanceof Symbol.Module module) {
            return attribute(module.node(), member.name(), frame, line);
        }
        throw frame.refused(line, "the attribute " + member.name() + " of something that is no module");
    }

    private Symbol constant(String name, Frame frame, int line) {
        if (name.matches("c[0-9]{1,6}")) {
            int index = Integer.parseInt(name.substring(1));
            if (parameters.constant(index) != null) {
                return new Symbol.Data(new Argument.Stored(parameters.constant(index)));
            }
        }
        throw frame.refused(line, "CONSTANTS." + name + " is no tensor of constants.pkl");
    }

    private Symbol attribute(ModuleNode module, String name, Frame frame, int line) {
        ModuleNode child = module.modules().get(name);
        if (child != null) {
            return new Symbol.Module(child);
        }
        Pickled value = module.attributes().get(name);
        if (value == null) {
            Expression constant = code.type(module.type()).constants().get(name);
            if (constant instanceof Expression.Constant literal) {
                return new Symbol.Data(new Argument.Literal(literal.value(), -1));
            }
            throw frame.refused(line, named(module) + " has no attribute " + name);
        }
        if (parameters.ofNode(value) != null) {
            return new Symbol.Data(new Argument.Stored(parameters.ofNode(value)));
        }
        if (value instanceof Pickled.Scalar scalar && !(scalar.value().orElse(null) instanceof String)) {
            return new Symbol.Data(new Argument.Literal(scalar.value(), -1));
        }
        return new Symbol.Data(new Argument.Verbatim(Printed.attribute(module.path(), name)));
    }

    private Symbol call(Expression.Call call, Frame frame, int line, int wanted) {
        if (call.function() instanceof Expression.Name name) {
            return builtin(name.id(), call, frame, line, wanted);
        }
        Expression.Member member = call.function() instanceof Expression.Member m ? m : null;
        if (member == null) {
            throw frame.refused(line, "a call of " + frame.method().file().text(call.function()));
        }
        String dotted = dotted(member);
        if (dotted != null && (dotted.equals("torch.device") || dotted.startsWith("torch.dtype"))) {
            return verbatim(call, frame);
        } else if (dotted != null
                && dotted.startsWith("torch.")
                && !frame.names().containsKey("torch")) {
            return operatorCall(dotted.substring("torch.".length()), call, frame, line, wanted);
        } else if (dotted != null && dotted.startsWith("ops.")) {
            return operatorCall(dotted.substring("ops.".length()), call, frame, line, wanted);
        } else if (dotted != null && dotted.startsWith("__torch__.")) {
            MethodDefinition function = code.function(dotted)
                    .orElseThrow(() -> frame.refused(line, "a call of " + dotted + ", which is no function"));
            return invoke(function, frame.module(), frame.call(), call, frame, line);
        }
        if (!(evaluate(member.target(), frame, line, 1) instanceof Symbol.Module module)) {
            throw frame.refused(line, "a call of the method " + member.name() + " of something that is no module");
        }
        MethodDefinition method = code.type(module.node().type()).methods().get(member.name());
        if (method == null) {
            throw frame.refused(line, named(module.node()) + " has no method " + member.name());
        }
        int number = calls.merge(module.node(), 1, Integer::sum) - 1;
        return invoke(method, module.node(), number, call, frame, line);
    }

    private Symbol builtin(String function, Expression.Call call, Frame frame, int line, int wanted) {
        List<Expression> arguments = call.arguments();
        switch (function) {
            case "int", "float", "bool" -> {
                String cast = Character.toUpperCase(function.charAt(0)) + function.substring(1);
                return operatorCall(cast, call, frame, line, wanted);
            }
            case "getattr" -> {
                if (arguments.size() == 2
                        && arguments.get(1) instanceof Expression.Constant name
                        && name.value().orElse(null) instanceof String attribute
                        && evaluate(arguments.get(0), frame, line, 1) instanceof Symbol.Module module) {
                    return attribute(module.node(), attribute, frame, line);
                }
            }
            case "annotate", "unchecked_cast" -> {
                if (arguments.size() == 2) {
                    Symbol inner = evaluate(arguments.get(1), frame, line, wanted);
                    boolean untyped = inner instanceof Symbol.Data data
                            && (data.argument() instanceof Argument.Sequence s
                                    ? s.items().isEmpty()
                                    : data.argument() instanceof Argument.Literal l
                                            && l.constant().isEmpty());
                    return untyped ? verbatim(call, frame) : inner;
                }
            }
            default -> {}
        }
        throw frame.refused(line, "a call of " + function + ", which is not read in a model's code");
    }

    private static Symbol verbatim(Expression call, Frame frame) {
        return new Symbol.Data(new Argument.Verbatim(frame.method().file().text(call)));
    }

    private Symbol invoke(
            MethodDefinition method, ModuleNode module, int number, Expression.Call call, Frame frame, int line) {
        if (call.arguments().size() > method.parameters().size()) {
            throw frame.refused(line, "the call of " + method.name() + " gives too many arguments");
        }
        Map<String, Symbol> names = new HashMap<>();
        for (int i = 0; i < method.parameters().size(); i++) {
            String name = method.parameters().get(i).name();
            Expression given = i < call.arguments().size()
                    ? call.arguments().get(i)
                    : call.named().get(name);
            if (given == null) {
                throw frame.refused(line, "the call of " + method.name() + " gives no " + name);
            }
            names.put(name, evaluate(given, frame, line, 1));
        }
        names.put("self", new Symbol.Module(module));
        return new Symbol.Data(execute(new Frame(module, number, method, frame.depth() + 1, names)));
    }

    private Symbol operatorCall(String name, Expression.Call call, Frame frame, int line, int wanted) {
        List<Argument> arguments = new ArrayList<>();
        call.arguments().forEach(argument -> arguments.add(data(argument, frame, line)));
        Map<String, Argument> named = new LinkedHashMap<>();
        call.named().forEach((key, argument) -> named.put(key, data(argument, frame, line)));
        return new Symbol.Data(operator(name, arguments, named, frame, line, wanted));
    }

    private Argument operator(
            String name, List<Argument> arguments, Map<String, Argument> named, Frame frame, int line, int wanted) {
        Value.Type type = OperatorTypes.result(name, arguments, named.values());
        if (wanted < 0 && type == Value.Type.TENSOR_LIST) {
            type = Value.Type.TENSOR;
        }
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < Math.abs(wanted); i++) {
            outputs.add(value("v" + values.size(), type));
        }
        operators.add(new Operator(
                operators.size(),
                name,
                arguments,
                named,
                outputs,
                frame.module().name(),
                frame.call(),
                frame.method().file().place(line)));
        if (wanted >= 0) {
            return outputs.isEmpty() ? new Argument.Literal(Optional.empty(), -1) : new Argument.Ref(outputs.get(0));
        }
        return new Argument.Sequence(
                outputs.stream().map(o -> (Argument) new Argument.Ref(o)).toList(), true);
    }

    private static String named(ModuleNode module) {
        return module.path().isEmpty() ? "the model" : "module " + module.name();
    }

    private static String dotted(Expression expression) {
        if (expression instanceof Expression.Member member) {
            String target = dotted(member.target());
            return target == null ? null : target + "." + member.name();
        }
        return expression instanceof Expression.Name name ? name.id() : null;
    }
}
