/** Shows what a model is made of: as tables, and as a picture. */
package io.espalier.cli.inspect;
