package io.naru.commitlog.segment;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The index of a finished segment, opened and checked when first asked. Where its files are missing, damaged or speak of
 * another state of the segment, it is built again from the batches, which takes as long as reading the segment.
 */
final class StoredIndex implements SegmentIndex {
    private static final System.Logger LOG = System.getLogger(StoredIndex.class.getName());

    private final SegmentFolder folder;
    private final IndexHeader expected;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable SegmentIndex opened;
    private boolean closed;

    StoredIndex(SegmentFolder folder, IndexHeader expected) {
        this.folder = folder;
        this.expected = expected;
    }

    @Override
    public int positionBefore(long relativeOffset) throws IOException {
        return opened().positionBefore(relativeOffset);
    }

    @Override
    public int floorPosition(long position) throws IOException {
        return opened().floorPosition(position);
    }

    @Override
    public int positionBeforeTime(long timestamp) throws IOException {
        return opened().positionBeforeTime(timestamp);
    }

    @Override
    public void close() throws IOException {
        opening.lock();
        try {
            closed = true;
            SegmentIndex index = opened;
            if (index != null) {
                index.close();
            }
        } finally {
            opening.unlock();
        }
    }

    private SegmentIndex opened() throws IOException {
        SegmentIndex index = opened;
        if (index != null) {
            return index;
        }
        opening.lock();
        try {
            index = opened;
            if (index == null) {
                if (closed) {
                    throw new ClosedChannelException();
                }
                index = openOrRebuild();
                opened = index;
            }
            return index;
        } finally {
            opening.unlock();
        }
    }

    private SegmentIndex openOrRebuild() throws IOException {
        SegmentIndex files = IndexFiles.open(folder, expected.baseOffset(), expected.logBytes());
        if (files != null) {
            return files;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "An index of segment {0} in {1} is missing or damaged; building it again",
                Long.toString(expected.baseOffset()),
                folder.path());
        SparseIndex rebuilt = rebuild();
        try {
            IndexFiles.write(folder, expected, rebuilt);
            folder.force();
            files = IndexFiles.open(folder, expected.baseOffset(), expected.logBytes());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The index could not be written and is kept in memory", e);
        }
        return files == null ? rebuilt : files;
    }

    private SparseIndex rebuild() throws IOException {
        try (Segment segment = Segment.unscanned(folder, expected.baseOffset(), expected.indexIntervalBytes())) {
            segment.scan();
            return segment.growingIndex();
        }
    }
}
