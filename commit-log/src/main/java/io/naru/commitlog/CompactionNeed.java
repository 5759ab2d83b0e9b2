package io.naru.commitlog;

/**
 * What there is for a compaction to do in a log.
 *
 * @param cleanBytes of segments that have been compacted
 * @param dirtyBytes of segments that have not been, and can be
 * @param isDue whether it is worth it
 */
public record CompactionNeed(long cleanBytes, long dirtyBytes, boolean isDue) {
    /** Dirty bytes as a share of both, 0 to 1; 0 where there are none. */
    public double dirtyRatio() {
        return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }
}
