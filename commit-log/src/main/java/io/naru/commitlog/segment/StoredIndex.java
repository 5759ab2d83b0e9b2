package io.naru.commitlog.segment;

import io.naru.commitlog.disk.DiskFile;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The index of a finished segment, or of the forced beginning of another, opened and checked when first asked. Where its
 * files are missing, damaged or speak of another state of the segment, it is built again from the batches, which takes
 * as long as reading those that no sound index covers.
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
    public IndexEntry before(long relativeOffset) throws IOException {
        return opened().before(relativeOffset);
    }

    @Override
    public IndexEntry floor(long position) throws IOException {
        return opened().floor(position);
    }

    @Override
    public IndexEntry beforeTime(long timestamp) throws IOException {
        return opened().beforeTime(timestamp);
    }

    /** {@inheritDoc} The files that were open until then are left to whoever searches them, and to the pool to close. */
    @Override
    public boolean recheck() throws IOException {
        opening.lock();
        try {
            if (closed || !(opened instanceof IndexFiles before)) {
                return false;
            }
            try (IndexFiles now = IndexFiles.open(folder, expected.baseOffset())) {
                if (now != null && now.header().logBytes() >= before.header().logBytes()) {
                    return false;
                }
            }
            opened = openOrRebuild();
            return true;
        } finally {
            opening.unlock();
        }
    }

    /** Whether it has been opened, or built. */
    boolean isOpened() {
        return opened != null;
    }

    /** All entries, in memory that is the caller's. */
    SparseIndex load() throws IOException {
        return switch (opened()) {
            case IndexFiles files -> files.load();
            case SparseIndex inMemory -> {
                SparseIndex copy = new SparseIndex();
                copy.addAll(inMemory, 0, Long.MAX_VALUE);
                yield copy;
            }
            case ResumedIndex _, StoredIndex _ -> throw new IllegalStateException("An index within an index");
        };
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
        IndexFiles files = IndexFiles.open(folder, expected.baseOffset());
        if (files != null && files.covers(expected)) {
            return files;
        }
        SparseIndex rebuilt = rebuild(files);
        try {
            IndexFiles.write(folder, expected, rebuilt);
            folder.force();
            files = IndexFiles.open(folder, expected.baseOffset());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The index could not be written and is kept in memory", e);
            return rebuilt;
        }
        return files != null && files.covers(expected) ? files : rebuilt;
    }

    /** Builds the index from the batches, from where on an index for less of the segment ends, which is closed. */
    private SparseIndex rebuild(@Nullable IndexFiles known) throws IOException {
        try (known;
                DiskFile file = folder.openLog(expected.baseOffset())) {
            IndexHeader covered =
                    known != null && known.header().logBytes() < expected.logBytes() ? known.header() : null;
            LOG.log(
                    System.Logger.Level.INFO,
                    "Reading {0} from position {1} on: its index is missing, damaged or does not reach as far",
                    file,
                    Long.toString(covered == null ? 0 : covered.logBytes()));
            return new IndexBuild(folder, file, expected)
                    .from(covered, covered == null || known == null ? new SparseIndex() : known.load());
        }
    }
}
