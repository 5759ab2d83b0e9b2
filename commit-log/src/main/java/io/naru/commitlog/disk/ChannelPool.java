package io.naru.commitlog.disk;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many files of a disk are open at once: before another is opened, one that has not been used for long is
 * closed, and opened again when it is needed. What is in use, or holds bytes that were not forced, stays open, so the
 * bound may be passed by so many. Thread-safe.
 */
final class ChannelPool {
    private static final int LEAST = 32;
    private static final int MOST_BY_DEFAULT = 16_384;

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    /** In about the order in which they were last used. */
    private final Set<PooledChannel> open = new LinkedHashSet<>();

    /**
     * A pool with nothing in it.
     *
     * @param limit most files open at once, or 0 for half of what the system allows this process
     */
    ChannelPool(int limit) {
        this.limit = limit == 0 ? byDefault() : limit;
    }

    private static int byDefault() {
        long allowed = ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : MOST_BY_DEFAULT;
        return Math.clamp(allowed / 2, LEAST, MOST_BY_DEFAULT);
    }

    int limit() {
        return limit;
    }

    int size() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes channels that nobody needs until there is room for one more. Not to be called with a channel's monitor held. */
    void makeRoom() throws IOException {
        // Each is looked at twice at most: the first look takes back that it was used.
        for (int looks = 2 * size(); looks > 0 && size() >= limit; looks--) {
            PooledChannel oldest = nextInTurn();
            if (oldest != null) {
                oldest.closeIfIdle(false);
            }
        }
    }

    /** Closes all channels that nobody needs; answers whether there were any. */
    boolean closeIdle() throws IOException {
        boolean any = false;
        for (int looks = size(); looks > 0; looks--) {
            PooledChannel next = nextInTurn();
            any |= next != null && next.closeIfIdle(true);
        }
        return any;
    }

    /** Opens a file, where need be by closing others; the caller says later that it {@link #isOpen}. */
    FileChannel open(Path path, OpenOption... options) throws IOException {
        makeRoom();
        while (true) {
            try {
                return FileChannel.open(path, options);
            } catch (IOException e) {
                if (!isTooManyOpenFiles(e)) {
                    throw e;
                }
                if (!closeIdle()) {
                    throw new TooManyOpenFilesException(
                            "No more files can be opened, " + path + " among them: " + e.getMessage()
                                    + ". Raise the limit of open files of this process (ulimit -n)",
                            e);
                }
            }
        }
    }

    void isOpen(PooledChannel channel) {
        lock.lock();
        try {
            open.add(channel);
        } finally {
            lock.unlock();
        }
    }

    void isClosed(PooledChannel channel) {
        lock.lock();
        try {
            open.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    /** The JDK tells this from other errors by the system's words alone; where these are others, the files are counted. */
    static boolean isTooManyOpenFiles(IOException e) {
        return String.valueOf(e.getMessage()).contains("Too many open files")
                || (ManagementFactory.getOperatingSystemMXBean()
                                instanceof com.sun.management.UnixOperatingSystemMXBean unix
                        && unix.getOpenFileDescriptorCount() >= unix.getMaxFileDescriptorCount());
    }

    private @Nullable PooledChannel nextInTurn() {
        lock.lock();
        try {
            Iterator<PooledChannel> inOrder = open.iterator();
            if (!inOrder.hasNext()) {
                return null;
            }
            PooledChannel first = inOrder.next();
            inOrder.remove();
            open.add(first);
            return first;
        } finally {
            lock.unlock();
        }
    }
}
