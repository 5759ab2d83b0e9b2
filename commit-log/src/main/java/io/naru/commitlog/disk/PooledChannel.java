package io.naru.commitlog.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file opened in one way when that is first needed, and again after the pool or a thread's interrupt has closed it.
 * Thread-safe.
 */
final class PooledChannel {
    private final ChannelPool pool;
    private final OpenOption option;
    /** Changed under the monitor, together with the file's name. */
    private volatile Path path;

    private @Nullable FileChannel channel;
    private int users;
    private long changes;
    private long forcedChanges;
    private boolean usedLately;
    private boolean closed;

    PooledChannel(ChannelPool pool, Path path, OpenOption option) {
        this.pool = pool;
        this.path = path;
        this.option = option;
    }

    /**
     * The open channel, which the pool leaves alone until {@link #release}.
     *
     * @throws ClosedChannelException after {@link #close}
     */
    FileChannel acquire() throws IOException {
        while (true) {
            FileChannel present = acquireOpen();
            if (present != null) {
                return present;
            }
            // Without our monitor, since others are closed for it.
            Path at = path;
            FileChannel opened;
            try {
                opened = pool.open(at, option);
            } catch (NoSuchFileException e) {
                if (isAt(at)) {
                    throw e;
                }
                continue;
            }
            if (acquireNew(opened, at)) {
                return opened;
            }
            opened.close();
        }
    }

    /** Whether the file still has that name; waits for a renaming that is under way. */
    private synchronized boolean isAt(Path opened) {
        return path.equals(opened);
    }

    /** Takes note of a new name while the file gets it, so that nobody opens what comes to its old one. */
    synchronized void rename(Renaming renaming, Path to) throws IOException {
        renaming.perform();
        path = to;
    }

    /** What gives a file another name. */
    interface Renaming {
        void perform() throws IOException;
    }

    /** Takes a channel that was opened for this; false if it is not needed any more. */
    private synchronized boolean acquireNew(FileChannel opened, Path openedAt) {
        FileChannel present = channel;
        if (closed || !path.equals(openedAt) || (present != null && present.isOpen())) {
            return false;
        }
        channel = opened;
        users++;
        // Whoever reads a thousand files once must not drive out the one that is read all the time.
        usedLately = false;
        pool.isOpen(this);
        return true;
    }

    private synchronized @Nullable FileChannel acquireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        FileChannel present = channel;
        if (present == null || !present.isOpen()) {
            return null;
        }
        users++;
        usedLately = true;
        return present;
    }

    synchronized void release() {
        users--;
    }

    /**
     * As {@link #acquire}, to change the file, and {@link #releaseChanged} afterwards: until all changes are {@link #forced}, the pool leaves it open though nobody
     * uses it. The system tells of a write that failed in the background to those only who have the file open.
     */
    FileChannel acquireToChange() throws IOException {
        FileChannel open = acquire();
        synchronized (this) {
            changes++;
        }
        return open;
    }

    /** As {@link #release}. Counts the change once more: a force that began meanwhile may have come too early for it. */
    synchronized void releaseChanged() {
        changes++;
        users--;
    }

    /** How many times the file was to be changed. */
    synchronized long changes() {
        return changes;
    }

    /** The first so many changes are on the disk. */
    synchronized void forced(long firstChanges) {
        forcedChanges = Math.max(forcedChanges, firstChanges);
    }

    /** Closes it if nobody uses or needs it, and nobody has since the last such try or {@code anyway}. */
    synchronized boolean closeIfIdle(boolean anyway) throws IOException {
        if (users > 0 || forcedChanges < changes || channel == null) {
            return false;
        }
        if (usedLately && !anyway) {
            usedLately = false;
            return false;
        }
        closeChannel();
        return true;
    }

    /** Closes it for good, whoever uses it. */
    synchronized void close() throws IOException {
        closed = true;
        closeChannel();
    }

    private void closeChannel() throws IOException {
        FileChannel present = channel;
        if (present != null) {
            channel = null;
            pool.isClosed(this);
            present.close();
        }
    }
}
