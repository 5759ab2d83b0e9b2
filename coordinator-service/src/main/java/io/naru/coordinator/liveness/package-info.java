/** Who is alive: brokers' sessions, kept out of the Raft log; only their consequences are decided there. */
@NullMarked
package io.naru.coordinator.liveness;

import org.jspecify.annotations.NullMarked;
