package io.naru.commitlog;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The room on the disk of one data directory, and the floor below which no more is appended: indexes, checkpoints and
 * what recovery keeps aside need some, and so does whoever clears up. Thread-safe. The disk is asked when the last
 * answer is old, and when by that answer and what was written since there would be too little; so room that returns is
 * noticed by the next append.
 */
public final class FreeSpace {
    /** The floor that suits the disk: 1 % of it, but 64 MiB to 1 GiB, and never more than a tenth. */
    public static final long BY_SIZE_OF_DISK = -1;

    private static final System.Logger LOG = System.getLogger(FreeSpace.class.getName());
    private static final long GOOD_FOR_MILLIS = 100;
    private static final long LEAST_FLOOR = 64L << 20;
    private static final long LARGEST_FLOOR = 1L << 30;

    private final Disk disk;
    private final Path root;
    private final long floorBytes;
    private final AtomicLong writtenSince = new AtomicLong();
    private volatile Answer last;
    private volatile boolean refusing;

    private record Answer(Space space, long atMillis) {}

    /**
     * Looks at the disk for the first time.
     *
     * @param minFreeBytes the floor, 0 for none, or {@link #BY_SIZE_OF_DISK}
     */
    FreeSpace(Disk disk, Path root, long minFreeBytes) throws IOException {
        if (minFreeBytes < BY_SIZE_OF_DISK) {
            throw new IllegalArgumentException("Bytes to be kept free are 0 or more, not " + minFreeBytes);
        }
        this.disk = disk;
        this.root = root;
        this.last = new Answer(disk.space(root), 0);
        this.floorBytes = minFreeBytes == BY_SIZE_OF_DISK ? floorFor(last.space.totalBytes()) : minFreeBytes;
    }

    /** The floor that {@link #BY_SIZE_OF_DISK} stands for. */
    static long floorFor(long totalBytes) {
        long floor = Math.clamp(totalBytes / 100, LEAST_FLOOR, LARGEST_FLOOR);
        return Math.min(floor, totalBytes / 10);
    }

    /** Bytes that are kept free. */
    public long floorBytes() {
        return floorBytes;
    }

    /** What the disk has now; the last answer where it gives none. */
    public Space space() {
        return ask(last.atMillis).space;
    }

    /** Whether the last append was refused for want of room, and none went through since. */
    public boolean isRefusing() {
        return refusing;
    }

    /** Whether so many bytes may be written, which are then taken for written. */
    boolean admits(int bytes, long nowMillis) {
        if (floorBytes == 0) {
            return true;
        }
        Answer answer = last;
        long since = writtenSince.addAndGet(bytes);
        boolean fits = answer.space.usableBytes() - since >= floorBytes;
        if (!fits || Math.abs(nowMillis - answer.atMillis) > GOOD_FOR_MILLIS) {
            answer = ask(nowMillis);
            writtenSince.addAndGet(bytes);
            fits = answer.space.usableBytes() - bytes >= floorBytes;
        }
        note(!fits, answer.space.usableBytes());
        return fits;
    }

    private Answer ask(long nowMillis) {
        try {
            // What is written meanwhile may be counted twice, which the next answer puts right.
            writtenSince.set(0);
            last = new Answer(disk.space(root), nowMillis);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The room on the disk of " + root + " is not known", e);
        }
        return last;
    }

    private void note(boolean refused, long usableBytes) {
        if (refused == refusing) {
            return;
        }
        refusing = refused;
        LOG.log(
                refused ? System.Logger.Level.ERROR : System.Logger.Level.INFO,
                refused
                        ? "The disk of {0} has {1} bytes left, and {2} are kept free: logs there take no more writes"
                                + " until space returns"
                        : "The disk of {0} has room again, {1} bytes where {2} are kept free: logs there take writes",
                root,
                Long.toString(usableBytes),
                Long.toString(floorBytes));
    }
}
