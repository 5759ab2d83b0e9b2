package io.naru.commitlog;

import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The file {@code compaction} in a log's folder: how far the log has been compacted. It is written before a pass replaces
 * the first segment and after it has replaced the last. Missing while nothing was ever compacted; where it is damaged,
 * everything counts as never compacted, which costs time only.
 *
 * @param firstDirtyOffset records from here on have not been looked at; never ahead of what a compaction has finished
 * @param rewrittenBelow below this offset segments may have been written anew, so that offsets may be missing
 * @param generation changes before anything below the log's end does
 */
record CompactionNote(long firstDirtyOffset, long rewrittenBelow, long generation) {
    static final CompactionNote NONE = new CompactionNote(0, 0, 0);

    private static final System.Logger LOG = System.getLogger(CompactionNote.class.getName());
    private static final String NAME = "compaction";
    private static final String FIRST_DIRTY = "first.dirty.offset=";
    private static final String REWRITTEN = "rewritten.below.offset=";
    private static final String GENERATION = "generation=";

    static CompactionNote read(SegmentFolder folder) throws IOException {
        try {
            List<String> lines = Checkpoint.read(folder, NAME);
            if (lines == null) {
                return NONE;
            }
            Optional<CompactionNote> note = parse(lines);
            if (note.isPresent()) {
                return note.get();
            }
            throw new Checkpoint.DamagedException(
                    folder.path().resolve(NAME) + " says " + lines + ", which is no note");
        } catch (Checkpoint.DamagedException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}. How far the log was compacted is not known: all of it is looked at again",
                    e.getMessage());
            // A generation that nobody has seen before.
            return new CompactionNote(
                    0, Long.MAX_VALUE, ThreadLocalRandom.current().nextLong(1L << 40, 1L << 52));
        }
    }

    /** Notes it; on return it is on the disk to stay. */
    void write(SegmentFolder folder) throws IOException {
        Checkpoint.write(
                folder,
                NAME,
                List.of(FIRST_DIRTY + firstDirtyOffset, REWRITTEN + rewrittenBelow, GENERATION + generation));
    }

    /** Segments below an offset are about to be replaced. */
    CompactionNote rewriting(long below) {
        return new CompactionNote(firstDirtyOffset, Math.max(rewrittenBelow, below), generation + 1);
    }

    /** Everything below an offset is clean, or it is not for certain from there on. */
    CompactionNote cleanUpTo(long offset) {
        return new CompactionNote(offset, rewrittenBelow, generation);
    }

    private static Optional<CompactionNote> parse(List<String> lines) {
        if (lines.size() != 3
                || !lines.get(0).startsWith(FIRST_DIRTY)
                || !lines.get(1).startsWith(REWRITTEN)
                || !lines.get(2).startsWith(GENERATION)) {
            return Optional.empty();
        }
        try {
            CompactionNote note = new CompactionNote(
                    Long.parseLong(lines.get(0).substring(FIRST_DIRTY.length())),
                    Long.parseLong(lines.get(1).substring(REWRITTEN.length())),
                    Long.parseLong(lines.get(2).substring(GENERATION.length())));
            return note.firstDirtyOffset >= 0 && note.rewrittenBelow >= 0 && note.generation >= 0
                    ? Optional.of(note)
                    : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
