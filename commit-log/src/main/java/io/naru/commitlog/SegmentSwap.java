package io.naru.commitlog;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.segment.OffsetRange;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFiles;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Lets a segment that a compaction has written take the place of those it was written from, so that a crash at any step
 * leaves the old ones or the new one:
 *
 * <ol>
 *   <li>{@code BASE-END.cleaned} has been written and forced. A crash now: it is deleted.
 *   <li>It is renamed to {@code BASE-END.swap}, and the folder forced. From here on what follows is done, by {@link
 *       #settle} if need be.
 *   <li>The indexes of the old segments go, which vouch for other bytes, and their batches are renamed to {@code .deleted},
 *       for those who are reading them; the folder is forced.
 *   <li>The new segment gets its name, and the folder is forced.
 * </ol>
 */
final class SegmentSwap {
    private static final System.Logger LOG = System.getLogger(SegmentSwap.class.getName());
    /** For reading through what a crash has left; no index is built then. */
    private static final int ANY_INDEX_INTERVAL_BYTES = 4096;

    private final SegmentFolder folder;
    private final List<Segment> old;
    private final Segment fresh;
    private final OffsetRange range;

    SegmentSwap(SegmentFolder folder, List<Segment> old, Segment fresh) {
        this.folder = folder;
        this.old = old;
        this.fresh = fresh;
        this.range = new OffsetRange(fresh.baseOffset(), fresh.nextOffset());
    }

    /** Makes the new segment the one that counts, whatever crashes after this has returned. */
    void commit() throws IOException {
        fresh.putAside(range.name(SegmentFiles.SWAP));
        folder.force();
    }

    /** Gives the files their names; nobody looks for anything in the old segments any more, nor writes their indexes. */
    void complete() throws IOException {
        for (Segment segment : old) {
            segment.closeIndex();
            folder.deleteIndexes(segment.baseOffset());
        }
        for (Segment segment : old) {
            segment.putAside(freeName(segment.baseOffset()));
        }
        folder.force();
        fresh.putInPlace();
        folder.force();
    }

    /**
     * Does for a log that is being opened what a crash kept from being done.
     *
     * @return why that is not possible; null if it was, or if there was nothing to do
     */
    static @Nullable String settle(SegmentFolder folder) throws IOException {
        List<String> names = folder.disk().list(folder.path());
        for (String name : names) {
            OffsetRange range = OffsetRange.in(name, SegmentFiles.SWAP).orElse(null);
            if (range != null) {
                String flaw = flaw(folder, name, range);
                if (flaw != null) {
                    return "The segment " + folder.path().resolve(name) + ", which a compaction has written to take the"
                            + " place of those from offset " + range.base() + " to " + range.end() + ", is damaged: "
                            + flaw;
                }
                finish(folder, names, name, range);
            }
        }
        for (String name : names) {
            if (OffsetRange.in(name, SegmentFiles.CLEANED).isPresent() || SegmentFiles.isDeleted(name)) {
                folder.delete(name);
            }
        }
        return null;
    }

    /** Keeps what {@link #settle} could not make use of out of its sight, for an operator has accepted to do without. */
    static void putDamagedAside(SegmentFolder folder) throws IOException {
        for (String name : folder.disk().list(folder.path())) {
            OffsetRange range = OffsetRange.in(name, SegmentFiles.SWAP).orElse(null);
            if (range != null) {
                folder.disk()
                        .rename(
                                folder.path().resolve(name),
                                folder.path().resolve(range.name(SegmentFiles.SWAP + SegmentFiles.CUT)));
                folder.force();
            }
        }
    }

    private static @Nullable String flaw(SegmentFolder folder, String name, OffsetRange range) throws IOException {
        try (Segment segment = Segment.aside(folder, range.base(), name, ANY_INDEX_INTERVAL_BYTES)) {
            String flaw = segment.scan(segment.file().size(), new LongAdder(), range.end());
            if (flaw == null && segment.nextOffset() != range.end()) {
                flaw = "it ends at offset " + segment.nextOffset();
            }
            return flaw;
        }
    }

    private static void finish(SegmentFolder folder, List<String> names, String swap, OffsetRange range)
            throws IOException {
        List<String> outdated = new ArrayList<>();
        for (String suffix : List.of(SegmentFiles.INDEX, SegmentFiles.TIME_INDEX, SegmentFiles.LOG)) {
            for (String name : names) {
                if (SegmentFiles.baseOffset(name, suffix).stream().anyMatch(range::holds)) {
                    outdated.add(name);
                }
            }
        }
        for (String name : outdated) {
            folder.delete(name);
        }
        folder.force();
        folder.disk()
                .rename(
                        folder.path().resolve(swap),
                        folder.path().resolve(SegmentFiles.name(range.base(), SegmentFiles.LOG)));
        folder.force();
        LOG.log(
                System.Logger.Level.INFO,
                "Finished what a crash interrupted: the offsets from {0} to {1} in {2} are compacted",
                Long.toString(range.base()),
                Long.toString(range.end()),
                folder.path());
    }

    private String freeName(long baseOffset) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String name = SegmentFiles.deletedName(baseOffset, attempt);
            if (folder.disk().kind(folder.path().resolve(name)) == Disk.Kind.MISSING) {
                return name;
            }
        }
    }
}
