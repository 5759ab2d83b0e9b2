package io.naru.standalone;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * A process that serves one role on a data folder, as the file {@code run/ROLE-ID} tells other commands. Written
 * by the process itself when it starts and again when it is ready, removed when it stops gracefully; after a crash it
 * stays and {@link #isLive} is false.
 *
 * @param role {@code broker} or {@code coordinator}
 * @param id the broker's or coordinator's id, from 1
 * @param startedAt when the process started, epoch ms: tells it from a later process that was given the same pid
 * @param url where it listens
 * @param ready whether it has once been ready to serve
 */
public record RunFile(String role, int id, long pid, long startedAt, String url, boolean ready) {
    /** The start time that the system reports for one process moves by up to a second when its clock is set. */
    private static final long START_TOLERANCE_MS = 2_000;

    /** The description of a role served by the process that calls. */
    public static RunFile ofThisProcess(String role, int id, String url, boolean ready) {
        ProcessHandle self = ProcessHandle.current();
        return new RunFile(role, id, self.pid(), startedAt(self), url, ready);
    }

    /** Every description in the folder, coordinators first, then by id; what can't be read is passed over. */
    public static List<RunFile> readAll(Path run) {
        List<RunFile> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(run, "{broker,coordinator}-*")) {
            for (Path file : files) {
                read(file).ifPresent(found::add);
            }
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparing(RunFile::role).reversed().thenComparingInt(RunFile::id));
        return found;
    }

    private static Optional<RunFile> read(Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
            return Optional.of(new RunFile(
                    lines.getProperty("role", ""),
                    Integer.parseInt(lines.getProperty("id", "")),
                    Long.parseLong(lines.getProperty("pid", "")),
                    Long.parseLong(lines.getProperty("started_at", "")),
                    lines.getProperty("url", ""),
                    Boolean.parseBoolean(lines.getProperty("ready", ""))));
        } catch (NoSuchFileException | IllegalArgumentException _) {
            // Removed meanwhile by its process, or nothing of ours.
            return Optional.empty();
        }
    }

    /** Writes this description, replacing an older one of the same role and id. */
    public void write(Path run) {
        try {
            Path aside = run.resolve("new-" + role + "-" + id);
            Files.writeString(
                    aside,
                    "role=%s%nid=%d%npid=%d%nstarted_at=%d%nurl=%s%nready=%b%n"
                            .formatted(role, id, pid, startedAt, url, ready));
            Files.move(aside, file(run), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes this description. */
    public void delete(Path run) {
        try {
            Files.deleteIfExists(file(run));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process, unless it has ended; another process with the same pid is not it. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> Math.abs(startedAt(process) - startedAt) <= START_TOLERANCE_MS);
    }

    public boolean isLive() {
        return process().isPresent();
    }

    private Path file(Path run) {
        return run.resolve(role + "-" + id);
    }

    private static long startedAt(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
