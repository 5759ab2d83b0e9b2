package io.naru.broker.api.v1.produce;

import io.naru.broker.api.web.RequestBodies;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;

/**
 * Cuts a stream of chunks into groups of whole lines, and numbers them from 1. A line that is too long is passed over
 * and told by its number. Used by one thread at a time; what it gives out lies in its own memory, until the next call.
 */
final class LineSplitter {
    private static final int FIRST_CAPACITY = 16 << 10;

    /** Memory that stays with an idle stream at most; a longer line gives the rest back once it is dealt with. */
    private static final int KEPT_CAPACITY = 128 << 10;

    private final int maxLineBytes;
    private final RequestBodies.Share share;
    private byte[] bytes = new byte[0];
    private int size;
    private int from;

    /** Up to here no byte from {@link #from} on is a line break: a line in many chunks is searched once. */
    private int searched;

    private long line = 1;
    private boolean skipping;

    /** Lines that have come. */
    sealed interface Piece {
        /** Whole lines, one or many, in {@link #bytes}; the last perhaps without its line break. */
        record Lines(int from, int to, long firstLine) implements Piece {}

        /** A line that is longer than allowed. */
        record TooLong(long line) implements Piece {}
    }

    /**
     * A splitter at the first line.
     *
     * @param share the account that the memory for unfinished lines is taken from
     */
    LineSplitter(int maxLineBytes, RequestBodies.Share share) {
        this.maxLineBytes = maxLineBytes;
        this.share = share;
    }

    /** The memory that lines lie in. */
    byte[] bytes() {
        return bytes;
    }

    /** The number of the line that comes next. */
    long nextLine() {
        return line;
    }

    /**
     * Takes a chunk in; to be followed by calls of {@link #next} until it answers null.
     *
     * @throws io.naru.cluster.NaruException {@code OVERLOADED} if there is no memory to be had for the line
     */
    void add(DataBuffer chunk) {
        int length = chunk.readableByteCount();
        compact();
        shrinkFor(length);
        makeRoom(length);
        chunk.read(bytes, size, length);
        size += length;
    }

    /** What can be said of the chunks so far, or null if that takes more of them. */
    @Nullable
    Piece next() {
        if (skipping) {
            int end = indexOfBreak(from);
            if (end < 0) {
                moveTo(size);
                return null;
            }
            moveTo(end + 1);
            skipping = false;
            return new Piece.TooLong(line++);
        }
        int lastBreak = lastIndexOfBreak();
        if (lastBreak < 0) {
            searched = size;
            if (size - from > maxLineBytes) {
                skipping = true;
                moveTo(size);
            }
            return null;
        }
        int end = lastBreak - from > maxLineBytes ? endOfGoodLines(lastBreak) : lastBreak + 1;
        if (end == from) {
            moveTo(indexOfBreak(from) + 1);
            return new Piece.TooLong(line++);
        }
        var lines = new Piece.Lines(from, end, line);
        line += count(from, end);
        moveTo(end);
        return lines;
    }

    private void moveTo(int next) {
        from = next;
        searched = next;
    }

    /** Where the lines end that come before the first that is too long. */
    private int endOfGoodLines(int lastBreak) {
        int begin = from;
        while (begin <= lastBreak) {
            int end = indexOfBreak(begin);
            if (end - begin > maxLineBytes) {
                return begin;
            }
            begin = end + 1;
        }
        return begin;
    }

    /** The last line, if the stream ended without a line break; to be called once, at the end. */
    @Nullable
    Piece end() {
        if (skipping) {
            return new Piece.TooLong(line++);
        }
        return from == size ? null : new Piece.Lines(from, size, line++);
    }

    private void compact() {
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, size - from);
            size -= from;
            searched -= from;
            from = 0;
        }
    }

    private void shrinkFor(int more) {
        if (bytes.length > KEPT_CAPACITY && size + more <= KEPT_CAPACITY) {
            share.giveBack(bytes.length - KEPT_CAPACITY);
            bytes = Arrays.copyOf(bytes, KEPT_CAPACITY);
        }
    }

    private void makeRoom(int more) {
        if (size + more > bytes.length) {
            int capacity = Math.max(size + more, Math.max(FIRST_CAPACITY, 2 * bytes.length));
            share.take(capacity - bytes.length);
            bytes = Arrays.copyOf(bytes, capacity);
        }
    }

    private int indexOfBreak(int start) {
        for (int i = start; i < size; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private int lastIndexOfBreak() {
        for (int i = size - 1; i >= searched; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private int count(int start, int end) {
        int breaks = 0;
        for (int i = start; i < end; i++) {
            breaks += bytes[i] == '\n' ? 1 : 0;
        }
        return breaks;
    }
}
