/** The one thread per leadership term that decides commands, and the port to the quorum that keeps what was decided. */
@NullMarked
package io.naru.coordinator.decider;

import org.jspecify.annotations.NullMarked;
