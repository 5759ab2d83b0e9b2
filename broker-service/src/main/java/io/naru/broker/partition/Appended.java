package io.naru.broker.partition;

/**
 * Where a batch was stored. Its records have the consecutive offsets {@code baseOffset} to {@code lastOffset}.
 *
 * @param logAppendTime the time in epoch ms that replaced the records' own, or -1 where they kept theirs
 */
public record Appended(long baseOffset, long lastOffset, long logAppendTime) {}
