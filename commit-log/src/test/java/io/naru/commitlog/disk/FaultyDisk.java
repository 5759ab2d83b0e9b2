package io.naru.commitlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * A disk in memory that fails, fills up, stalls and crashes when a test says so. One seed gives one history. A crash
 * ends the process that used the disk: its open files stay dead, and tests open everything anew. Thread-safe.
 */
public final class FaultyDisk implements Disk {
    /** What can be made to fail. */
    public enum Operation {
        CREATE,
        READ,
        WRITE,
        TRUNCATE,
        FORCE,
        RENAME,
        DELETE,
        FORCE_DIRECTORY
    }

    /** How a process ends against its will. */
    public enum Crash {
        /** {@code kill -9}: what was written is there, forced or not. */
        PROCESS,
        /** What was not forced is lost, all of it or any part, directory entries too. */
        POWER
    }

    private final InMemoryDisk disk = new InMemoryDisk();
    private final Random random;
    private final Map<Operation, Integer> failures = new EnumMap<>(Operation.class);
    private final Map<Operation, Integer> filesMissing = new EnumMap<>(Operation.class);
    private final Map<Operation, Integer> counts = new EnumMap<>(Operation.class);
    private final Map<Operation, Stall> stalls = new EnumMap<>(Operation.class);
    private long capacityBytes = Long.MAX_VALUE;
    private int changesUntilCrash = -1;
    private Crash crash = Crash.PROCESS;
    private boolean crashed;

    public FaultyDisk(long seed) {
        random = new Random(seed);
    }

    /** Lets the {@code nth} such operation from now on fail, 1 being the next; a write may have been done in part. */
    public synchronized void fail(Operation operation, int nth) {
        failures.put(operation, nth);
    }

    /** Lets the next so many such operations fail because no more files can be opened; nothing is done then. */
    public synchronized void runOutOfFiles(Operation operation, int times) {
        filesMissing.put(operation, times);
    }

    /** Lets writes fail for want of room once all files together would be larger. */
    public synchronized void limit(long newCapacityBytes) {
        capacityBytes = newCapacityBytes;
    }

    /** How many such operations there were so far, failed ones included. */
    public synchronized int count(Operation operation) {
        return counts.getOrDefault(operation, 0);
    }

    /** Bytes in all files. */
    public long usedBytes() {
        return disk.usedBytes();
    }

    /** Lets the {@code nth} such operation from now on, 1 being the next, wait until the stall is closed. */
    public synchronized Stall stall(Operation operation, int nth) {
        Stall stall = new Stall(nth);
        stalls.put(operation, stall);
        return stall;
    }

    /**
     * Lets the {@code nth} operation from now on that changes anything be the process' last, 1 being the next. It may be
     * done in part; all later ones fail, until {@link #restart}.
     */
    public synchronized void crashAt(int nth, Crash how) {
        changesUntilCrash = nth;
        crash = how;
    }

    /** Whether the crash has happened and {@link #restart} has not. */
    public synchronized boolean hasCrashed() {
        return crashed;
    }

    /** Ends the process now, if it has not crashed before, and makes the disk usable by the next one. */
    public synchronized void crash(Crash how) {
        if (!crashed) {
            crash = how;
        }
        restart();
    }

    /** Makes the disk usable by the next process, after a crash or as if there had been one. */
    public synchronized void restart() {
        crashed = false;
        changesUntilCrash = -1;
        failures.clear();
        filesMissing.clear();
        switch (crash) {
            case PROCESS -> disk.endProcess();
            case POWER -> disk.losePower(random);
        }
    }

    /** An operation held up until this is closed. */
    public static final class Stall implements AutoCloseable {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private int operationsLeft;

        private Stall(int nth) {
            operationsLeft = nth;
        }

        /** Whether the operation has come and waits. */
        public boolean isReached() {
            return reached.getCount() == 0;
        }

        @Override
        public void close() {
            released.countDown();
        }

        private void await() throws IOException {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException("Interrupted while stalled", e);
            }
        }
    }

    @Override
    public Kind kind(Path path) throws IOException {
        checkAlive();
        return disk.kind(path);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        step(Operation.CREATE);
        return new Handle(disk.create(file));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        checkAlive();
        return new Handle(disk.open(file));
    }

    @Override
    public long size(Path file) throws IOException {
        checkAlive();
        return disk.size(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        checkAlive();
        return disk.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        step(Operation.CREATE);
        disk.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step(Operation.RENAME);
        disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        step(Operation.DELETE);
        disk.delete(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step(Operation.FORCE_DIRECTORY);
        disk.forceDirectory(directory);
    }

    @Override
    public Optional<Closeable> tryLock(Path file) throws IOException {
        checkAlive();
        return disk.tryLock(file);
    }

    @Override
    public synchronized Space space(Path directory) throws IOException {
        checkAlive();
        return capacityBytes == Long.MAX_VALUE
                ? disk.space(directory)
                : new Space(capacityBytes, Math.max(0, capacityBytes - disk.usedBytes()));
    }

    @Override
    public Optional<String> bootId() {
        return disk.bootId();
    }

    private synchronized void checkAlive() throws IOException {
        if (crashed) {
            throw new IOException("The machine is off");
        }
    }

    /** What an operation has to go through before it is done; throws where it is not to be. */
    private void step(Operation operation) throws IOException {
        Stall stall;
        synchronized (this) {
            checkAlive();
            counts.merge(operation, 1, Integer::sum);
            stall = stalls.get(operation);
            if (stall != null && --stall.operationsLeft > 0) {
                stall = null;
            } else {
                stalls.remove(operation);
            }
        }
        if (stall != null) {
            stall.await();
        }
        synchronized (this) {
            checkAlive();
            if (operation != Operation.READ && changesUntilCrash > 0 && --changesUntilCrash == 0) {
                crashed = true;
                throw new IOException("The machine went off during " + operation);
            }
            int missing = filesMissing.getOrDefault(operation, 0);
            if (missing > 0) {
                filesMissing.put(operation, missing - 1);
                throw new TooManyOpenFilesException("Too many open files (injected into " + operation + ")", null);
            }
            Integer left = failures.computeIfPresent(operation, (_, nth) -> nth - 1);
            if (left != null && left == 0) {
                failures.remove(operation);
                throw new IOException("Input/output error (injected into " + operation + ")");
            }
        }
    }

    private final class Handle implements DiskFile {
        private final InMemoryDisk.Handle file;

        Handle(InMemoryDisk.Handle file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            checkAlive();
            return file.size();
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException {
            step(Operation.READ);
            return file.read(to, position);
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            step(Operation.READ);
            return file.transferTo(position, count, to);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            try {
                step(Operation.WRITE);
            } catch (TooManyOpenFilesException e) {
                throw e;
            } catch (IOException e) {
                writePart(from, position, dice(from.remaining() + 1));
                throw e;
            }
            long room = room(position + from.remaining() - file.size());
            if (room < 0) {
                writePart(from, position, (int) Math.max(0, from.remaining() + room));
                throw new DiskFullException("No space left on device (injected)");
            }
            file.write(from, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            step(Operation.TRUNCATE);
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            try {
                step(Operation.FORCE);
            } catch (TooManyOpenFilesException e) {
                throw e;
            } catch (IOException e) {
                if (!hasCrashed()) {
                    file.failToForce();
                }
                throw e;
            }
            file.force();
        }

        @Override
        public void renameTo(Path to) throws IOException {
            step(Operation.RENAME);
            file.renameTo(to);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        @Override
        public String toString() {
            return file.toString();
        }

        private void writePart(ByteBuffer from, long position, int count) throws IOException {
            file.write(from.slice(from.position(), count), position);
        }
    }

    private synchronized int dice(int bound) {
        return random.nextInt(bound);
    }

    /** Room left after growing by so much; below 0 where it does not fit. */
    private synchronized long room(long growth) {
        return growth <= 0 ? 0 : capacityBytes - disk.usedBytes() - growth;
    }
}
