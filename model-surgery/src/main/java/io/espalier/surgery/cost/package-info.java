/**
 * Parameters, multiply-accumulates and weight importance over coupling groups.
 */
package io.espalier.surgery.cost;
