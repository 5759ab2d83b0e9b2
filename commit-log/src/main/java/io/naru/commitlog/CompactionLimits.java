package io.naru.commitlog;

/**
 * When a log is worth compacting, and what of it may be.
 *
 * @param minDirtyRatio share of bytes that were never compacted, of all that can be, above which it is worth it; 0 to 1
 * @param minLagMillis records younger than this are left alone
 * @param maxLagMillis where the oldest record that was never compacted is older than this, it is worth it anyway
 * @param deleteRetentionMillis how long tombstones stay after the first compaction that met them
 */
public record CompactionLimits(double minDirtyRatio, long minLagMillis, long maxLagMillis, long deleteRetentionMillis) {
    public CompactionLimits {
        if (!(minDirtyRatio >= 0 && minDirtyRatio <= 1)
                || minLagMillis < 0
                || maxLagMillis < 1
                || deleteRetentionMillis < 0) {
            throw new IllegalArgumentException("There are no such limits for compaction: " + minDirtyRatio + ", "
                    + minLagMillis + ", " + maxLagMillis + ", " + deleteRetentionMillis);
        }
    }
}
