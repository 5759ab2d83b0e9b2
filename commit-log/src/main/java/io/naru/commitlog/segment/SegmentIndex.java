package io.naru.commitlog.segment;

import java.io.Closeable;
import java.io.IOException;

/**
 * Where in a segment to begin looking. Answers are positions of batches at or before the wanted one, 0 if nothing
 * better is known; how far before, the index interval says. Safe for any number of threads.
 */
sealed interface SegmentIndex extends Closeable permits SparseIndex, ResumedIndex, StoredIndex, IndexFiles {
    /** Position of an indexed batch that begins at or before {@code relativeOffset}. */
    int positionBefore(long relativeOffset) throws IOException;

    /** The last indexed position at or before {@code position}. */
    int floorPosition(long position) throws IOException;

    /** A position before which no record is as late as {@code timestamp}. */
    int positionBeforeTime(long timestamp) throws IOException;

    @Override
    default void close() throws IOException {}
}
