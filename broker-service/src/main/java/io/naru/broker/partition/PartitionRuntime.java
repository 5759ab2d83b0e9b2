package io.naru.broker.partition;

import io.naru.broker.runtime.Timers;
import io.naru.commitlog.GroupCommit;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What all partitions of a broker share. Thread-safe, as its parts are.
 *
 * @param budget bytes of appends that wait for the disk
 * @param clock stamps batches where the topic asks for the time of the append, and tells how old records are
 * @param blocking runs what waits for the disk, on threads that nobody interrupts
 */
record PartitionRuntime(
        GroupCommit commits, ByteBudget budget, Timers timers, InstantSource clock, Executor blocking) {}
