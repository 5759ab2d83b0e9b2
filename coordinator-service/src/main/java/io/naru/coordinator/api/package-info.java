/** The coordinator over HTTP: thin controllers, problems, and what guards them. */
@NullMarked
package io.naru.coordinator.api;

import org.jspecify.annotations.NullMarked;
