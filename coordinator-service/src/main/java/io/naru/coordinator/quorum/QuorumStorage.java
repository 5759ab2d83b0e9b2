package io.naru.coordinator.quorum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;

/**
 * Judges what Ratis keeps on this voter's disk, where Ratis itself would format, wait for ever or start from nothing.
 * For the thread that starts the quorum.
 */
final class QuorumStorage {
    private QuorumStorage() {}

    /**
     * How Ratis is to open the group's folder; what a first start that was cut short left behind is removed.
     *
     * @throws UnreadableMetadataException if there is metadata, but not the mark without which it cannot be trusted
     */
    static RaftStorage.StartupOption startupOption(Path group) throws IOException {
        return isFresh(group) ? RaftStorage.StartupOption.FORMAT : RaftStorage.StartupOption.RECOVER;
    }

    /**
     * Snapshot and log must join, and reach as far as any snapshot did that can no longer be read. Ratis would wait for
     * ever for entries that lie in a gap, and start from nothing where there is neither.
     *
     * @throws UnreadableMetadataException if entries are missing
     */
    static void requireWhole(RaftLog log, MetadataStateMachine stateMachine) throws IOException {
        long snapshot = stateMachine.getLastAppliedTermIndex().getIndex();
        long lost = stateMachine.newestUnreadableSnapshot();
        if (log.getSnapshotIndex() > snapshot) {
            throw new IllegalStateException("Ratis counts on a snapshot to entry " + log.getSnapshotIndex()
                    + ", but the image was loaded to entry " + snapshot);
        }
        boolean gap = log.getNextIndex() > log.getStartIndex() && log.getStartIndex() > snapshot + 1;
        boolean shorter = lost > snapshot && log.getNextIndex() <= lost;
        if (gap || shorter) {
            throw new UnreadableMetadataException(
                    "The newest readable metadata snapshot ends at entry %d, and the log holds entries %d to %d: what is missing is lost here. Restore the coordinator's data directory from a copy, or let it join a quorum afresh under a new id."
                            .formatted(snapshot, log.getStartIndex(), log.getNextIndex() - 1));
        }
    }

    /**
     * Whether there is nothing yet: no mark of Ratis, which it makes before anything is acknowledged. Formatting would
     * clear what a lost mark leaves behind, so that such a directory is refused.
     */
    private static boolean isFresh(Path group) throws IOException {
        if (Files.exists(group.resolve("current").resolve("raft-meta"))) {
            return false;
        }
        if (holdsFiles(group.resolve("current"), "log_") || holdsFiles(group.resolve("sm"), "snapshot.")) {
            throw new UnreadableMetadataException(
                    "The metadata in " + group
                            + " lacks the file current/raft-meta, without which its log cannot be trusted. Restore the coordinator's data directory from a copy.");
        }
        clear(group);
        return true;
    }

    /** Removes what a first start that was cut short left behind; Ratis makes only what is not there. */
    private static void clear(Path group) throws IOException {
        if (Files.isDirectory(group)) {
            try (Stream<Path> files = Files.walk(group)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean holdsFiles(Path folder, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(prefix));
        }
    }
}
