package io.naru.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One folder with all that a standalone Naru keeps:
 *
 * <pre>
 * naru.json        {"format":1}, the version of this layout
 * coordinator-1/   the metadata quorum's log and snapshots
 * broker-1/        the topics
 * logs/            what the processes say
 * run/             one file per process, and the lock that keeps a second Naru out
 * </pre>
 *
 * <p>Thread-safe. Everything survives a crash; files in {@code run/} are then found stale by {@link RunFile#isLive}.
 */
public final class DataFolder {
    /** The newest layout this Naru reads and the one it writes. */
    public static final int FORMAT = 1;

    /** All there is in {@code naru.json}; a JSON library would cost a start more than it is worth here. */
    private static final Pattern DESCRIPTION =
            Pattern.compile("\\{\\s*\"format\"\\s*:\\s*(\\d{1,9})\\b.*", Pattern.DOTALL);

    private final Path root;

    public DataFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    public Path root() {
        return root;
    }

    public Path broker(int id) {
        return root.resolve("broker-" + id);
    }

    public Path coordinator(int id) {
        return root.resolve("coordinator-" + id);
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path run() {
        return root.resolve("run");
    }

    /**
     * Makes the folder where it is missing, and checks that it can be written and is of a known format.
     *
     * @throws StartException when it can't or isn't
     */
    public void prepare() {
        try {
            createForced(root);
            Files.createDirectories(logs());
            Files.createDirectories(run());
            Path probe = root.resolve(".writable");
            Files.writeString(probe, "");
            Files.delete(probe);
        } catch (IOException e) {
            throw new StartException(
                    "the data folder " + root + " can't be written (" + reason(e) + "): choose another with --data", e);
        }
        Path description = root.resolve("naru.json");
        if (Files.exists(description)) {
            checkFormat(description);
        } else {
            write(description);
        }
    }

    private void checkFormat(Path description) {
        int format;
        try {
            Matcher matcher = DESCRIPTION.matcher(Files.readString(description).strip());
            format = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (IOException e) {
            throw new StartException(description + " can't be read (" + reason(e) + ")", e);
        }
        if (format > FORMAT) {
            throw new StartException("the data in " + root + " was written by a newer Naru (data format " + format
                    + ", this one reads up to " + FORMAT + "): use that Naru, or another folder with --data");
        }
        if (format < 1) {
            throw new StartException(description + " names no data format: is " + root + " Naru's?");
        }
    }

    private void write(Path description) {
        try {
            // Aside, forced and renamed, so that even a loss of power leaves either no file or a whole one.
            Path aside = root.resolve("naru.json.new");
            Files.writeString(aside, "{\"format\":" + FORMAT + "}\n");
            force(aside, StandardOpenOption.WRITE);
            Files.move(aside, description, StandardCopyOption.ATOMIC_MOVE);
            force(root, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new StartException("could not write " + description + " (" + reason(e) + ")", e);
        }
    }

    /** Makes a folder and those above it; a loss of power does not take them away again. */
    private static void createForced(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (Files.isDirectory(folder) || parent == null) {
            return;
        }
        createForced(parent);
        Files.createDirectories(folder);
        force(parent, StandardOpenOption.READ);
    }

    private static void force(Path file, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(file, mode)) {
            channel.force(true);
        }
    }

    /**
     * Keeps every other Naru out of this folder until the lock is closed or the process ends.
     *
     * @throws StartException when another process holds it
     */
    public FileChannel lock() {
        Path file = run().resolve("lock");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // Held by this very process: the same answer as for another.
        } catch (IOException e) {
            throw new StartException("could not lock " + file + " (" + reason(e) + ")", e);
        }
        close(channel);
        String holder = RunFile.readAll(run()).stream()
                .filter(RunFile::isLive)
                .findFirst()
                .map(live -> " (pid " + live.pid() + ", " + live.url() + ")")
                .orElse("");
        throw new StartException("a Naru already runs on " + root + holder
                + ": stop it with ./naru down, or choose another folder with --data");
    }

    private static void close(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing was written; the lock is not ours.
        }
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
