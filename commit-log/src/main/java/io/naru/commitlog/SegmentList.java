package io.naru.commitlog;

import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.segment.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The segments of a log at one moment, at least one, rising in base offset; the last is the one that grows. The list is
 * immutable and read by any thread, its last segment may grow meanwhile.
 */
final class SegmentList {
    private final Segment[] segments;

    SegmentList(List<Segment> segments) {
        this(segments.toArray(Segment[]::new));
    }

    private SegmentList(Segment[] segments) {
        this.segments = segments;
    }

    SegmentList with(Segment next) {
        Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = next;
        return new SegmentList(more);
    }

    int count() {
        return segments.length;
    }

    Segment get(int number) {
        return segments[number];
    }

    Segment first() {
        return segments[0];
    }

    Segment last() {
        return segments[segments.length - 1];
    }

    long sizeInBytes() {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.size();
        }
        return sum;
    }

    /** As {@link CommitLog#read}, with {@code offset} in the list and below {@code limit}, which is no further than the end. */
    LogSlice read(long offset, int maxBytes, long limit) throws IOException {
        Segment segment = holding(offset);
        int end = segment.endBelow(limit);
        int from = segment.positionOf(offset);
        if (from >= end) {
            return LogSlice.EMPTY;
        }
        if (end - from > maxBytes) {
            end = segment.lastEnd(from, from + Math.max(maxBytes, 0L), end);
        }
        return new LogSlice(segment.file(), from, end - from);
    }

    /** The first record as late as {@code timestamp}. */
    Optional<TimestampedOffset> firstSince(long timestamp) throws IOException {
        RecordCursor cursor = new RecordCursor();
        for (Segment segment : segments) {
            if (segment.maxTimestamp() >= timestamp && segment.seekTime(timestamp, cursor)) {
                return Optional.of(new TimestampedOffset(cursor.offset(), cursor.timestamp()));
            }
        }
        return Optional.empty();
    }

    private Segment holding(long offset) {
        int low = 0;
        int high = segments.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return segments[low];
    }
}
