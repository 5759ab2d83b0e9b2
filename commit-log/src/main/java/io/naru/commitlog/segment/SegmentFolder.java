package io.naru.commitlog.segment;

import io.naru.commitlog.damage.DamageReports;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds one log's files. Thread-safe.
 *
 * @param damages where damage to them is told of
 */
public record SegmentFolder(Disk disk, Path path, DamageReports damages) {
    /** What the name of a file ends in that is not finished yet. */
    public static final String ASIDE = ".new";

    /** A file whose being there says that what the directory has noted of this log's recovery point is void. */
    private static final String POINT_VOID = "no-recovery-point";

    /** A folder whose damage nobody else is told of. */
    public SegmentFolder(Disk disk, Path path) {
        this(disk, path, new DamageReports());
    }

    /** Base offsets of the segments there are, rising. */
    public List<Long> baseOffsets() throws IOException {
        return baseOffsets(disk.list(path)).toList();
    }

    /** Base offsets among these file names, in their order. */
    public static Stream<Long> baseOffsets(List<String> names) {
        return names.stream()
                .map(name -> SegmentFiles.baseOffset(name, SegmentFiles.LOG))
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong);
    }

    /** Opens a file; null if it is missing. */
    public @Nullable DiskFile openIfThere(String name) throws IOException {
        Path file = path.resolve(name);
        return disk.kind(file) == Disk.Kind.FILE ? disk.open(file) : null;
    }

    /** Opens the bytes of a segment, which must be there. */
    public DiskFile openLog(long baseOffset) throws IOException {
        return disk.open(path.resolve(SegmentFiles.name(baseOffset, SegmentFiles.LOG)));
    }

    /** Bytes in the file of a segment. */
    public long logBytes(long baseOffset) throws IOException {
        return disk.size(path.resolve(SegmentFiles.name(baseOffset, SegmentFiles.LOG)));
    }

    /** Makes the file for a new segment; one that is there is what a failed attempt left, and is emptied. */
    public DiskFile createLog(long baseOffset) throws IOException {
        Path file = path.resolve(SegmentFiles.name(baseOffset, SegmentFiles.LOG));
        if (disk.kind(file) == Disk.Kind.MISSING) {
            return disk.create(file);
        }
        DiskFile left = disk.open(file);
        left.truncate(0);
        return left;
    }

    /** Replaces a file's content and forces it; after a crash meanwhile it may hold anything. */
    public void writeAnew(String name, ByteBuffer content) throws IOException {
        delete(name);
        try (DiskFile file = disk.create(path.resolve(name))) {
            file.write(content, 0);
            file.force();
        }
    }

    /**
     * Replaces a file in one step: its content is written aside, forced and renamed, so that after a crash meanwhile it
     * holds the old one or the new one. The folder's entry is the caller's to force.
     */
    public void replace(String name, ByteBuffer content) throws IOException {
        String aside = name + ASIDE;
        writeAnew(aside, content);
        disk.rename(path.resolve(aside), path.resolve(name));
        damages.mended(path.resolve(name));
    }

    /** Deletes a file; does nothing where there is none. */
    public void delete(String name) throws IOException {
        disk.delete(path.resolve(name));
        damages.forget(path.resolve(name));
    }

    /** Deletes the indexes of a segment, so that none vouches for bytes that are about to change. */
    public void deleteIndexes(long baseOffset) throws IOException {
        delete(SegmentFiles.name(baseOffset, SegmentFiles.INDEX));
        delete(SegmentFiles.name(baseOffset, SegmentFiles.TIME_INDEX));
    }

    /**
     * Takes back what may have been noted of how far this log had been forced, for good once this returns: to be called
     * before bytes are cut off that had been.
     */
    public void voidPoint() throws IOException {
        if (!isPointVoid()) {
            disk.create(path.resolve(POINT_VOID)).close();
        }
        force();
    }

    /** Whether what was noted of how far this log had been forced must not be believed. */
    public boolean isPointVoid() throws IOException {
        return disk.kind(path.resolve(POINT_VOID)) != Disk.Kind.MISSING;
    }

    /** Lets what is noted of this log count again; should a crash undo this, more is read than need be. */
    public void acceptPoint() throws IOException {
        delete(POINT_VOID);
    }

    /** Deletes indexes of segments that lie before {@code firstOffset} and are gone. */
    public void deleteIndexesBefore(long firstOffset) throws IOException {
        for (String name : disk.list(path)) {
            for (String suffix : List.of(SegmentFiles.INDEX, SegmentFiles.TIME_INDEX)) {
                OptionalLong base = SegmentFiles.baseOffset(name, suffix);
                if (base.isPresent() && base.getAsLong() < firstOffset) {
                    delete(name);
                }
            }
        }
    }

    /** Brings the folder's entries to the disk. */
    public void force() throws IOException {
        disk.forceDirectory(path);
    }
}
