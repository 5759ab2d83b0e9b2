package io.naru.commitlog;

import io.naru.commitlog.damage.DamageReports;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskReader;
import io.naru.commitlog.disk.TooManyOpenFilesException;
import io.naru.commitlog.segment.RecoveryPoint;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFiles;
import io.naru.commitlog.segment.SegmentFolder;
import io.naru.commitlog.segment.SegmentScrub;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all files of one log: its segments as far as they have been forced, their indexes, the snapshots, and where the
 * log starts. What is damaged is reported; what can be made anew from what is sound, is. Nothing is deleted. Appends,
 * reads and deletions go on meanwhile. For one thread, not the owner.
 */
final class LogScrub {
    /** Before a finding is told, so that whoever was just taking the segment out of the log is done with that. */
    private static final long SECOND_LOOK_NANOS = 200_000_000;

    private final CommitLog log;
    private final SegmentFolder folder;
    private final LiveSegments live;
    private final StateGuard guard;
    private final BatchHistory history;
    private final LogUpkeep upkeep;
    private final ScrubPace pace;
    private final DamageReports damages;

    LogScrub(
            CommitLog log,
            SegmentFolder folder,
            LiveSegments live,
            StateGuard guard,
            BatchHistory history,
            LogUpkeep upkeep,
            ScrubPace pace) {
        this.log = log;
        this.folder = folder;
        this.live = live;
        this.guard = guard;
        this.history = history;
        this.upkeep = upkeep;
        this.pace = pace;
        this.damages = folder.damages();
    }

    void run() throws IOException {
        Instant began = Instant.now();
        checkStart();
        SegmentList segments = live.list();
        for (int i = 0; i < segments.count(); i++) {
            Segment segment = segments.get(i);
            RecoveryPoint forced = i < segments.count() - 1 ? finished(segment) : log.recoveryPoint();
            if (guard.isClosed()) {
                return;
            }
            if (forced != null && forced.baseOffset() == segment.baseOffset() && forced.position() > 0) {
                check(segment, forced);
            }
        }
        history.checkSnapshots(pace);
        damages.settle(folder.path(), began);
    }

    /** A finished segment that has not been forced yet is looked at the next time. */
    private @Nullable RecoveryPoint finished(Segment segment) {
        return segment.nextOffset() <= log.forcedEndOffset() ? segment.point() : null;
    }

    private void checkStart() throws IOException {
        try {
            LogStart.read(folder);
        } catch (Checkpoint.DamagedException e) {
            if (guard.isWritable()) {
                upkeep.restoreStart();
            }
        }
    }

    private void check(Segment segment, RecoveryPoint forced) throws IOException {
        Path file = folder.path().resolve(SegmentFiles.name(segment.baseOffset(), SegmentFiles.LOG));
        try (Readers readers = new Readers(segment, file)) {
            new SegmentScrub(segment, forced, readers.open(), history.epochs()::at).run(readers);
            spendOn(SegmentFiles.name(segment.baseOffset(), SegmentFiles.INDEX));
            spendOn(SegmentFiles.name(segment.baseOffset(), SegmentFiles.TIME_INDEX));
        } catch (ScrubPace.EndedException | LogException | TooManyOpenFilesException e) {
            throw e;
        } catch (IOException e) {
            if (isPartOfLog(segment)) {
                damages.report(file, 0, "It, or an index of it, cannot be read as a whole: " + e);
            }
        }
    }

    /** An index was read as a whole. */
    private void spendOn(String name) throws IOException {
        if (folder.disk().kind(folder.path().resolve(name)) == Disk.Kind.FILE) {
            try {
                pace.spend(folder.disk().size(folder.path().resolve(name)));
            } catch (NoSuchFileException _) {
                // Deleted meanwhile.
            }
        }
    }

    private boolean isPartOfLog(Segment segment) {
        return !segment.isRetired() && !guard.isClosed();
    }

    /** The readers of one segment's file. */
    private final class Readers implements SegmentScrub.Confirmation, AutoCloseable {
        private final Segment segment;
        private final Path file;
        private @Nullable DiskReader reader;

        Readers(Segment segment, Path file) {
            this.segment = segment;
            this.file = file;
        }

        DiskReader open() throws IOException {
            DiskReader opened = upkeep.openUncached(file);
            reader = opened;
            return pace.paced(opened);
        }

        @Override
        public @Nullable DiskReader again() throws IOException {
            pace.pause(SECOND_LOOK_NANOS);
            close();
            try {
                DiskReader opened = open();
                return isPartOfLog(segment) ? opened : null;
            } catch (NoSuchFileException e) {
                if (isPartOfLog(segment)) {
                    throw e;
                }
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            DiskReader open = reader;
            if (open != null) {
                reader = null;
                open.close();
            }
        }
    }
}
