package io.naru.benchmarks.log;

import io.naru.commitlog.CommitLog;
import io.naru.commitlog.batch.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/**
 * Slices of up to 1 MiB from the page cache, one after the other through a log in batches of 16 KiB, from
 * the start again at its end; beside 1 MiB pieces of a bare file. An operation is a slice; the counters say how much
 * was in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ReadBenchmark {
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int SLICE_BYTES = 1 << 20;

    /** What the log holds. */
    @Param("256")
    private int mebibytes;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SLICE_BYTES);
    private final ByteBuffer array = ByteBuffer.allocate(SLICE_BYTES);
    private final RecordCursor cursor = new RecordCursor();
    private LogFolder folder;
    private CommitLog log;
    private int recordsPerBatch;
    private int batchBytes;
    private long offset;
    private Path bareFolder;
    private FileChannel bare;
    private long bareBytes;
    private long position;

    /** Fills a log and a file with the same. */
    @Setup
    public void fill() throws IOException {
        folder = new LogFolder();
        int batches = (mebibytes << 20) / BATCH_BYTES;
        log = folder.open("orders/0");
        ByteBuffer batch = SampleRecords.batch(BATCH_BYTES);
        for (int i = 0; i < batches; i++) {
            log.append(batch.clear(), 1, SampleRecords.FIRST_TIMESTAMP + i);
        }
        bareFolder = LogFolder.newFolder();
        bare = FileChannel.open(
                bareFolder.resolve("bare"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        for (int i = 0; i < batches; i++) {
            bare.write(batch.clear());
        }
        bareBytes = bare.size();
        batchBytes = batch.capacity();
        recordsPerBatch = Math.toIntExact(log.logEndOffset() / batches);
    }

    /** From the log into a buffer that the operating system writes to itself. */
    @Benchmark
    public ByteBuffer intoBuffer(Amount amount) throws IOException {
        amount.bytes += readNext(buffer);
        return buffer;
    }

    /** From the log into a buffer on the heap, as answers are made from. */
    @Benchmark
    public ByteBuffer intoArray(Amount amount) throws IOException {
        amount.bytes += readNext(array);
        return array;
    }

    /** The limit: as much from a file into the same buffer. */
    @Benchmark
    public ByteBuffer bareFile(Amount amount) throws IOException {
        int read = bare.read(buffer.clear(), position);
        position = position + read >= bareBytes ? 0 : position + read;
        amount.bytes += read;
        return buffer;
    }

    /** From the log into a buffer on the heap, and a cursor over every record of it. */
    @Benchmark
    public long throughCursor(Amount amount) throws IOException {
        amount.bytes += readNext(array);
        cursor.reset(array);
        long sum = 0;
        long count = 0;
        while (cursor.next()) {
            sum += cursor.offset() + cursor.valueLength();
            count++;
        }
        amount.records += count;
        return sum;
    }

    private int readNext(ByteBuffer to) throws IOException {
        log.read(offset, SLICE_BYTES, Long.MAX_VALUE).readInto(to.clear());
        to.flip();
        offset = (offset + (long) (to.remaining() / batchBytes) * recordsPerBatch) % log.logEndOffset();
        return to.remaining();
    }

    /** Removes everything. */
    @TearDown
    public void close() throws IOException {
        bare.close();
        LogFolder.delete(bareFolder);
        folder.close();
    }
}
