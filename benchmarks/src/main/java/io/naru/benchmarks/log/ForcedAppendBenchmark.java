package io.naru.benchmarks.log;

import io.naru.commitlog.CommitLog;
import io.naru.commitlog.disk.PrivateThreads;
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

/** Each append followed by a force, beside the same bytes written to a bare file and forced. An operation is both. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ForcedAppendBenchmark {

    /** Bytes that one force covers. */
    @Param({"16384", "1048576"})
    private int batchBytes;

    private ByteBuffer batch;
    private ByteBuffer bareBatch;
    private LogFolder folder;
    private CommitLog log;
    private Path bareFolder;
    private FileChannel bare;
    private long position;

    /** Opens a log and a bare file. */
    @Setup
    public void open() throws IOException {
        batch = SampleRecords.batch(batchBytes);
        bareBatch = SampleRecords.direct(batch);
        folder = new LogFolder();
        log = folder.open("orders/0");
        bareFolder = LogFolder.newFolder();
        bare = FileChannel.open(bareFolder.resolve("bare"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** A batch, safe on disk. */
    @Benchmark
    public long log(Amount amount) throws IOException {
        PrivateThreads.runHere(() -> {
            log.append(batch.clear(), 1, SampleRecords.FIRST_TIMESTAMP);
            log.force();
        });
        amount.bytes += batch.capacity();
        return log.forcedEndOffset();
    }

    /** The limit: the same bytes in a file. */
    @Benchmark
    public long bareFile(Amount amount) throws IOException {
        position += bare.write(bareBatch.clear(), position);
        bare.force(false);
        amount.bytes += batch.capacity();
        return position;
    }

    /** Removes everything. */
    @TearDown
    public void close() throws IOException {
        bare.close();
        LogFolder.delete(bareFolder);
        folder.close();
    }
}
