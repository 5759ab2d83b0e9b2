/** The HTTP faces of a broker: thin adapters over the ports of {@code partition} and {@code metadata}. */
@NullMarked
package io.naru.broker.api;

import org.jspecify.annotations.NullMarked;
