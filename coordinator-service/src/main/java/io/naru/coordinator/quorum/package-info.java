/** The Raft group that keeps the metadata. The only place that knows Ratis. */
@NullMarked
package io.naru.coordinator.quorum;

import org.jspecify.annotations.NullMarked;
