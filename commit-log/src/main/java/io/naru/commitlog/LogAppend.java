package io.naru.commitlog;

/**
 * Where a batch is. Its records have the consecutive offsets {@code baseOffset} to {@code lastOffset}.
 *
 * @param sizeInBytes what was written for it, 0 for a duplicate
 * @param isDuplicate whether it was in the log before, and nothing was appended
 */
public record LogAppend(long baseOffset, long lastOffset, int sizeInBytes, boolean isDuplicate) {}
