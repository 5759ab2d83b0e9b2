package io.naru.commitlog.compaction;

import io.naru.commitlog.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/** Which segments are written anew together, as one: neighbours that are small enough for it. Pure. */
public final class SegmentGroups {
    private SegmentGroups() {}

    /**
     * All segments in their order, in groups of one or more.
     *
     * @param endOffset where the last of them ends
     * @param segmentBytes what a group may have now, if it has more than one segment
     */
    public static List<List<Segment>> of(List<Segment> segments, long endOffset, long segmentBytes) {
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment next = segments.get(i);
            long end = i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : endOffset;
            boolean fits = group.isEmpty()
                    || (bytes + next.size() <= segmentBytes
                            && end - 1 - group.getFirst().baseOffset() <= Integer.MAX_VALUE);
            if (!fits) {
                groups.add(List.copyOf(group));
                group.clear();
                bytes = 0;
            }
            group.add(next);
            bytes += next.size();
        }
        if (!group.isEmpty()) {
            groups.add(List.copyOf(group));
        }
        return groups;
    }
}
