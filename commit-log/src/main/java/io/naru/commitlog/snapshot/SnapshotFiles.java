package io.naru.commitlog.snapshot;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.segment.SegmentFiles;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of one log, named by their offset; the newest few are kept. Each is written aside, forced, renamed, and
 * the folder forced, so that after a crash it is there as a whole or not at all. Thread-safe.
 */
public final class SnapshotFiles {
    private static final String SUFFIX = ".snapshot";
    private static final String ASIDE = SUFFIX + SegmentFolder.ASIDE;
    private static final int KEPT = 3;
    /** More than any snapshot needs; a file that is larger is none. */
    private static final long MAX_BYTES = 256L << 20;

    private final SegmentFolder folder;
    private final ProducerLimits limits;

    /**
     * The snapshots in this folder.
     *
     * @param limits what is taken of those that tell of more producers
     */
    public SnapshotFiles(SegmentFolder folder, ProducerLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /** The offsets there is a snapshot for, falling. */
    public List<Long> offsets() throws IOException {
        return offsetsAmong(folder.disk().list(folder.path()));
    }

    /** Bytes of a snapshot; 0 if there is none. */
    public long sizeInBytes(long offset) throws IOException {
        try {
            return folder.disk().size(folder.path().resolve(SegmentFiles.name(offset, SUFFIX)));
        } catch (NoSuchFileException _) {
            return 0;
        }
    }

    /** What a snapshot says; null if it is damaged, which is reported. */
    public @Nullable LogSnapshot read(long offset) throws IOException {
        String name = SegmentFiles.name(offset, SUFFIX);
        try (DiskFile file = folder.openIfThere(name)) {
            if (file == null) {
                return null;
            }
            if (file.size() > MAX_BYTES) {
                throw new DamagedSnapshotException("it has " + file.size() + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            LogSnapshot snapshot = LogSnapshot.decode(bytes.flip(), limits);
            if (snapshot.offset() != offset) {
                throw new DamagedSnapshotException("it speaks up to offset " + snapshot.offset());
            }
            return snapshot;
        } catch (DamagedSnapshotException e) {
            folder.damages()
                    .report(
                            folder.path().resolve(name),
                            0,
                            e.getMessage() + ". What the snapshot should say is read from the log instead");
            return null;
        }
    }

    /**
     * Writes a snapshot to stay, and deletes the oldest ones once it does.
     *
     * @param forcedEndOffset up to which the log survives a loss of power: the newest that tells of no more is kept, too
     */
    public synchronized void write(EncodedSnapshot snapshot, long forcedEndOffset) throws IOException {
        folder.replace(SegmentFiles.name(snapshot.offset(), SUFFIX), snapshot.bytes());
        folder.force();
        List<Long> offsets = offsets();
        long needed = offsets.stream()
                .filter(offset -> offset <= forcedEndOffset)
                .findFirst()
                .orElse(-1L);
        for (long old : offsets.subList(Math.min(KEPT, offsets.size()), offsets.size())) {
            if (old != needed) {
                folder.delete(SegmentFiles.name(old, SUFFIX));
            }
        }
    }

    /**
     * Deletes, for good, the snapshots that speak of more than the log holds below {@code endOffset}, and what an
     * interrupted {@link #write} left. To be called before the log is shortened: what will be written there is not what
     * they speak of.
     */
    public synchronized void deleteBeyond(long endOffset) throws IOException {
        List<String> names = folder.disk().list(folder.path());
        boolean changed = false;
        for (String name : names) {
            if (SegmentFiles.baseOffset(name, ASIDE).isPresent()) {
                folder.delete(name);
            }
        }
        for (long offset : offsetsAmong(names)) {
            if (offset > endOffset) {
                folder.delete(SegmentFiles.name(offset, SUFFIX));
                changed = true;
            }
        }
        if (changed) {
            folder.force();
        }
    }

    private static List<Long> offsetsAmong(List<String> names) {
        return names.stream()
                .map(name -> SegmentFiles.baseOffset(name, SUFFIX))
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .toList()
                .reversed();
    }
}
