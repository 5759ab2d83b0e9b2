package io.naru.commitlog;

import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.segment.HeaderVisitor;
import io.naru.commitlog.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
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

    /** Without the first {@code gone} segments, which are not all. */
    SegmentList without(int gone) {
        return new SegmentList(Arrays.copyOfRange(segments, gone, segments.length));
    }

    /** With one segment in the place of so many from the one with this number on. */
    SegmentList replacing(int number, int gone, Segment fresh) {
        List<Segment> all = new ArrayList<>(List.of(segments));
        all.subList(number, number + gone).clear();
        all.add(number, fresh);
        return new SegmentList(all);
    }

    /** Which segment, from 0, is this very one; -1 if none is. */
    int numberOf(Segment wanted) {
        int number = numberHolding(wanted.baseOffset());
        return segments[number] == wanted ? number : -1;
    }

    /** The segments from one number on, before another. */
    List<Segment> range(int from, int to) {
        return List.of(segments).subList(from, to);
    }

    int count() {
        return segments.length;
    }

    /** How many segments, from the first on, lie below {@code offset} as a whole; the last never does. */
    int countBelow(long offset) {
        int below = 0;
        while (below < segments.length - 1 && segments[below + 1].baseOffset() <= offset) {
            below++;
        }
        return below;
    }

    /** Which segment, from 0, is the first that begins at {@code offset} or above it; their count if none does. */
    int firstAtOrAbove(long offset) {
        int number = segments.length;
        while (number > 0 && segments[number - 1].baseOffset() >= offset) {
            number--;
        }
        return number;
    }

    /** The first {@code number} segments. */
    List<Segment> first(int number) {
        return List.of(segments).subList(0, number);
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
        return new LogSlice(segment, from, end - from, offset);
    }

    /** The first record from {@code offset} on that is as late as {@code timestamp}. */
    Optional<TimestampedOffset> firstSince(long timestamp, long offset) throws IOException {
        RecordCursor cursor = new RecordCursor();
        for (Segment segment : segments) {
            if (segment.maxTimestamp() >= timestamp && segment.seekTime(timestamp, offset, cursor)) {
                return Optional.of(new TimestampedOffset(cursor.offset(), cursor.timestamp()));
            }
        }
        return Optional.empty();
    }

    /**
     * Shows the headers of all batches in order, from a position of the segment with this number on. Of what is damaged
     * nothing is shown, and what is behind it is: what can be told is told.
     */
    void forEachBatch(int number, int position, HeaderVisitor visitor) throws IOException {
        for (int i = number; i < segments.length; i++) {
            segments[i].forEachBatch(i == number ? position : 0, visitor);
        }
    }

    private Segment holding(long offset) {
        return segments[numberHolding(offset)];
    }

    /** Number of the segment whose offsets include this one, which must not lie before the list. */
    int numberHolding(long offset) {
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
        return low;
    }
}
