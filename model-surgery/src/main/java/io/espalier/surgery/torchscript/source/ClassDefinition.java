package io.espalier.surgery.torchscript.source;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A class.
 *
 * @param base what it is derived from, such as {@code Module} or {@code NamedTuple}; may be empty
 * @param parameters names of the attributes that training would change
 * @param buffers names of the attributes that are tensors but not trained
 * @param constants values of {@code Final} attributes
 * @param fields names of a named tuple's items in order; empty for any other class
 * @param end offset behind the class's last line
 */
public record ClassDefinition(
        String name,
        String base,
        Set<String> parameters,
        Set<String> buffers,
        Map<String, Expression> constants,
        List<String> fields,
        Map<String, MethodDefinition> methods,
        SourceFile file,
        int end) {}
