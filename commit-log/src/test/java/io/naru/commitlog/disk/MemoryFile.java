package io.naru.commitlog.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** The bytes of a file twice: as written, and as forced. Thread-safe. */
final class MemoryFile {
    private static final int SECTOR_BYTES = 512;

    private byte[] written = new byte[0];
    private int length;
    private byte[] forced = new byte[0];
    private int forcedLength;
    // What a force has to copy.
    private int dirtyFrom = Integer.MAX_VALUE;
    private int dirtyTo;

    synchronized int length() {
        return length;
    }

    synchronized int read(ByteBuffer to, long position) {
        if (position >= length) {
            return to.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(to.remaining(), length - position);
        to.put(written, (int) position, count);
        return count;
    }

    synchronized void write(ByteBuffer from, long position) {
        int start = Math.toIntExact(position);
        int end = Math.addExact(start, from.remaining());
        if (end > written.length) {
            written = Arrays.copyOf(written, Math.max(end, written.length * 2));
        }
        from.get(written, start, from.remaining());
        length = Math.max(length, end);
        dirtyFrom = Math.min(dirtyFrom, start);
        dirtyTo = Math.max(dirtyTo, end);
    }

    synchronized void truncate(long size) {
        if (size < length) {
            Arrays.fill(written, (int) size, length, (byte) 0);
            dirtyFrom = Math.min(dirtyFrom, (int) size);
            dirtyTo = Math.max(dirtyTo, length);
            length = (int) size;
        }
    }

    synchronized void force() {
        if (dirtyFrom < dirtyTo) {
            if (forced.length < written.length) {
                forced = Arrays.copyOf(forced, written.length);
            }
            System.arraycopy(written, dirtyFrom, forced, dirtyFrom, Math.min(dirtyTo, written.length) - dirtyFrom);
        }
        forcedLength = length;
        failToForce();
    }

    /** What was not forced is taken for forced, and is not. */
    synchronized void failToForce() {
        dirtyFrom = Integer.MAX_VALUE;
        dirtyTo = 0;
    }

    /** What a disk may hold of it after the power failed. */
    synchronized MemoryFile afterPowerLoss(Random random) {
        MemoryFile left = new MemoryFile();
        left.length = forcedLength;
        if (length != forcedLength && random.nextBoolean()) {
            // Sizes are written apart from bytes, so a file may have grown by zeros only.
            int least = Math.min(length, forcedLength);
            left.length = least + random.nextInt(Math.abs(length - forcedLength) + 1);
        }
        left.written = Arrays.copyOf(Arrays.copyOf(forced, forcedLength), Math.max(left.length, 1));
        int keep = random.nextInt(3);
        for (int sector = 0; sector < left.length; sector += SECTOR_BYTES) {
            if (keep == 1 || (keep == 2 && random.nextBoolean())) {
                int end = Math.min(Math.min(sector + SECTOR_BYTES, left.length), length);
                for (int at = Math.max(sector, dirtyFrom); at < Math.min(end, dirtyTo); at++) {
                    left.written[at] = written[at];
                }
            }
        }
        left.dirtyFrom = 0;
        left.dirtyTo = left.length;
        left.force();
        return left;
    }
}
