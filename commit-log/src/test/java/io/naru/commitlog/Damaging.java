package io.naru.commitlog;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Does to files what bad disks do. */
final class Damaging {
    private Damaging() {}

    static void flip(Disk disk, Path path, long position, int bit) throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, position);
            file.write(one.put(0, (byte) (one.get(0) ^ (1 << bit))).rewind(), position);
        }
    }
}
