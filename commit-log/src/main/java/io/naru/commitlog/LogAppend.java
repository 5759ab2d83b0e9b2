package io.naru.commitlog;

/**
 * Where a batch is. Its records have the consecutive offsets {@code baseOffset} to {@code lastOffset}.
 *
 * @param maxTimestamp the largest timestamp of its records as they are in the log, epoch ms
 * @param sizeInBytes what was written for it, 0 for a duplicate
 * @param isDuplicate whether it was in the log before, and nothing was appended
 */
public record LogAppend(long baseOffset, long lastOffset, long maxTimestamp, int sizeInBytes, boolean isDuplicate) {}
