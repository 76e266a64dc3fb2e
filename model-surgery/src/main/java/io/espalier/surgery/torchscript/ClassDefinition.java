package io.espalier.surgery.torchscript;

import java.util.Map;
import java.util.Set;

/**
 * A class.
 *
 * @param parameters names of the attributes that training would change
 * @param buffers names of the attributes that are tensors but not trained
 * @param constants values of {@code Final} attributes
 * @param end offset behind the class's last line
 */
record ClassDefinition(
        String name,
        Set<String> parameters,
        Set<String> buffers,
        Map<String, Expression> constants,
        Map<String, MethodDefinition> methods,
        SourceFile file,
        int end) {}
