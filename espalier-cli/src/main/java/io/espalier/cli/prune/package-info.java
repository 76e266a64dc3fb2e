/** From chosen units to a smaller archive that was compared, and what there is to say about it. Knows no options. */
package io.espalier.cli.prune;
