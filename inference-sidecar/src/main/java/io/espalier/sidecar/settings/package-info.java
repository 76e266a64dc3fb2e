/** What a user may set of the sidecar, and in which ranges. */
package io.espalier.sidecar.settings;
