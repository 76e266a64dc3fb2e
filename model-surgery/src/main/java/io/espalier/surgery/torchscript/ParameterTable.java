package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.pickle.Pickled;
import io.espalier.surgery.torchscript.source.ClassDefinition;
import io.espalier.surgery.torchscript.source.SourceCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The archive's stored tensors as graph parameters, with what is needed to read, name and replace them. */
final class ParameterTable {
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<List<StoredTensor>> tensors = new ArrayList<>();
    private final List<PickledFile> files = new ArrayList<>();
    private final List<String> expressions = new ArrayList<>();
    private final IdentityHashMap<Pickled, Parameter> byNode = new IdentityHashMap<>();
    private final Map<Object, Parameter> byView = new HashMap<>();
    private final List<Parameter> constants = new ArrayList<>();
    private final List<Pickled> constantNodes;

    ParameterTable(PickledFile data, ModuleNode top, PickledFile constantFile, SourceCode code) {
        addModule(data, top, code, new IdentityHashMap<>());
        // After all attributes, whose names say more: most tensors in lists are some module's parameters.
        addLists(data, top, new IdentityHashMap<>());
        List<Pickled> items = Pickled.children(constantFile.root());
        constantNodes = items;
        for (int i = 0; i < items.size(); i++) {
            StoredTensor tensor = constantFile.tensors().get(items.get(i));
            constants.add(
                    tensor == null
                            ? null
                            : add(constantFile, tensor, "c" + i, "c" + i, Parameter.Role.CONSTANT, "CONSTANTS.c" + i));
        }
    }

    private void addModule(
            PickledFile data, ModuleNode module, SourceCode code, IdentityHashMap<ModuleNode, Boolean> seen) {
        if (seen.put(module, true) != null) {
            return;
        }
        ClassDefinition type = code.type(module.type());
        module.attributes().forEach((name, value) -> {
            StoredTensor tensor = data.tensors().get(value);
            if (tensor != null) {
                String layer = module.path().isEmpty() ? name : module.name();
                Parameter.Role role =
                        type.parameters().contains(name) ? Parameter.Role.PARAMETER : Parameter.Role.BUFFER;
                add(data, tensor, module.name(name), layer, role, Printed.attribute(module.path(), name));
            }
        });
        module.modules().values().forEach(child -> addModule(data, child, code, seen));
    }

    private void addLists(PickledFile data, ModuleNode module, IdentityHashMap<ModuleNode, Boolean> seen) {
        if (seen.put(module, true) != null) {
            return;
        }
        module.attributes()
                .forEach((name, value) -> addList(
                        data,
                        value instanceof Pickled.Call call
                                        && !call.arguments().items().isEmpty()
                                ? call.arguments().items().get(0)
                                : value,
                        module.name(name),
                        module,
                        Printed.attribute(module.path(), name)));
        module.modules().values().forEach(child -> addLists(data, child, seen));
    }

    private void addList(PickledFile data, Pickled list, String name, ModuleNode module, String expression) {
        if (!(list instanceof Pickled.Sequence) && !(list instanceof Pickled.Tuple)) {
            return;
        }
        List<Pickled> items = Pickled.children(list);
        for (int i = 0; i < items.size(); i++) {
            StoredTensor tensor = data.tensors().get(items.get(i));
            if (tensor != null && byNode.get(items.get(i)) == null) {
                String layer = module.path().isEmpty() ? name : module.name();
                String item = expression + "[" + i + "]";
                add(data, tensor, name + "." + i, layer, Parameter.Role.BUFFER, item);
            }
        }
    }

    private Parameter add(
            PickledFile file, StoredTensor tensor, String name, String layer, Parameter.Role role, String expression) {
        Object view = tensor.view();
        Parameter parameter = byView.get(view);
        if (parameter == null) {
            long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            parameter =
                    new Parameter(parameters.size(), name, layer, role, tensor.type(), shape, file.overlaps(tensor));
            byView.put(view, parameter);
            parameters.add(parameter);
            tensors.add(new ArrayList<>());
            files.add(file);
            expressions.add(expression);
        }
        if (byNode.put(tensor.node(), parameter) == null) {
            tensors.get(parameter.id()).add(tensor);
        }
        return parameter;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /** The parameter of an attribute's pickle node, or null when that is no tensor. */
    Parameter ofNode(Pickled node) {
        return byNode.get(node);
    }

    /** The parameter of {@code CONSTANTS.cN}, or null when that is no tensor or does not exist. */
    Parameter constant(int index) {
        return index < constants.size() ? constants.get(index) : null;
    }

    /** What the pickle holds for {@code CONSTANTS.cN}. */
    Optional<Pickled> constantNode(int index) {
        return index < constantNodes.size() ? Optional.of(constantNodes.get(index)) : Optional.empty();
    }

    /** All tensors of the pickle that are this parameter. */
    List<StoredTensor> tensors(Parameter parameter) {
        return tensors.get(parameter.id());
    }

    PickledFile file(Parameter parameter) {
        return files.get(parameter.id());
    }

    /** How a method of the top class reaches the parameter. */
    String expression(Parameter parameter) {
        return expressions.get(parameter.id());
    }
}
