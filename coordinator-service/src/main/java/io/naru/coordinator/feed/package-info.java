/** What brokers follow: applied metadata, as deltas or snapshots, with long polls. */
@NullMarked
package io.naru.coordinator.feed;

import org.jspecify.annotations.NullMarked;
