package io.naru.commitlog.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemDiskTests {
    private final FileSystemDisk disk = new FileSystemDisk();

    @TempDir
    Path folder;

    @Test
    void writesAndReadsAtPositions() throws IOException {
        try (DiskFile file = disk.create(folder.resolve("a"))) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 2);
            assertThat(file.size()).isEqualTo(6);
            ByteBuffer read = ByteBuffer.allocate(10);
            assertThat(file.read(read, 3)).isEqualTo(3);
            assertThat(read.array()).startsWith(2, 3, 4, 0);
            assertThat(file.read(ByteBuffer.allocate(1), 6)).isEqualTo(-1);
            file.truncate(3);
            assertThat(file.size()).isEqualTo(3);
            file.truncate(10);
            assertThat(file.size()).isEqualTo(3);
            file.force();
        }
    }

    @Test
    void tellsMissingFromThere() throws IOException {
        Path path = folder.resolve("a");
        assertThat(disk.kind(path)).isEqualTo(Disk.Kind.MISSING);
        assertThatThrownBy(() -> disk.open(path)).isInstanceOf(NoSuchFileException.class);
        disk.create(path).close();
        assertThatThrownBy(() -> disk.create(path)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(disk.kind(path)).isEqualTo(Disk.Kind.FILE);
        assertThat(disk.kind(folder)).isEqualTo(Disk.Kind.DIRECTORY);
        Files.createSymbolicLink(folder.resolve("link"), path);
        assertThat(disk.kind(folder.resolve("link"))).isEqualTo(Disk.Kind.OTHER);
        assertThat(disk.list(folder)).containsExactly("a", "link");
        disk.delete(path);
        disk.delete(path);
        assertThat(disk.kind(path)).isEqualTo(Disk.Kind.MISSING);
    }

    @Test
    void anInterruptedReaderDisturbsNobody() throws Exception {
        try (DiskFile file = disk.create(folder.resolve("a"))) {
            file.write(ByteBuffer.wrap(new byte[100]), 0);
            ByteBuffer first = ByteBuffer.allocate(100);
            Thread.currentThread().interrupt();
            assertThat(file.read(first, 0)).isEqualTo(100);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(file.read(ByteBuffer.allocate(10), 0)).isEqualTo(10);
            file.write(ByteBuffer.wrap(new byte[] {1}), 100);
            file.force();
            assertThat(file.size()).isEqualTo(101);
        }
    }

    @Test
    void anInterruptedWriterWritesOn() throws Exception {
        try (DiskFile file = disk.create(folder.resolve("a"))) {
            Thread.currentThread().interrupt();
            file.write(ByteBuffer.wrap(new byte[100]), 0);
            file.force();
            file.truncate(50);
            assertThat(Thread.interrupted()).isTrue();
            file.write(ByteBuffer.wrap(new byte[100]), 50);
            assertThat(file.size()).isEqualTo(150);
        }
    }

    @Test
    void onlySoManyFilesAreOpenAtOnce() throws IOException {
        FileSystemDisk bounded = new FileSystemDisk(4);
        List<DiskFile> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            files.add(bounded.create(folder.resolve("f" + i)));
            assertThat(bounded.openFiles()).isLessThanOrEqualTo(4);
            files.get(i).write(ByteBuffer.wrap(new byte[] {(byte) i}), 0);
            files.get(i).force();
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20; i++) {
                ByteBuffer read = ByteBuffer.allocate(1);
                assertThat(files.get(i).read(read, 0)).isEqualTo(1);
                assertThat(read.get(0)).isEqualTo((byte) i);
                assertThat(bounded.openFiles()).isLessThanOrEqualTo(4);
            }
        }
        for (DiskFile file : files) {
            file.close();
        }
        assertThat(bounded.openFiles()).isZero();
    }

    @Test
    void whatIsOftenUsedStaysOpen() throws IOException {
        ChannelPool pool = new ChannelPool(3);
        List<PooledChannel> channels = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Path path = folder.resolve("f" + i);
            disk.create(path).close();
            channels.add(new PooledChannel(pool, path, StandardOpenOption.READ));
        }
        FileChannel often = use(channels.getFirst());
        use(channels.getFirst());
        for (int i = 1; i < 10; i++) {
            use(channels.get(i));
            assertThat(use(channels.getFirst())).isSameAs(often);
            assertThat(pool.size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void whatIsNotForcedYetStaysOpen() throws IOException {
        FileSystemDisk bounded = new FileSystemDisk(4);
        List<DiskFile> files = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            files.add(bounded.create(folder.resolve("f" + i)));
            files.get(i).write(ByteBuffer.wrap(new byte[10]), 0);
        }
        assertThat(bounded.openFiles()).isEqualTo(6);
        for (DiskFile file : files) {
            file.force();
        }
        files.getFirst().write(ByteBuffer.wrap(new byte[10]), 10);
        files.getFirst().truncate(5);
        for (DiskFile file : files) {
            assertThat(file.read(ByteBuffer.allocate(20), 0)).isPositive();
        }
        assertThat(bounded.openFiles()).isLessThanOrEqualTo(4);
    }

    @Test
    void manyReadersShareAFewFiles() throws Exception {
        FileSystemDisk bounded = new FileSystemDisk(3);
        List<DiskFile> files = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            files.add(bounded.create(folder.resolve("f" + i)));
            files.get(i).write(ByteBuffer.wrap(new byte[] {(byte) i}), 0);
            files.get(i).force();
        }
        List<Future<?>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int reader = 0; reader < 6; reader++) {
                int seed = reader;
                readers.add(threads.submit(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < 500; i++) {
                        int number = random.nextInt(files.size());
                        ByteBuffer read = ByteBuffer.allocate(1);
                        assertThat(files.get(number).read(read, 0)).isEqualTo(1);
                        assertThat(read.get(0)).isEqualTo((byte) number);
                    }
                    return null;
                }));
            }
        }
        for (Future<?> reader : readers) {
            reader.get();
        }
        // Those in use may come on top, but not for long.
        assertThat(files.getFirst().read(ByteBuffer.allocate(1), 0)).isEqualTo(1);
        assertThat(bounded.openFiles()).isLessThanOrEqualTo(3 + 6);
    }

    private static FileChannel use(PooledChannel channel) throws IOException {
        FileChannel open = channel.acquire();
        channel.release();
        return open;
    }

    @Test
    void anInterruptReachesNeitherAForceNorAWrite() throws Exception {
        try (DiskFile file = disk.create(folder.resolve("a"))) {
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 300; i++) {
                        file.write(ByteBuffer.wrap(new byte[100]), i * 100L);
                        file.force();
                        disk.forceDirectory(folder);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            AtomicReference<Throwable> failure = new AtomicReference<>();
            writer.setUncaughtExceptionHandler((_, e) -> failure.set(e));
            while (writer.isAlive()) {
                writer.interrupt();
                Thread.onSpinWait();
            }
            assertThat(failure.get()).isNull();
            assertThat(file.size()).isEqualTo(30_000);
        }
    }

    @Test
    void aClosedFileStaysClosed() throws IOException {
        DiskFile file = disk.create(folder.resolve("a"));
        file.write(ByteBuffer.wrap(new byte[1]), 0);
        file.close();
        file.close();
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::force).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aLockIsHeldOnce() throws IOException {
        Path path = folder.resolve("lock");
        Closeable lock = disk.tryLock(path).orElseThrow();
        assertThat(disk.tryLock(path)).isEmpty();
        assertThat(new FileSystemDisk().tryLock(folder.resolve("../" + folder.getFileName() + "/lock")))
                .isEmpty();
        lock.close();
        disk.tryLock(path).orElseThrow().close();
    }

    @Test
    void aDirectoryCanBeForced() throws IOException {
        disk.createDirectories(folder.resolve("a/b"));
        disk.forceDirectory(folder.resolve("a/b"));
        disk.rename(folder.resolve("a/b"), folder.resolve("a/c"));
        disk.forceDirectory(folder.resolve("a"));
        assertThat(disk.list(folder.resolve("a"))).containsExactly("c");
    }

    @Test
    void aFullDiskIsToldFromOtherErrors() throws IOException {
        // Linux has a file that is always full.
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        try (DiskFile file = new FileSystemFile(full, new ChannelPool(0))) {
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(10), 0)).isInstanceOf(DiskFullException.class);
        }
    }

    @Test
    void aFileThatIsRenamedIsReadOnWhateverComesToItsOldName() throws Exception {
        FileSystemDisk small = new FileSystemDisk(1);
        Path old = folder.resolve("a.log");
        try (DiskFile renamed = small.create(old);
                DiskFile other = small.create(folder.resolve("other"))) {
            renamed.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            renamed.force();
            assertThat(renamed.read(ByteBuffer.allocate(3), 0)).isEqualTo(3);
            AtomicBoolean done = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    try {
                        ByteBuffer bytes = ByteBuffer.allocate(3);
                        other.read(ByteBuffer.allocate(1), 0);
                        renamed.read(bytes, 0);
                        if (bytes.get(0) != 1) {
                            wrong.set("read " + bytes.get(0));
                        }
                    } catch (IOException e) {
                        wrong.set(e.toString());
                    }
                }
            });
            for (int i = 0; i < 200; i++) {
                renamed.renameTo(folder.resolve("aside-" + i));
                try (DiskFile next = small.create(folder.resolve("next"))) {
                    next.write(ByteBuffer.wrap(new byte[] {9, 9, 9}), 0);
                    next.renameTo(old);
                }
                renamed.renameTo(old);
            }
            done.set(true);
            reader.join();
            assertThat(wrong.get()).isEmpty();
            assertThat(small.list(folder)).containsExactly("a.log", "other");
        }
    }

    private final AtomicReference<String> wrong = new AtomicReference<>("");

    @Test
    void whatIsReadPastTheCacheIsWhatWasWritten() throws IOException {
        Random random = new Random(11);
        byte[] content = new byte[700_001];
        random.nextBytes(content);
        Path path = folder.resolve("a");
        try (DiskFile file = disk.create(path)) {
            file.write(ByteBuffer.wrap(content), 0);
            file.force();
        }
        try (DiskReader reader = disk.openUncached(path)) {
            assertThat(reader.size()).isEqualTo(content.length);
            for (int i = 0; i < 100; i++) {
                int position = random.nextInt(content.length);
                ByteBuffer to = ByteBuffer.allocate(random.nextInt(i % 10 == 0 ? 600_000 : 10_000) + 1)
                        .position(random.nextInt(2));
                int from = to.position();
                int there = Math.min(to.remaining(), content.length - position);
                assertThat(reader.read(to, position)).isEqualTo(there == 0 ? to.hasRemaining() ? -1 : 0 : there);
                assertThat(to.position()).isEqualTo(from + there);
                assertThat(Arrays.mismatch(to.array(), from, from + there, content, position, position + there))
                        .isEqualTo(-1);
            }
            assertThat(reader.read(ByteBuffer.allocate(1), content.length)).isEqualTo(-1);
            assertThat(reader.read(ByteBuffer.allocate(1), 1 << 20)).isEqualTo(-1);
        }
        assertThatThrownBy(() -> disk.openUncached(folder.resolve("b"))).isInstanceOf(NoSuchFileException.class);
    }
}
