/** Properties and the wiring of beans. */
@NullMarked
package io.naru.coordinator.config;

import org.jspecify.annotations.NullMarked;
