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

    /**
     * The last segment, to append to, without reading what is known to have been forced: up to its seal or the noted
     * point, whichever is further. {@link Segment#scan} admits the rest. Where bytes that had been forced are missing,
     * nothing is taken for known.
     */
    public Segment openLast(long baseOffset, @Nullable RecoveryPoint noted, int indexIntervalBytes) throws IOException {
        IndexHeader seal = IndexFile.header(folder, Kind.OFFSETS, baseOffset);
        long sealed = seal == null ? 0 : seal.logBytes();
        long forced = noted == null ? 0 : noted.position();
        if (Math.max(sealed, forced) > folder.logBytes(baseOffset)) {
            return Segment.unscanned(folder, baseOffset, indexIntervalBytes);
        }
        if (noted != null && forced > sealed) {
            return Segment.resumed(folder, noted, indexIntervalBytes);
        }
        return seal == null ? Segment.unscanned(folder, baseOffset, indexIntervalBytes) : Segment.resumed(folder, seal);
    }

    private @Nullable IndexHeader fitting(long baseOffset) throws IOException {
        IndexHeader seal = IndexFile.header(folder, Kind.OFFSETS, baseOffset);
        return seal != null && seal.logBytes() == folder.logBytes(baseOffset) ? seal : null;
    }
}
