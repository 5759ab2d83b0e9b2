package io.naru.commitlog.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
        try (DiskFile file = new FileSystemFile(full)) {
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(10), 0)).isInstanceOf(DiskFullException.class);
        }
    }
}
