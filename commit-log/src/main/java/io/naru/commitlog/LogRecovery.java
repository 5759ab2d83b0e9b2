package io.naru.commitlog;

import io.naru.commitlog.disk.TooManyOpenFilesException;
import io.naru.commitlog.segment.RecoveryPoint;
import io.naru.commitlog.segment.Seals;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFiles;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what of a log is good when it is opened. Segments whose seal fits are trusted, and so is the last up to where
 * it is known to have been forced; the rest is read through and forced. At the first unsound batch the log ends:
 *
 * <ul>
 *   <li>if what lies there had been forced, it is corruption, and an operator decides;
 *   <li>if the host has restarted meanwhile, unforced writes reached the disk in any order: the rest is cut off;
 *   <li>if sound batches follow, acknowledged ones may be among them, and an operator decides;
 *   <li>else it is a write that a crash interrupted: cut off.
 * </ul>
 */
final class LogRecovery {
    private static final System.Logger LOG = System.getLogger(LogRecovery.class.getName());
    private static final String ADVICE =
            ". Restore the files from a replica or a backup, or accept the damage: then the"
                    + " log goes on from there, and the rest is kept aside in .cut files";

    private final SegmentFolder folder;
    private final boolean cleanEnd;
    private final boolean hostRestarted;
    private final int indexIntervalBytes;
    private final @Nullable RecoveryPoint noted;
    private final LongAdder scanned;
    private final Seals seals;
    private final List<Segment> segments = new ArrayList<>();
    private CompactionNote compacted = CompactionNote.NONE;
    /** The only one of which a noted point tells what it holds now: all before may have been made anew since. */
    private long lastBase = -1;

    private @Nullable String fence;
    private long scannedHere;
    private long start;

    /**
     * Prepares; {@link #run} does it.
     *
     * @param cleanEnd whether the directory was closed in order, and nobody tried to open the log since
     * @param hostRestarted whether the page cache was lost since bytes were last written
     * @param noted how far the log had been forced, as the directory has noted it; null if it has not
     * @param scanned is told of the bytes that are read, as they are found sound
     */
    LogRecovery(
            SegmentFolder folder,
            boolean cleanEnd,
            boolean hostRestarted,
            @Nullable RecoveryPoint noted,
            int indexIntervalBytes,
            LongAdder scanned)
            throws IOException {
        this.folder = folder;
        this.cleanEnd = cleanEnd;
        this.hostRestarted = hostRestarted;
        this.noted = noted != null && !folder.isPointVoid() ? noted : null;
        this.indexIntervalBytes = indexIntervalBytes;
        this.scanned = scanned;
        this.seals = new Seals(folder);
    }

    /**
     * What a log consists of.
     *
     * @param segments at least one
     * @param startOffset where it starts, unless its first segment begins later
     * @param damage why an operator has to decide, empty if nobody has to
     * @param pendingCut what accepting the damage takes out, null if nothing
     */
    record Recovered(
            List<Segment> segments,
            long startOffset,
            RecoveryReport report,
            String damage,
            @Nullable TailCut pendingCut) {}

    Recovered run() throws IOException {
        try {
            fence = FenceMark.read(folder);
            compacted = CompactionNote.read(folder);
            String unfinished = SegmentSwap.settle(folder);
            Recovered recovered;
            try {
                start = LogStart.read(folder);
                recovered = recover(withoutDeleted(folder.baseOffsets()));
            } catch (Checkpoint.DamagedException e) {
                recovered = withDamage(recover(folder.baseOffsets()), startUnknown(e));
            }
            if (unfinished != null) {
                recovered = withDamage(recovered, unfinished + ADVICE);
            }
            return fence == null ? recovered : withDamage(recovered, diskFailed(fence));
        } catch (IOException | RuntimeException e) {
            for (Segment segment : segments) {
                segment.close();
            }
            throw e;
        }
    }

    /** How much {@link #run} will read, as far as can be told without reading it. */
    long bytesToScan() throws IOException {
        List<Long> bases = folder.baseOffsets();
        lastBase = bases.isEmpty() ? -1 : bases.getLast();
        long bytes = 0;
        for (int i = 0; i < bases.size(); i++) {
            long length = folder.logBytes(bases.get(i));
            long known = forcedBytes(bases.get(i));
            bytes += known > length ? length : length - known;
        }
        return bytes;
    }

    /** Deletes the segments that lie below the start, which a crash or the end of the process left; answers the rest. */
    private List<Long> withoutDeleted(List<Long> bases) throws IOException {
        if (start == 0) {
            return bases;
        }
        int gone = 0;
        while (gone + 1 < bases.size() && bases.get(gone + 1) <= start) {
            folder.delete(SegmentFiles.name(bases.get(gone), SegmentFiles.LOG));
            gone++;
        }
        List<Long> rest = bases.subList(gone, bases.size());
        folder.deleteIndexesBefore(rest.isEmpty() ? start : rest.getFirst());
        return rest;
    }

    private Recovered recover(List<Long> bases) throws IOException {
        if (!cleanEnd) {
            // Whoever made the entries may have failed to force them.
            folder.force();
        }
        if (bases.isEmpty()) {
            if (noted != null) {
                // It speaks of a log of this name that was deleted.
                folder.voidPoint();
            }
            segments.add(Segment.create(folder, start, indexIntervalBytes, -1));
            folder.force();
            return new Recovered(segments, start, RecoveryReport.CLEAN, "", null);
        }
        lastBase = bases.getLast();
        for (int i = 0; i < bases.size(); i++) {
            boolean last = i == bases.size() - 1;
            String flaw = last ? openLast(bases.get(i)) : openFinished(bases.get(i), bases.get(i + 1));
            if (flaw != null) {
                return broken(flaw, bases.subList(i + 1, bases.size()));
            }
        }
        return whole(new RecoveryReport(scannedHere, "", 0, List.of()));
    }

    /** A log that nobody has to decide about. Where all it held from its start on is lost, it goes on from there. */
    private Recovered whole(RecoveryReport report) throws IOException {
        long end = segments.getLast().nextOffset();
        if (end < start) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The log in {0} ends at offset {1}, before {2}, where it starts; it goes on from there. What it may"
                            + " have held behind that is lost",
                    folder.path(),
                    Long.toString(end),
                    Long.toString(start));
            List<Long> gone = segments.stream().map(Segment::baseOffset).toList();
            segments.add(Segment.create(folder, start, indexIntervalBytes, -1));
            folder.force();
            for (long base : gone) {
                segments.removeFirst().close();
                folder.delete(SegmentFiles.name(base, SegmentFiles.LOG));
                folder.deleteIndexes(base);
            }
        }
        return new Recovered(segments, start, report, "", null);
    }

    private @Nullable String openFinished(long base, long nextBase) throws IOException {
        Segment trusted = seals.openFinished(base, nextBase);
        if (trusted != null) {
            segments.add(trusted);
            return null;
        }
        String flaw = scan(base);
        Segment segment = segments.getLast();
        if (flaw == null && segment.nextOffset() != nextBase) {
            flaw = "the segment ends before offset " + segment.nextOffset() + ", and the next begins at " + nextBase;
        }
        if (flaw == null) {
            trySeal(segment);
        }
        return flaw;
    }

    private @Nullable String openLast(long base) throws IOException {
        if (fence != null) {
            return scan(base);
        }
        Segment segment = seals.openLast(base, pointOf(base), indexIntervalBytes);
        segments.add(segment);
        return segment.size() == folder.logBytes(base) && (cleanEnd || segment.size() > 0) ? null : scan(segment);
    }

    private @Nullable String scan(long base) throws IOException {
        Segment segment = Segment.unscanned(folder, base, indexIntervalBytes);
        segments.add(segment);
        return scan(segment);
    }

    private @Nullable String scan(Segment segment) throws IOException {
        long base = segment.baseOffset();
        long known = segment.size();
        String flaw = segment.scan(folder.logBytes(base), scanned, compacted.rewrittenBelow());
        scannedHere += segment.size() - known;
        if (flaw == null && forcedBytes(base) > segment.size()) {
            flaw = "the file ends there, though " + forcedBytes(base) + " bytes of it had been forced";
        }
        if (fence != null) {
            segment.rewrite();
        }
        // What is in the page cache is not on the disk for certain, and from now on we say it is.
        force(segment);
        return flaw;
    }

    /** Bytes of a segment that are known to have been forced. */
    private long forcedBytes(long base) throws IOException {
        RecoveryPoint point = pointOf(base);
        return Math.max(seals.forcedBytes(base), point == null ? 0 : point.position());
    }

    private @Nullable RecoveryPoint pointOf(long base) {
        return noted != null && noted.baseOffset() == base && base == lastBase ? noted : null;
    }

    /** A failure must outlive this attempt: the next may succeed though the bytes are lost. */
    private void force(Segment segment) throws IOException {
        try {
            segment.force();
        } catch (TooManyOpenFilesException e) {
            throw e;
        } catch (IOException e) {
            FenceMark.leave(folder, segment.baseOffset(), "a force failed while the log was opened", e);
            throw e;
        }
    }

    private Recovered broken(String what, List<Long> later) throws IOException {
        Segment last = segments.getLast();
        String flaw = "At position " + last.size() + " of " + last.file() + ", where offset " + last.nextOffset()
                + " should be, there is no sound batch: " + what;
        TailCut cut = new TailCut(folder, last.baseOffset(), last.size(), List.copyOf(later));
        if (hadBeenForced(last, later)) {
            report(last, what);
            return damaged(
                    flaw, "That part of the log had been forced to the disk, so the disk or somebody changed it", cut);
        }
        boolean batchesFollow = last.hasBatchesBehind() || anyBatchIn(later);
        if (batchesFollow && !hostRestarted) {
            report(last, what);
            return damaged(flaw, "Sound batches follow it, and acknowledged records may be among them", cut);
        }
        TailCut.Outcome outcome = cut.perform(batchesFollow);
        LOG.log(
                System.Logger.Level.WARNING,
                "{0}. Taken for writes that {1} interrupted; {2} bytes were cut off the log, kept in {3}",
                flaw,
                hostRestarted ? "the end of the host" : "the end of the process",
                outcome.bytes(),
                outcome.files());
        return whole(new RecoveryReport(scannedHere, flaw, outcome.bytes(), outcome.files()));
    }

    private void report(Segment last, String what) {
        String name = SegmentFiles.name(last.baseOffset(), SegmentFiles.LOG);
        folder.damages().report(folder.path().resolve(name), last.size(), what);
    }

    private boolean hadBeenForced(Segment last, List<Long> later) throws IOException {
        if (forcedBytes(last.baseOffset()) > last.size() || isRewritten(last)) {
            return true;
        }
        // Segments are forced in order, so one that has been vouches for all before it.
        for (long base : later) {
            if (seals.forcedBytes(base) > 0 || (noted != null && noted.baseOffset() == base)) {
                return true;
            }
        }
        return false;
    }

    /** Only what has been forced is compacted; where that is not known for certain, other signs have to do. */
    private boolean isRewritten(Segment last) {
        return last.nextOffset() < compacted.rewrittenBelow() && compacted.rewrittenBelow() != Long.MAX_VALUE;
    }

    private boolean anyBatchIn(List<Long> later) throws IOException {
        for (long base : later) {
            try (Segment segment = Segment.unscanned(folder, base, indexIntervalBytes)) {
                if (segment.hasBatchesBehind()) {
                    return true;
                }
            }
        }
        return false;
    }

    private Recovered damaged(String flaw, String meaning, TailCut cut) {
        String reason = flaw + ". " + meaning + ADVICE;
        LOG.log(System.Logger.Level.ERROR, reason);
        return new Recovered(segments, start, new RecoveryReport(scannedHere, flaw, 0, List.of()), reason, cut);
    }

    private static String diskFailed(String mark) {
        return "The disk failed under this log before. " + mark + ". Check the disk; then restore the files from a"
                + " replica or a backup, or accept the log as it reads now";
    }

    private static String startUnknown(Checkpoint.DamagedException e) {
        return e.getMessage()
                + ". It says where the log starts, so records that were deleted may be among those that can"
                + " be read. Restore the file from a replica or a backup, or accept the log from its first record on";
    }

    private static Recovered withDamage(Recovered recovered, String reason) {
        LOG.log(System.Logger.Level.ERROR, reason);
        String both = recovered.damage().isEmpty() ? reason : reason + ". Besides: " + recovered.damage();
        return new Recovered(
                recovered.segments(), recovered.startOffset(), recovered.report(), both, recovered.pendingCut());
    }

    private void trySeal(Segment segment) {
        try {
            segment.seal();
            folder.force();
            segment.releaseIndex();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The indexes of " + segment.file() + " stay in memory", e);
        }
    }
}
