package io.naru.broker.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The arithmetic of one led partition: which appends wait, how far the log is on disk, and so where the high
 * watermark stands. Pure: no I/O, no clock, no threads; confined to the partition's loop. Nothing of it survives a
 * crash, and nothing has to: after a restart everything recovery kept is on disk.
 *
 * <p>Invariants: {@code highWatermark <= logEnd}, the high watermark never moves back, and an append waiting for
 * {@link Acks#ALL} is released exactly when its last record lies below it.
 */
final class PartitionState {
    /** An append that waits for the high watermark to pass it. */
    record Waiting(Appended appended, Completion completion) {
        /** What to do when the append is acknowledged, or can no longer be. */
        interface Completion {
            void succeed(Appended appended);

            void fail(Throwable cause);
        }
    }

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean forcedMode;
    private long logEnd;
    private long forcedEnd;
    private long highWatermark;
    private long unforcedRecords;

    /** The state of a log just opened: recovery has forced all it kept. */
    PartitionState(long logEnd, boolean forcedMode) {
        this.logEnd = logEnd;
        this.forcedEnd = logEnd;
        this.highWatermark = logEnd;
        this.forcedMode = forcedMode;
    }

    long highWatermark() {
        return highWatermark;
    }

    /** Records appended since the last force that covered them. */
    long unforcedRecords() {
        return unforcedRecords;
    }

    boolean hasUnforced() {
        return forcedEnd < logEnd;
    }

    /** Notes an append; {@code highWatermark} may advance at once where topics do not wait for the disk. */
    List<Waiting> appended(Appended appended) {
        unforcedRecords += appended.lastOffset() - appended.baseOffset() + 1;
        logEnd = appended.lastOffset() + 1;
        return advance();
    }

    /** Keeps an append that is to be told of its acknowledgement; a repeated one stands with its original. */
    void await(Waiting append) {
        var later = new ArrayDeque<Waiting>();
        Waiting last = waiting.peekLast();
        while (last != null && last.appended().lastOffset() > append.appended().lastOffset()) {
            later.addFirst(waiting.removeLast());
            last = waiting.peekLast();
        }
        waiting.add(append);
        waiting.addAll(later);
    }

    /** Everything below {@code end} is on disk; returns the appends this acknowledges, in order. */
    List<Waiting> forced(long end) {
        if (end > forcedEnd) {
            forcedEnd = end;
            unforcedRecords = Math.min(unforcedRecords, logEnd - forcedEnd);
        }
        return advance();
    }

    /** Switches between waiting for the disk and not. What readers have seen they go on seeing. */
    List<Waiting> forcedMode(boolean forced) {
        forcedMode = forced;
        return advance();
    }

    /** Takes out all that wait, to be failed by the caller. */
    List<Waiting> abandon() {
        var all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    private List<Waiting> advance() {
        highWatermark = Math.max(highWatermark, forcedMode ? forcedEnd : logEnd);
        Waiting first = waiting.peek();
        if (first == null || first.appended().lastOffset() >= highWatermark) {
            return List.of();
        }
        var released = new ArrayList<Waiting>();
        while (first != null && first.appended().lastOffset() < highWatermark) {
            released.add(first);
            waiting.remove();
            first = waiting.peek();
        }
        return released;
    }
}
