package io.naru.benchmarks.log;

import io.naru.commitlog.CommitLog;
import io.naru.commitlog.CompactionLimits;
import io.naru.commitlog.CompactionReport;
import io.naru.commitlog.LogConfig;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.compaction.Compactor;
import io.naru.commitlog.compaction.IoThrottle;
import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.PrivateThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/**
 * The program that the compaction suite starts: fills a log with keyed records, of which the later ones outdate the earlier
 * ones, or compacts it as a broker does, in as little heap as the JVM was given.
 */
public final class CompactionWorker {
    private static final int SEGMENT_BYTES = 128 << 20;
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int IO_BUFFER_BYTES = 1 << 20;
    private static final long KEY_BYTES = 32L << 20;
    private static final CompactionLimits LIMITS = new CompactionLimits(0, 0, Long.MAX_VALUE, 86_400_000);
    private static final LogConfig CONFIG = new LogConfig(SEGMENT_BYTES, Long.MAX_VALUE, 4096);
    private static final String LOG = "prices/0";

    private CompactionWorker() {}

    /**
     * The program: {@code fill ROOT BYTES VALUE_BYTES RECORDS_A_KEY CODEC} answers {@code filled} and how many records;
     * {@code compact ROOT} answers {@code compacted}, the nanoseconds it took, the bytes before and after, and the
     * most bytes of heap that were in use at any time less those in use before.
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[1]);
        try (LogDirectory directory = LogDirectory.open(new FileSystemDisk(), root)) {
            CommitLog log = directory.openLog(LOG, CONFIG);
            switch (arguments[0]) {
                case "fill" ->
                    PrivateThreads.runHere(() -> fill(
                            log,
                            Long.parseLong(arguments[2]),
                            Integer.parseInt(arguments[3]),
                            Integer.parseInt(arguments[4]),
                            Codec.valueOf(arguments[5])));
                case "compact" -> compact(log);
                default -> throw new IllegalArgumentException("fill or compact, not " + arguments[0]);
            }
        }
    }

    private static void fill(CommitLog log, long bytes, int valueBytes, int recordsAKey, Codec codec)
            throws IOException {
        byte[][] values = SampleRecords.values(1000, valueBytes);
        byte[] key = new byte[16];
        Random random = new Random(42);
        // As many keys as make one record in so many the latest of its own.
        long keys = Math.max(1, bytes / (valueBytes + key.length + 10) / recordsAKey);
        RecordBatchBuilder builder = new RecordBatchBuilder(BATCH_BYTES);
        long records = 0;
        while (log.sizeInBytes() < bytes) {
            builder.reset();
            boolean fits = true;
            while (fits) {
                ByteBuffer.wrap(key).putLong(random.nextLong(keys)).putLong(0x6b65792d6b65792dL);
                byte[] value = values[(int) (records % values.length)];
                fits = builder.tryAppend(
                        SampleRecords.FIRST_TIMESTAMP + records,
                        key,
                        0,
                        key.length,
                        value,
                        0,
                        value.length,
                        RecordHeaders.NONE);
                records += fits ? 1 : 0;
            }
            log.append(builder.build(codec), 1, 0);
        }
        // What is written to is not compacted; a new segment makes all there is something finished.
        log.reconfigure(new LogConfig(1, Long.MAX_VALUE, 4096));
        log.append(SampleRecords.batchOf(1), 1, 0);
        log.force();
        System.out.println("filled " + records);
    }

    private static void compact(CommitLog log) throws IOException {
        System.gc();
        long before = HeapPeak.used();
        HeapPeak.reset();
        long began = System.nanoTime();
        Compactor compactor = new Compactor(KEY_BYTES, IO_BUFFER_BYTES, new IoThrottle(IoThrottle.UNLIMITED));
        CompactionReport report = log.compaction().compact(compactor, LIMITS, 0, Long.MAX_VALUE, () -> false);
        long nanos = System.nanoTime() - began;
        System.out.println("compacted " + nanos + " " + report.bytesBefore() + " " + report.bytesAfter() + " "
                + (HeapPeak.peak() - before) + " " + report.passes());
    }
}
