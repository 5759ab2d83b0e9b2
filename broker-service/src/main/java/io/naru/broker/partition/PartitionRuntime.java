package io.naru.broker.partition;

import io.naru.broker.runtime.Timers;
import io.naru.commitlog.GroupCommit;
import java.time.InstantSource;

/**
 * What all partitions of a broker share. Thread-safe, as its parts are.
 *
 * @param budget bytes of appends that wait for the disk
 * @param clock stamps batches where the topic asks for the time of the append
 */
record PartitionRuntime(GroupCommit commits, ByteBudget budget, Timers timers, InstantSource clock) {}
