package io.naru.commitlog.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file behind up to two channels, each opened when first needed and closed by the pool when others need one more. A
 * thread that is interrupted while it reads closes the channel under everybody's feet; so readers have one of their own
 * that is opened again when that happens. Whatever changes the file runs where no interrupt reaches it.
 */
final class FileSystemFile implements DiskFile {
    /**
     * The JDK reads to the heap by way of a buffer of its own that is as large as what is asked for, and keeps it for the
     * thread. Pieces of this size find it in the processor's cache when they copy from it.
     */
    private static final int HEAP_PIECE_BYTES = 128 << 10;

    private final ChannelPool pool;
    private volatile Path path;
    private volatile @Nullable PooledChannel reading;
    private volatile @Nullable PooledChannel writing;
    private volatile boolean closed;

    FileSystemFile(Path path, ChannelPool pool) {
        this.path = path;
        this.pool = pool;
    }

    @Override
    public long size() throws IOException {
        return uninterrupted(FileChannel::size);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
        int from = to.position();
        int limit = to.limit();
        try {
            return (int) uninterrupted(channel -> {
                to.limit(limit).position(from);
                fill(to, limit, channel, position);
                return to.position() == from && from < limit ? -1 : to.position() - from;
            });
        } finally {
            to.limit(limit);
        }
    }

    /** Reads up to {@code limit} of the buffer, or to the end of the file; leaves the buffer's own limit anywhere. */
    private static void fill(ByteBuffer to, int limit, FileChannel channel, long position) throws IOException {
        long next = position;
        while (to.position() < limit) {
            to.limit(to.isDirect() ? limit : Math.min(limit, to.position() + HEAP_PIECE_BYTES));
            int count = channel.read(to, next);
            if (count < 0) {
                return;
            }
            next += count;
        }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        PooledChannel reader = reader();
        while (true) {
            FileChannel channel = reader.acquire();
            try {
                return channel.transferTo(position, count, to);
            } catch (ClosedByInterruptException e) {
                // Some bytes may have gone; this thread is asked to stop anyway.
                throw e;
            } catch (ClosedChannelException e) {
                // Nothing has gone. Unless it was the target, another reader's interrupt closed our channel.
                if (closed || !to.isOpen()) {
                    throw e;
                }
            } finally {
                reader.release();
            }
        }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        // Without a capturing lambda where that can be: this is where a log spends its time.
        if (PrivateThreads.isCurrent()) {
            writeHere(from, position);
        } else {
            PrivateThreads.run(() -> writeHere(from, position));
        }
    }

    private void writeHere(ByteBuffer from, long position) throws IOException {
        PooledChannel writer = writer();
        FileChannel channel = writer.acquireToChange();
        try {
            long next = position;
            while (from.hasRemaining()) {
                next += channel.write(from, next);
            }
        } catch (IOException e) {
            throw explained(e, path, from.remaining());
        } finally {
            writer.releaseChanged();
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        PooledChannel writer = writer();
        PrivateThreads.run(() -> {
            FileChannel channel = writer.acquireToChange();
            try {
                channel.truncate(size);
            } finally {
                writer.releaseChanged();
            }
        });
    }

    @Override
    public void force() throws IOException {
        PooledChannel writer = writer();
        PrivateThreads.run(() -> {
            FileChannel channel = writer.acquire();
            try {
                long changes = writer.changes();
                channel.force(false);
                writer.forced(changes);
            } finally {
                writer.release();
            }
        });
    }

    @Override
    public synchronized void renameTo(Path to) throws IOException {
        PooledChannel reader = reading;
        PooledChannel writer = writing;
        PooledChannel.Renaming move = () -> Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
        PooledChannel.Renaming forWriter = writer == null ? move : () -> writer.rename(move, to);
        if (reader == null) {
            forWriter.perform();
        } else {
            reader.rename(forWriter, to);
        }
        path = to;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        PooledChannel reader = reading;
        PooledChannel writer = writing;
        if (reader != null) {
            reader.close();
        }
        if (writer != null) {
            writer.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private interface Action {
        long on(FileChannel channel) throws IOException;
    }

    /** Runs {@code action} again on a fresh channel when an interrupt, of this thread or another, closed it. */
    private long uninterrupted(Action action) throws IOException {
        PooledChannel reader = reader();
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel channel = reader.acquire();
                try {
                    return action.on(channel);
                } catch (ClosedChannelException e) {
                    if (closed) {
                        throw e;
                    }
                    interrupted |= Thread.interrupted();
                } finally {
                    reader.release();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private PooledChannel reader() throws IOException {
        PooledChannel channel = reading;
        return channel != null ? channel : makeReader();
    }

    private synchronized PooledChannel makeReader() throws IOException {
        PooledChannel channel = reading;
        if (channel == null) {
            channel = make(StandardOpenOption.READ);
            reading = channel;
        }
        return channel;
    }

    private PooledChannel writer() throws IOException {
        PooledChannel channel = writing;
        return channel != null ? channel : makeWriter();
    }

    private synchronized PooledChannel makeWriter() throws IOException {
        PooledChannel channel = writing;
        if (channel == null) {
            channel = make(StandardOpenOption.WRITE);
            writing = channel;
        }
        return channel;
    }

    private PooledChannel make(StandardOpenOption option) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        return new PooledChannel(pool, path, option);
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
