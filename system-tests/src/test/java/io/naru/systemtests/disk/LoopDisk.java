package io.naru.systemtests.disk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 file system in a file, mounted by a loop device, whose power can be cut: what no force has brought to the
 * disk is gone then, be it bytes of files or entries of directories. Needs root, loop devices and {@code mkfs.ext4}.
 * Used by one thread.
 */
public final class LoopDisk implements AutoCloseable {
    private static final long BYTES = 256L << 20;
    private static final long LIMIT_SECONDS = 60;

    private final Path image;
    private final Path root;
    private boolean mounted;

    private LoopDisk(Path image, Path root) {
        this.image = image;
        this.root = root;
    }

    /** Makes one in a folder and mounts it there; nobody may have files of it open when it is closed. */
    public static LoopDisk create(Path folder) throws IOException {
        LoopDisk disk = new LoopDisk(folder.resolve("disk.ext4"), Files.createDirectories(folder.resolve("disk")));
        try (FileChannel file = FileChannel.open(disk.image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), BYTES - 1);
        }
        run("mkfs.ext4", "-q", "-F", disk.image.toString());
        disk.mount();
        return disk;
    }

    /** Why no such disk can be made on this machine; empty if one can. */
    public static Optional<String> obstacle(Path folder) {
        try (LoopDisk disk = create(folder)) {
            disk.cutPower();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Where it is mounted. */
    public Path root() {
        return root;
    }

    /** From now on nothing reaches the disk any more, nor does what had not reached it; every call that tries fails. */
    public void cutPower() throws IOException {
        Ext4Shutdown.withoutFlush(root);
    }

    /** Mounts what is left. Whoever had files of it open must have ended. */
    public void restorePower() throws IOException {
        unmount();
        mount();
    }

    private void mount() throws IOException {
        run("mount", "-o", "loop", image.toString(), root.toString());
        mounted = true;
    }

    private void unmount() throws IOException {
        if (mounted) {
            run("umount", root.toString());
            mounted = false;
        }
    }

    @Override
    public void close() throws IOException {
        unmount();
        Files.deleteIfExists(image);
        Files.deleteIfExists(root);
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(String.join(" ", command) + " was interrupted");
        }
    }
}
