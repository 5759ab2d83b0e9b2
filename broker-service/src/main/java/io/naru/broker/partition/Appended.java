package io.naru.broker.partition;

/**
 * Where a batch is stored. Its records have the consecutive offsets {@code baseOffset} to {@code lastOffset}.
 *
 * @param logAppendTime the time in epoch ms that replaced the records' own, or -1 where they kept theirs; of a duplicate
 *     the largest that the original's records have
 * @param isDuplicate whether an earlier attempt stored it, of which this is the place
 */
public record Appended(long baseOffset, long lastOffset, long logAppendTime, boolean isDuplicate) {
    /** Where a batch is stored that was new. */
    public Appended(long baseOffset, long lastOffset, long logAppendTime) {
        this(baseOffset, lastOffset, logAppendTime, false);
    }
}
