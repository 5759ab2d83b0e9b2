package io.naru.commitlog.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file from the disk itself, past the page cache, so that it is the disk's bytes that are seen and nobody else's
 * are driven out of memory. Where the file system cannot do that, it reads like everybody else. For one thread.
 */
final class UncachedReader implements DiskReader {
    /** A multiple of the blocks of every disk there is. */
    private static final int BLOCK_BYTES = 4096;

    private static final int BUFFER_BYTES = 256 * 1024;

    /** Whoever reads thousands of small files must not take memory for each. */
    private static final ThreadLocal<ByteBuffer> BLOCKS = ThreadLocal.withInitial(
            () -> ByteBuffer.allocateDirect(BUFFER_BYTES + BLOCK_BYTES).alignedSlice(BLOCK_BYTES));

    /** Of the JDK's extensions, which need not be there. */
    private static final @Nullable OpenOption DIRECT = direct();

    private final Path path;
    private FileChannel channel;
    private boolean direct;

    private UncachedReader(Path path, FileChannel channel, boolean direct) {
        this.path = path;
        this.channel = channel;
        this.direct = direct;
    }

    static UncachedReader open(Path path) throws IOException {
        OpenOption option = DIRECT;
        if (option != null) {
            try {
                return new UncachedReader(path, FileChannel.open(path, StandardOpenOption.READ, option), true);
            } catch (UnsupportedOperationException | IOException _) {
                // Not on this file system; if it is something else, the usual way says what.
            }
        }
        return new UncachedReader(path, FileChannel.open(path, StandardOpenOption.READ), false);
    }

    private static @Nullable OpenOption direct() {
        try {
            Object[] options =
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
            for (Object each : options == null ? new Object[0] : options) {
                if (each instanceof OpenOption option && each.toString().equals("DIRECT")) {
                    return option;
                }
            }
        } catch (ClassNotFoundException _) {
            // Then there is none.
        }
        return null;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
        int from = to.position();
        while (to.hasRemaining()) {
            int count = direct ? readBlocks(to, position + to.position() - from) : readPlain(to, position, from);
            if (count <= 0) {
                break;
            }
        }
        return to.position() == from && to.hasRemaining() ? -1 : to.position() - from;
    }

    private int readPlain(ByteBuffer to, long position, int from) throws IOException {
        return channel.read(to, position + to.position() - from);
    }

    /** Whole blocks around the wanted bytes, of which as many are taken as there are. */
    private int readBlocks(ByteBuffer to, long position) throws IOException {
        long start = position - position % BLOCK_BYTES;
        int skip = (int) (position - start);
        ByteBuffer blocks = BLOCKS.get();
        long wanted = Math.min(BUFFER_BYTES, skip + (long) to.remaining());
        blocks.clear().limit((int) ((wanted + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES));
        try {
            channel.read(blocks, start);
        } catch (IOException e) {
            // Blocks of another size than ours, or a bad one: then the usual way says which.
            channel.close();
            channel = FileChannel.open(path, StandardOpenOption.READ);
            direct = false;
            return readPlain(to, position, to.position());
        }
        int got = blocks.flip().limit() - skip;
        if (got <= 0) {
            return -1;
        }
        int taken = Math.min(got, to.remaining());
        to.put(blocks.limit(skip + taken).position(skip));
        return taken;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
