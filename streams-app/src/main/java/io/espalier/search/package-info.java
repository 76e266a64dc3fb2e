/** Finds how many units of each group go, with the model and inputs at hand. Knows the planner and the runtime. */
package io.espalier.search;
