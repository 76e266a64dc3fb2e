package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;

/** What one kind of operator does to labels: reads those of its inputs, gives its output's, joins, records, protects. */
interface OperatorRule {
    void apply(Operator operator, Flow flow);
}
