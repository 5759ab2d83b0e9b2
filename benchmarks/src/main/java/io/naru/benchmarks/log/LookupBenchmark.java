package io.naru.benchmarks.log;

import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.TimestampedOffset;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finding a place in a log of segments of 16 MiB, all in the page cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LookupBenchmark {
    private static final int RECORDS_PER_BATCH = 16;
    private static final int APPROXIMATE_BATCH_BYTES = 2 * 1024;

    /** What the log holds, roughly. */
    @Param("256")
    private int mebibytes;

    private final SplittableRandom random = new SplittableRandom(42);
    private LogFolder folder;
    private CommitLog log;

    /** Fills the log; each record is a millisecond later than the one before. */
    @Setup
    public void fill() throws IOException {
        folder = new LogFolder();
        log = folder.open("orders/0", 16 << 20);
        byte[][] values = SampleRecords.values(RECORDS_PER_BATCH, 100);
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20);
        long time = SampleRecords.FIRST_TIMESTAMP;
        for (int i = 0; i < (mebibytes << 20) / APPROXIMATE_BATCH_BYTES; i++) {
            builder.reset();
            for (byte[] value : values) {
                builder.tryAppend(time++, value, 0, -1, value, 0, value.length, RecordHeaders.NONE);
            }
            log.append(builder.build(Codec.NONE), 1, time);
        }
    }

    /** The slice that begins with the batch of a random offset; its bytes are not read. */
    @Benchmark
    public LogSlice byOffset() throws IOException {
        return log.read(random.nextLong(log.logEndOffset()), 1, Long.MAX_VALUE);
    }

    /** The first record at or after a random time. */
    @Benchmark
    public Optional<TimestampedOffset> byTime() throws IOException {
        return log.offsetForTime(SampleRecords.FIRST_TIMESTAMP + random.nextLong(log.logEndOffset()));
    }

    /** Removes everything. */
    @TearDown
    public void close() throws IOException {
        folder.close();
    }
}
