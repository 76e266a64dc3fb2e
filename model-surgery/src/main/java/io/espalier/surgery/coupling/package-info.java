/**
 * Which tensor indices must go together: labels, joined by union-find, moved by one rule per kind of operator. Knows
 * the graph only.
 */
package io.espalier.surgery.coupling;
