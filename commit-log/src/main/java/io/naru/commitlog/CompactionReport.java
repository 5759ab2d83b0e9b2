package io.naru.commitlog;

/**
 * What a compaction has done.
 *
 * @param bytesBefore of the segments that were written anew
 * @param bytesAfter of what stands in their place
 * @param passes over the log; more than one where the memory for keys was too small for all at once
 * @param keys different keys met in the part that was dirty; one met in two passes counts twice
 * @param complete whether all that could be compacted is; false where records were deleted meanwhile
 */
public record CompactionReport(long bytesBefore, long bytesAfter, int passes, long keys, boolean complete) {
    static final CompactionReport NOTHING = new CompactionReport(0, 0, 0, 0, true);
}
