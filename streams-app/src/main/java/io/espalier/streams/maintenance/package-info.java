/** What is done to an installation while its services are stopped. */
package io.espalier.streams.maintenance;
