package io.naru.benchmarks.log;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What this machine does in memory: the limits of whatever touches every byte once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LimitBenchmark {
    private static final int BLOCK_BYTES = 16 * 1024;

    private final byte[] from = new byte[BLOCK_BYTES];
    private final byte[] to = new byte[BLOCK_BYTES];
    private final CRC32C checksum = new CRC32C();

    /** From one array to another. */
    @Benchmark
    public byte[] memoryCopy() {
        System.arraycopy(from, 0, to, 0, BLOCK_BYTES);
        return to;
    }

    /** As much as no cache holds, from one place in memory to another. */
    @Benchmark
    public MemorySegment memoryCopyOfMuch(Much much) {
        return much.to.copyFrom(much.from);
    }

    /** The checksum every batch carries. */
    @Benchmark
    public long crc32c() {
        checksum.reset();
        checksum.update(from, 0, BLOCK_BYTES);
        return checksum.getValue();
    }

    /** 256 MiB, twice, outside of the heap. */
    @State(Scope.Thread)
    public static class Much {
        private static final long BYTES = 256 << 20;

        private final Arena arena = Arena.ofShared();
        private final MemorySegment from = arena.allocate(BYTES);
        private final MemorySegment to = arena.allocate(BYTES);

        /** Makes every page of both real. */
        @Setup
        public void touch() {
            from.fill((byte) 1);
            to.fill((byte) 2);
        }

        /** Gives the memory back. */
        @TearDown
        public void free() {
            arena.close();
        }
    }
}
