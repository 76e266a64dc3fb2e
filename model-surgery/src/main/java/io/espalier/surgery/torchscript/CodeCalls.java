package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.torchscript.source.Expression;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import io.espalier.surgery.torchscript.source.SourceCode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls in code: of methods, functions and named tuples of the archive, of operators, and of what the language has. */
final class CodeCalls {
    /** Runs a method or function whose parameters have been given their values. */
    interface Runner {
        Symbol run(MethodDefinition method, ModuleNode module, boolean ofModule, Map<String, Symbol> names, Scope from);
    }

    private static final int TEXT_LIMIT = 4096;

    private final SourceCode code;
    private final Members members;
    private final OperatorCalls operators;
    private final Evaluator evaluator;
    private final Runner runner;

    CodeCalls(SourceCode code, Members members, OperatorCalls operators, Evaluator evaluator, Runner runner) {
        this.code = code;
        this.members = members;
        this.operators = operators;
        this.evaluator = evaluator;
        this.runner = runner;
    }

    /** {@code wanted} as in {@link Evaluator#evaluate}. */
    Symbol call(Expression.Call call, Scope scope, int line, int wanted) {
        if (call.function() instanceof Expression.Name name) {
            return scope.names().get(name.id()) instanceof Symbol.Function function
                    ? invoke(function.definition(), scope.module(), false, call, scope, line)
                    : builtin(name.id(), call, scope, line, wanted);
        } else if (!(call.function() instanceof Expression.Member)) {
            throw scope.refused(line, "a call of " + scope.method().file().text(call.function()));
        }
        Expression.Member member = (Expression.Member) call.function();
        String global = Members.globalName(member, scope);
        if (global != null) {
            return global(global, call, scope, line, wanted);
        }
        Symbol target = evaluator.evaluate(member.target(), scope, line, 1);
        if (!(target instanceof Symbol.Module module)) {
            throw scope.refused(line, "a call of the method " + member.name() + " of something that is no module");
        }
        MethodDefinition method = code.type(module.node().type()).methods().get(member.name());
        if (method == null) {
            throw scope.refused(line, Members.named(module.node()) + " has no method " + member.name());
        }
        return invoke(method, module.node(), true, call, scope, line);
    }

    private Symbol global(String dotted, Expression.Call call, Scope scope, int line, int wanted) {
        if (dotted.startsWith("__torch__.")) {
            return ofArchive(dotted, call, scope, line);
        } else if (dotted.equals("torch.device") || dotted.startsWith("torch.dtype")) {
            return new Symbol.Data(new Argument.Verbatim(text(call, scope, line)));
        }
        return operator(dotted.substring(dotted.indexOf('.') + 1), call, scope, line, wanted);
    }

    /** A function of the archive, or the constructor of a named tuple. */
    private Symbol ofArchive(String dotted, Expression.Call call, Scope scope, int line) {
        Optional<MethodDefinition> function = code.function(dotted);
        if (function.isPresent()) {
            return invoke(function.get(), scope.module(), false, call, scope, line);
        }
        List<String> fields = code.fields(dotted);
        if (fields.isEmpty() || fields.size() != call.arguments().size()) {
            throw scope.refused(line, "a call of " + dotted + ", which is no function");
        }
        return new Symbol.Items(evaluator.all(call.arguments(), scope, line), true, dotted, fields);
    }

    private Symbol operator(String name, Expression.Call call, Scope scope, int line, int wanted) {
        Map<String, Symbol> named = new LinkedHashMap<>();
        List<Symbol> arguments = evaluator.all(call.arguments(), scope, line);
        // No lambda: see Evaluator.all.
        for (Map.Entry<String, Expression> argument : call.named().entrySet()) {
            named.put(argument.getKey(), evaluator.evaluate(argument.getValue(), scope, line, 1));
        }
        return operators.call(name, arguments, named, scope, line, wanted);
    }

    private Symbol builtin(String function, Expression.Call call, Scope scope, int line, int wanted) {
        List<Expression> arguments = call.arguments();
        switch (function) {
            case "int", "float", "bool" -> {
                String cast = Character.toUpperCase(function.charAt(0)) + function.substring(1);
                return operator(cast, call, scope, line, wanted);
            }
            case "str" -> {
                return operator("str", call, scope, line, wanted);
            }
            case "uninitialized" -> {
                return new Symbol.Data(new Argument.Verbatim(text(call, scope, line)));
            }
            case "getattr" -> {
                if (arguments.size() == 2
                        && arguments.get(1) instanceof Expression.Constant name
                        && name.value().orElse(null) instanceof String attribute
                        && evaluator.evaluate(arguments.get(0), scope, line, 1) instanceof Symbol.Module module) {
                    return members.attribute(module.node(), attribute, scope, line);
                }
            }
            case "annotate", "unchecked_cast" -> {
                if (arguments.size() == 2) {
                    String type = text(arguments.get(0), scope, line);
                    return typed(evaluator.evaluate(arguments.get(1), scope, line, wanted), type);
                }
            }
            default -> {}
        }
        throw scope.refused(line, "a call of " + function + ", which is not read in a model's code");
    }

    /** The declared type is kept where it says more than the items do. */
    private static Symbol typed(Symbol symbol, String type) {
        boolean says = type.contains("Optional")
                || (symbol instanceof Symbol.Items i && i.items().isEmpty());
        if (symbol instanceof Symbol.Items items && !items.tuple() && says && type.startsWith("List[")) {
            return new Symbol.Items(items.items(), false, type, List.of());
        }
        return symbol;
    }

    /** The code itself, which is copied for every call that gets here. */
    private static String text(Expression expression, Scope scope, int line) {
        int length = expression.end() - expression.start();
        if (length > TEXT_LIMIT) {
            throw scope.refused(line, "an expression of " + length + " characters, " + TEXT_LIMIT + " are read");
        }
        return scope.method().file().text(expression);
    }

    private Symbol invoke(
            MethodDefinition method, ModuleNode module, boolean ofModule, Expression.Call call, Scope scope, int line) {
        List<MethodDefinition.Parameter> parameters = method.parameters();
        if (call.arguments().size() > parameters.size()) {
            throw scope.refused(line, "the call of " + method.name() + " gives too many arguments");
        }
        Map<String, Symbol> names = new HashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            MethodDefinition.Parameter parameter = parameters.get(i);
            Expression given = i < call.arguments().size()
                    ? call.arguments().get(i)
                    : call.named()
                            .getOrDefault(parameter.name(), parameter.preset().orElse(null));
            if (given == null) {
                throw scope.refused(line, "the call of " + method.name() + " gives no " + parameter.name());
            }
            names.put(parameter.name(), evaluator.evaluate(given, scope, line, 1));
        }
        return runner.run(method, module, ofModule, names, scope);
    }
}
