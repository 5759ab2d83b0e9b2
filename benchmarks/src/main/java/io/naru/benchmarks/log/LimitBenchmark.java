package io.naru.benchmarks.log;

import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What this machine does with 16 KiB in memory: the limits of whatever touches every byte once. */
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

    /** The checksum every batch carries. */
    @Benchmark
    public long crc32c() {
        checksum.reset();
        checksum.update(from, 0, BLOCK_BYTES);
        return checksum.getValue();
    }
}
