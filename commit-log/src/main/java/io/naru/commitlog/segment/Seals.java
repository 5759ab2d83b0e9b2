package io.naru.commitlog.segment;

import io.naru.commitlog.segment.IndexHeader.Kind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the seals in a folder prove about its segments: see {@link IndexHeader}. */
public final class Seals {
    private final SegmentFolder folder;

    /** Reads the seals in this folder, each when asked. */
    public Seals(SegmentFolder folder) {
        this.folder = folder;
    }

    /** Bytes of a segment that are known to have been forced; 0 if nothing is known. */
    public long forcedBytes(long baseOffset) throws IOException {
        IndexHeader seal = IndexFile.header(folder, Kind.OFFSETS, baseOffset);
        return seal == null ? 0 : seal.logBytes();
    }

    /** A segment that was forced as it is and ends where the next begins, without reading it; null if not proven. */
    public @Nullable Segment openFinished(long baseOffset, long nextBaseOffset) throws IOException {
        IndexHeader seal = fitting(baseOffset);
        return seal == null || seal.nextOffset() != nextBaseOffset ? null : Segment.sealed(folder, seal);
    }

    /** A segment that was forced as it is, to append to, without reading it; null if not proven. */
    public @Nullable Segment openLast(long baseOffset) throws IOException {
        IndexHeader seal = fitting(baseOffset);
        return seal == null ? null : Segment.reopened(folder, seal);
    }

    private @Nullable IndexHeader fitting(long baseOffset) throws IOException {
        IndexHeader seal = IndexFile.header(folder, Kind.OFFSETS, baseOffset);
        return seal != null && seal.logBytes() == folder.logBytes(baseOffset) ? seal : null;
    }
}
