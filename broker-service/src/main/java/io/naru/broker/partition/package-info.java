/**
 * The partitions this broker holds. {@link io.naru.broker.partition.Partition} and {@link
 * io.naru.broker.partition.Partitions} are the ports that every adapter (HTTP today, others later) reads and writes
 * through; behind them each partition has one owner, its {@code PartitionLoop}.
 */
@NullMarked
package io.naru.broker.partition;

import org.jspecify.annotations.NullMarked;
