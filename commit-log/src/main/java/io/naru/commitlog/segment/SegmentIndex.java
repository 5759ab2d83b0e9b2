package io.naru.commitlog.segment;

import java.io.Closeable;
import java.io.IOException;

/**
 * Where in a segment to begin looking. Answers are batches at or before the wanted one, {@link IndexEntry#START} if nothing
 * better is known; how far before, the index interval says. Safe for any number of threads.
 */
sealed interface SegmentIndex extends Closeable permits SparseIndex, ResumedIndex, StoredIndex, IndexFiles {
    /** An indexed batch that begins at or before {@code relativeOffset}. */
    IndexEntry before(long relativeOffset) throws IOException;

    /** The last indexed batch at or before {@code position}. */
    IndexEntry floor(long position) throws IOException;

    /** A batch before which no record is as late as {@code timestamp}. */
    IndexEntry beforeTime(long timestamp) throws IOException;

    /**
     * To be called where an answer has led astray: looks at every byte on the disk once more, and builds what is damaged
     * anew from the batches.
     *
     * @return whether anything was; then answers are others now
     */
    default boolean recheck() throws IOException {
        return false;
    }

    @Override
    default void close() throws IOException {}
}
