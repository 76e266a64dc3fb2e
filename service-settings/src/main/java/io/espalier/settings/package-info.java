/** How a service reads what a user sets: one file, the environment over it, and one line for whatever is wrong. */
package io.espalier.settings;
