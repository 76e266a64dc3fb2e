package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Evaluates expressions while code is inlined. */
final class Evaluator {
    /** Runs a method or function whose parameters have been given their values. */
    interface Caller {
        Symbol run(MethodDefinition method, ModuleNode module, boolean ofModule, Map<String, Symbol> names, Scope from);
    }

    private static final int STEP_LIMIT = 2_000_000;
    private static final int DEPTH_LIMIT = 200;
    private static final int TEXT_LIMIT = 4096;
    private static final Set<String> GLOBALS = Set.of("torch", "ops", "__torch__");

    private final SourceCode code;
    private final Attributes attributes;
    private final GraphBuilder graph;
    private final OperatorCalls operators;
    private final Caller caller;
    private int steps;
    private int depth;

    Evaluator(SourceCode code, Attributes attributes, GraphBuilder graph, OperatorCalls operators, Caller caller) {
        this.code = code;
        this.attributes = attributes;
        this.graph = graph;
        this.operators = operators;
        this.caller = caller;
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
            return member(member, scope, line);
        } else if (expression instanceof Expression.Index index) {
            Symbol target = evaluate(index.target(), scope, line, 1);
            Symbol position = evaluate(index.index(), scope, line, 1);
            return operators.call("__getitem__", List.of(target, position), Map.of(), scope, line, wanted);
        } else if (expression instanceof Expression.Call call) {
            return call(call, scope, line, wanted);
        }
        throw scope.refused(line, ((Expression.Other) expression).what() + " is not read in a model's code");
    }

    /** The code itself, which is copied for every call that gets here. */
    private static String text(Expression expression, Scope scope, int line) {
        int length = expression.end() - expression.start();
        if (length > TEXT_LIMIT) {
            throw scope.refused(line, "an expression of " + length + " characters, " + TEXT_LIMIT + " are read");
        }
        return scope.method().file().text(expression);
    }

    private List<Symbol> all(List<Expression> expressions, Scope scope, int line) {
        List<Symbol> symbols = new ArrayList<>();
        // No lambda: this recursion is as deep as the code nests, and the stack is small.
        for (Expression expression : expressions) {
            symbols.add(evaluate(expression, scope, line, 1));
        }
        return symbols;
    }

    private int place(Expression.Constant constant, Scope scope) {
        return constant.value().orElse(null) instanceof Long
                ? graph.place(new LiteralSite(scope.method().file(), constant.start(), constant.end()))
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

    private Symbol member(Expression.Member member, Scope scope, int line) {
        if (member.target() instanceof Expression.Name name && name.id().equals("CONSTANTS")) {
            return attributes
                    .ofArchive(member.name())
                    .orElseThrow(
                            () -> scope.refused(line, "CONSTANTS." + member.name() + " is no tensor of constants.pkl"));
        }
        String dotted = global(member, scope);
        if (dotted != null && dotted.startsWith("__torch__.")) {
            return code.function(dotted)
                    .map(Symbol.Function::new)
                    .orElseThrow(() -> scope.refused(line, dotted + " is no function of this archive"));
        }
        Symbol target = evaluate(member.target(), scope, line, 1);
        if (target instanceof Symbol.Module module) {
            return attribute(module.node(), member.name(), scope, line);
        } else if (target instanceof Symbol.Items items && items.fields().contains(member.name())) {
            return items.items().get(items.fields().indexOf(member.name()));
        }
        throw scope.refused(line, "the attribute " + member.name() + " of something that is no module");
    }

    private Symbol attribute(ModuleNode module, String name, Scope scope, int line) {
        Optional<Symbol> stored = attributes.get(module, name);
        if (stored.isPresent()) {
            return stored.get();
        }
        Expression constant = attributes
                .constant(module, name)
                .orElseThrow(() -> scope.refused(line, named(module) + " has no attribute " + name));
        return withoutPlaces(evaluate(constant, scope, line, 1));
    }

    /** A constant of a class may serve many modules: it cannot be edited where it stands. */
    private static Symbol withoutPlaces(Symbol symbol) {
        if (symbol instanceof Symbol.Data data && data.argument() instanceof Argument.Literal literal) {
            return new Symbol.Data(new Argument.Literal(literal.constant(), -1));
        } else if (symbol instanceof Symbol.Items items) {
            items.items().replaceAll(Evaluator::withoutPlaces);
        }
        return symbol;
    }

    private Symbol call(Expression.Call call, Scope scope, int line, int wanted) {
        if (call.function() instanceof Expression.Name name) {
            return scope.names().get(name.id()) instanceof Symbol.Function function
                    ? invoke(function.definition(), scope.module(), false, call, scope, line)
                    : builtin(name.id(), call, scope, line, wanted);
        } else if (!(call.function() instanceof Expression.Member)) {
            throw scope.refused(line, "a call of " + scope.method().file().text(call.function()));
        }
        Expression.Member member = (Expression.Member) call.function();
        String global = global(member, scope);
        if (global != null) {
            return global(global, call, scope, line, wanted);
        }
        Symbol target = evaluate(member.target(), scope, line, 1);
        if (!(target instanceof Symbol.Module module)) {
            throw scope.refused(line, "a call of the method " + member.name() + " of something that is no module");
        }
        MethodDefinition method = code.type(module.node().type()).methods().get(member.name());
        if (method == null) {
            throw scope.refused(line, named(module.node()) + " has no method " + member.name());
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
        return new Symbol.Items(all(call.arguments(), scope, line), true, dotted, fields);
    }

    private Symbol operator(String name, Expression.Call call, Scope scope, int line, int wanted) {
        Map<String, Symbol> named = new LinkedHashMap<>();
        List<Symbol> arguments = all(call.arguments(), scope, line);
        call.named().forEach((key, value) -> named.put(key, evaluate(value, scope, line, 1)));
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
                        && evaluate(arguments.get(0), scope, line, 1) instanceof Symbol.Module module) {
                    return attribute(module.node(), attribute, scope, line);
                }
            }
            case "annotate", "unchecked_cast" -> {
                if (arguments.size() == 2) {
                    String type = text(arguments.get(0), scope, line);
                    return typed(evaluate(arguments.get(1), scope, line, wanted), type);
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
            names.put(parameter.name(), evaluate(given, scope, line, 1));
        }
        return caller.run(method, module, ofModule, names, scope);
    }

    private static String named(ModuleNode module) {
        return module.path().isEmpty() ? "the model" : "module " + module.name();
    }

    /** The dotted name of something that is not a module's, such as {@code torch.add}; null for anything else. */
    private static String global(Expression.Member member, Scope scope) {
        Expression root = member.target();
        while (root instanceof Expression.Member inner) {
            root = inner.target();
        }
        boolean global = root instanceof Expression.Name name
                && GLOBALS.contains(name.id())
                && !scope.names().containsKey(name.id());
        return global ? dotted(member) : null;
    }

    private static String dotted(Expression expression) {
        return expression instanceof Expression.Member member
                ? dotted(member.target()) + "." + member.name()
                : ((Expression.Name) expression).id();
    }
}
