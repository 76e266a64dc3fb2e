/**
 * Which tensor indices must go together: labels, joined by union-find, moved by one rule per kind of operator. Knows
 * the graph only.
 *
 * <p>Where to look. For an operator: its name in {@code OperatorRules}, then the class of its rule; for when a rule is not
 * relied on, {@code OperatorRunner}. For what rules read and write: {@code KnownValues}, {@code Flow}, {@code LabelArray}.
 * For a pass: {@code Survey} with {@code LabelSets}, {@code ParameterUses} and {@code SurveyNotes}; {@code Rehearsal} with
 * {@code Remaining}, {@code SameUnits} and {@code SizeEdits}; {@code Trace} with {@code Marks}. For how labels become
 * groups: {@code Sets}, {@code Partitions}, {@code Groups}. For networks that only have some widths: {@code TrunkFinder},
 * {@code TrunkClasses}, {@code ResizedTrunk}, {@code OrderedRehearsal}.
 */
package io.espalier.surgery.coupling;
