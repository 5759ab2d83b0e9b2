package io.naru.commitlog.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file behind up to two channels, each opened when first needed. A thread that is interrupted while it reads closes
 * the channel under everybody's feet; so readers have one of their own that is opened again when that happens, and the
 * writer and the force have another that no reader can close.
 */
final class FileSystemFile implements DiskFile {
    private final Path path;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable FileChannel reading;
    private volatile @Nullable FileChannel writing;
    private volatile boolean closed;

    FileSystemFile(Path path) {
        this.path = path;
    }

    @Override
    public long size() throws IOException {
        return uninterrupted(FileChannel::size);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
        int from = to.position();
        return (int) uninterrupted(channel -> {
            to.position(from);
            long next = position;
            while (to.hasRemaining()) {
                int count = channel.read(to, next);
                if (count < 0) {
                    break;
                }
                next += count;
            }
            return to.position() == from && to.hasRemaining() ? -1 : to.position() - from;
        });
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        while (true) {
            try {
                return reader().transferTo(position, count, to);
            } catch (ClosedByInterruptException e) {
                // Some bytes may have gone; this thread is asked to stop anyway.
                throw e;
            } catch (ClosedChannelException e) {
                // Nothing has gone. Unless it was the target, another reader's interrupt closed our channel.
                if (closed || !to.isOpen()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        // As undisturbed() does, but without a capturing lambda: this is where a log spends its time.
        boolean interrupted = Thread.interrupted();
        try {
            FileChannel channel = writer();
            long next = position;
            while (from.hasRemaining()) {
                next += channel.write(from, next);
            }
        } catch (IOException e) {
            throw explained(e, path, from.remaining());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        undisturbed(() -> writer().truncate(size));
    }

    @Override
    public void force() throws IOException {
        undisturbed(() -> writer().force(false));
    }

    @Override
    public void close() throws IOException {
        opening.lock();
        try {
            closed = true;
            FileChannel reader = reading;
            FileChannel writer = writing;
            if (reader != null) {
                reader.close();
            }
            if (writer != null) {
                writer.close();
            }
        } finally {
            opening.unlock();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private interface Action {
        long on(FileChannel channel) throws IOException;
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Makes a change with the thread's interrupt put off: a channel closed in between would fence a log for nothing. */
    private static void undisturbed(Change change) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            change.make();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs {@code action} again on a fresh channel when an interrupt, of this thread or another, closed it. */
    private long uninterrupted(Action action) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return action.on(reader());
                } catch (ClosedChannelException e) {
                    if (closed) {
                        throw e;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FileChannel reader() throws IOException {
        FileChannel channel = reading;
        if (channel != null && channel.isOpen()) {
            return channel;
        }
        opening.lock();
        try {
            channel = reading;
            if (channel == null || !channel.isOpen()) {
                channel = open(StandardOpenOption.READ);
                reading = channel;
            }
            return channel;
        } finally {
            opening.unlock();
        }
    }

    private FileChannel writer() throws IOException {
        FileChannel channel = writing;
        if (channel != null) {
            return channel;
        }
        opening.lock();
        try {
            channel = writing;
            if (channel == null) {
                channel = open(StandardOpenOption.WRITE);
                writing = channel;
            }
            return channel;
        } finally {
            opening.unlock();
        }
    }

    private FileChannel open(StandardOpenOption option) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        return FileChannel.open(path, option);
    }

    /**
     * The JDK tells a full disk from other errors by the system's words alone, which may be in any language; so where
     * they are not the usual ones, the room that is left is looked at.
     */
    static IOException explained(IOException e, Path path, long bytes) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded") || isFull(path, bytes)) {
            return new DiskFullException("No room to write " + path + ": " + message, e);
        }
        return e;
    }

    private static boolean isFull(Path path, long bytes) {
        try {
            Path folder = path.toAbsolutePath().getParent();
            return folder != null && Files.getFileStore(folder).getUsableSpace() < bytes;
        } catch (IOException _) {
            return false;
        }
    }
}
