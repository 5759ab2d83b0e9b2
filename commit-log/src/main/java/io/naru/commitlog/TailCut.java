package io.naru.commitlog;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.segment.SegmentFiles;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes everything from one position of a log on out of it and keeps it in {@code .cut} files. A crash at any step
 * leaves a log that will be found in want of the same cut: later segments go first, from the last back, and the segment
 * itself is shortened only once its bytes are kept and nothing vouches for them any more.
 *
 * @param baseOffset of the segment that will be the last
 * @param position where its sound batches end
 * @param laterSegments base offsets of those behind it, rising
 */
record TailCut(SegmentFolder folder, long baseOffset, long position, List<Long> laterSegments) {
    private static final int COPY_BYTES = 256 * 1024;

    /**
     * Takes the bytes out.
     *
     * @param mustKeep whether to fail rather than lose the bytes of this segment when there is no room to keep them
     */
    Outcome perform(boolean mustKeep) throws IOException {
        List<Path> kept = new ArrayList<>();
        long bytes = 0;
        for (long later : laterSegments.reversed()) {
            bytes += putAside(later, kept);
        }
        folder.force();
        try (DiskFile file = folder.openLog(baseOffset)) {
            long length = file.size();
            if (length > position) {
                keep(file, length, mustKeep, kept);
                bytes += length - position;
            }
            // A seal that vouched for other bytes must be gone before any new ones can come to the same length.
            folder.deleteIndexes(baseOffset);
            folder.force();
            file.truncate(position);
            forceShortened(file);
        }
        return new Outcome(bytes, kept);
    }

    /**
     * What was taken out.
     *
     * @param files where it is kept
     */
    record Outcome(long bytes, List<Path> files) {}

    private void forceShortened(DiskFile file) throws IOException {
        try {
            file.force();
        } catch (IOException e) {
            FenceMark.leave(folder, baseOffset, "a force failed after a cut", e);
            throw e;
        }
    }

    private long putAside(long later, List<Path> kept) throws IOException {
        folder.deleteIndexes(later);
        Path file = folder.path().resolve(SegmentFiles.name(later, SegmentFiles.LOG));
        if (folder.disk().kind(file) == Disk.Kind.MISSING) {
            // An earlier try got this far.
            return 0;
        }
        long length;
        try (DiskFile opened = folder.disk().open(file)) {
            length = opened.size();
        }
        if (length == 0) {
            folder.disk().delete(file);
        } else {
            Path aside = freeName(later, 0);
            folder.disk().rename(file, aside);
            kept.add(aside);
        }
        return length;
    }

    private void keep(DiskFile file, long length, boolean mustKeep, List<Path> kept) throws IOException {
        try {
            kept.add(copyAside(file, length));
        } catch (DiskFullException e) {
            if (mustKeep) {
                throw e;
            }
        }
    }

    private Path copyAside(DiskFile from, long length) throws IOException {
        Path aside = freeName(baseOffset, position);
        try (DiskFile to = folder.disk().create(aside)) {
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(COPY_BYTES, length - position));
            for (long at = position; at < length; at += chunk.limit()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), length - at));
                from.read(chunk, at);
                to.write(chunk.flip(), at - position);
            }
            to.force();
        } catch (DiskFullException e) {
            folder.disk().delete(aside);
            throw e;
        }
        return aside;
    }

    private Path freeName(long base, long at) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path path = folder.path().resolve(SegmentFiles.cutName(base, at, attempt));
            if (folder.disk().kind(path) == Disk.Kind.MISSING) {
                return path;
            }
        }
    }
}
