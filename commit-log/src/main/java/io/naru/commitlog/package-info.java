/**
 * The segmented commit log as a plain library. {@link io.naru.commitlog.LogDirectory} is one data directory, {@link
 * io.naru.commitlog.CommitLog} one log in it; what {@link io.naru.commitlog.CommitLog#force} or {@link
 * io.naru.commitlog.GroupCommit} has confirmed survives a crash, anything later may not.
 */
@NullMarked
package io.naru.commitlog;

import org.jspecify.annotations.NullMarked;
