package io.naru.commitlog;

import io.naru.commitlog.segment.Segment;

/**
 * Which segments of a log have had their time. Pure. Segments go from the first on, whole, and never the last.
 *
 * <p>A segment is as old as its latest record says, unless that lies ahead of the clock or there is none. Then nothing in
 * it is taken to be later than the first sign of life of the segment behind it, so that a timestamp far ahead keeps a
 * segment no longer than one that tells the time of its append, and a segment without timestamps ages too. A timestamp
 * that may be true counts, whatever the clock was when the next segment began: better too long than too short.
 */
final class Retention {
    private Retention() {}

    /**
     * The base offset of the first segment that stays.
     *
     * @param limitOffset what holds it or lies behind it stays
     */
    static long startUnder(RetentionLimits limits, SegmentList segments, long nowMillis, long limitOffset) {
        long excess = limits.maxBytes() == RetentionLimits.UNLIMITED ? 0 : segments.sizeInBytes() - limits.maxBytes();
        int kept = 0;
        while (kept < segments.count() - 1) {
            Segment segment = segments.get(kept);
            Segment next = segments.get(kept + 1);
            boolean tooMuch = excess >= segment.size() && segment.size() > 0;
            long writtenBefore = Math.max(segment.firstAppendMillis(), next.firstAppendMillis());
            boolean tooOld = limits.hasExpired(latestTime(segment, writtenBefore, nowMillis), nowMillis);
            if (next.baseOffset() > limitOffset || !(tooMuch || tooOld)) {
                break;
            }
            excess -= segment.size();
            kept++;
        }
        return segments.get(kept).baseOffset();
    }

    /** Whether the last segment holds nothing any more that is to be kept, so that a new one should be begun. */
    static boolean isLastExpired(RetentionLimits limits, Segment last, long nowMillis) {
        return limits.hasExpired(latestTime(last, last.lastAppendMillis(), nowMillis), nowMillis);
    }

    /**
     * When the last record of a segment was written at the latest, in epoch ms.
     *
     * @param writtenBefore when the segment was no longer written to, -1 if that is not known
     */
    static long latestTime(Segment segment, long writtenBefore, long nowMillis) {
        long latest = segment.maxTimestamp();
        if (latest >= 0 && latest <= nowMillis) {
            return latest;
        }
        return writtenBefore < 0 ? nowMillis : Math.min(writtenBefore, nowMillis);
    }
}
