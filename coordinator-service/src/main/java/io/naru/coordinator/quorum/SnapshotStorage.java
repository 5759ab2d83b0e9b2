package io.naru.coordinator.quorum;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot files in Ratis' state machine folder, under the names that Ratis knows, so that it can send them to others
 * and clean up old ones. A snapshot is written aside, forced and renamed, and its folder forced: it is there whole or
 * not at all. One that cannot be read is moved aside with the suffix {@code .unreadable} and the next older one used.
 */
final class SnapshotStorage extends SimpleStateMachineStorage {
    private static final System.Logger LOG = System.getLogger(SnapshotStorage.class.getName());

    private static final Pattern UNREADABLE = Pattern.compile("snapshot\\.\\d+_(\\d+)\\.unreadable");

    private @Nullable Path folder;

    /** Lays aside what cannot be read before Ratis looks for the latest: it begins its log behind that one. */
    @Override
    public void init(RaftStorage storage) throws IOException {
        folder = storage.getStorageDir().getStateMachineDir().toPath();
        layAsideUnreadable();
        super.init(storage);
    }

    /** Writes a snapshot and makes it the one that Ratis takes for the latest. */
    void write(Snapshot snapshot) throws IOException {
        Path target = getSnapshotFile(snapshot.term(), snapshot.index()).toPath();
        Path aside = target.resolveSibling(target.getFileName() + ".writing");
        try (FileChannel out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(snapshot.encode());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolderOf(target);
        announce(target.toFile(), snapshot);
    }

    /** The snapshot that Ratis takes for the latest, or null when there is none. */
    @Nullable
    Snapshot readLatest() throws IOException {
        SingleFileSnapshotInfo latest = getLatestSnapshot();
        return latest == null
                ? null
                : Snapshot.decode(Files.readAllBytes(latest.getFile().getPath()));
    }

    /** After Ratis has put another voter's snapshot in place. */
    void lookAgain() throws IOException {
        layAsideUnreadable();
        loadLatestSnapshot();
    }

    private void layAsideUnreadable() throws IOException {
        for (Path file : snapshotFiles()) {
            try {
                Snapshot snapshot = Snapshot.decode(Files.readAllBytes(file));
                if (snapshot.index() != indexOf(file)) {
                    throw new IOException("it is not of the entry that its name tells");
                }
            } catch (IOException e) {
                layAside(file, e);
            }
        }
    }

    private static void layAside(Path file, IOException why) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
        LOG.log(
                System.Logger.Level.ERROR,
                "The metadata snapshot {0} cannot be used: {1}. It is kept as {2}; an older one is tried.",
                file,
                why.getMessage(),
                aside.getFileName());
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(MD5FileUtil.getDigestFileForFile(file.toFile()).toPath());
    }

    /** Index of the newest snapshot that was found unreadable, now or at an earlier start; -1 when there is none. */
    long newestUnreadable() throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            return -1;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> UNREADABLE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(matched -> Long.parseLong(matched.group(1)))
                    .max()
                    .orElse(-1);
        }
    }

    private void announce(File file, Snapshot snapshot) {
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
        updateLatestSnapshot(new SingleFileSnapshotInfo(
                new FileInfo(file.toPath(), digest), TermIndex.valueOf(snapshot.term(), snapshot.index())));
    }

    private List<Path> snapshotFiles() throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> SNAPSHOT_REGEX
                            .matcher(file.getFileName().toString())
                            .matches())
                    .toList();
        }
    }

    private static long indexOf(Path file) {
        return getTermIndexFromSnapshotFile(file.toFile()).getIndex();
    }

    private static void forceFolderOf(Path file) throws IOException {
        try (FileChannel opened = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
