package io.naru.commitlog;

/**
 * Where a batch went. Its records have the consecutive offsets {@code baseOffset} to {@code lastOffset}.
 *
 * @param sizeInBytes what it takes in the log
 */
public record LogAppend(long baseOffset, long lastOffset, int sizeInBytes) {}
