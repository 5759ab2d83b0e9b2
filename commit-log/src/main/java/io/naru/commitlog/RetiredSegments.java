package io.naru.commitlog;

import io.naru.commitlog.segment.Segment;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/**
 * Segments that a log has parted with. Their files stay a while for readers that hold a slice of them, and are in
 * nobody's way: what says that they are no part of the log is on the disk before they come here, and a crash leaves
 * their removal to the next opening. Thread-safe.
 */
final class RetiredSegments {
    private static final System.Logger LOG = System.getLogger(RetiredSegments.class.getName());

    private final ArrayDeque<Retired> waiting = new ArrayDeque<>();

    /** A segment, and when it was parted with. */
    private record Retired(Segment segment, long sinceMillis) {}

    /** Takes segments that nobody finds any more but whoever holds them already. */
    synchronized void add(List<Segment> segments, long nowMillis) {
        for (Segment segment : segments) {
            segment.retire();
            waiting.add(new Retired(segment, nowMillis));
        }
    }

    /**
     * Closes and deletes those that have been here for {@code delayMillis}, unless somebody is reading them right now. A
     * file that cannot be deleted is tried again the next time.
     *
     * @return how many are left
     */
    synchronized int purge(long nowMillis, long delayMillis) {
        for (Iterator<Retired> each = waiting.iterator(); each.hasNext(); ) {
            Retired retired = each.next();
            if (nowMillis - retired.sinceMillis() >= delayMillis
                    && !retired.segment().isInUse()) {
                try {
                    retired.segment().deleteFiles();
                    each.remove();
                } catch (IOException e) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "The files of segment " + retired.segment().file() + ", which is no part of its log any"
                                    + " more, could not be deleted; they will be later",
                            e);
                }
            }
        }
        return waiting.size();
    }

    /** Deletes all that are here at once, whoever reads them; answers whether there were any. */
    synchronized boolean purgeAll() throws IOException {
        boolean any = !waiting.isEmpty();
        while (!waiting.isEmpty()) {
            waiting.peek().segment().deleteFiles();
            waiting.remove();
        }
        return any;
    }

    /** Closes all files and leaves them to the next opening. */
    synchronized void close() throws IOException {
        for (Retired retired : waiting) {
            retired.segment().close();
        }
        waiting.clear();
    }
}
