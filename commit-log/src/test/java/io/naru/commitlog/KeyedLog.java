package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.compaction.Compactor;
import io.naru.commitlog.compaction.IoThrottle;
import io.naru.commitlog.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A log of keyed text that gets compacted, beside the simplest model of one: everything that was ever appended. */
final class KeyedLog {
    static final Path ROOT = Path.of("/data");
    static final long DELETE_RETENTION = 1000;
    static final CompactionLimits LIMITS = new CompactionLimits(0, 0, Long.MAX_VALUE, DELETE_RETENTION);

    /** A record; a null value is a tombstone. */
    record Entry(
            long offset,
            long timestamp,
            String key,
            @Nullable String value) {}

    /** What is to become one, its offset not known yet. */
    record Draft(String key, @Nullable String value) {}

    final List<Entry> model = new ArrayList<>();
    /** Of a batch that failed: it may have come through all the same. */
    private final List<Entry> inFlight = new ArrayList<>();

    private final Disk disk;
    private final LogConfig config;
    long start;
    /** Where a deletion that failed should have let the log start. */
    long wantedStart;

    long forced;
    LogDirectory directory;
    CommitLog log;

    KeyedLog(Disk disk, LogConfig config) throws IOException {
        this.disk = disk;
        this.config = config;
        directory = LogDirectory.open(disk, ROOT);
        log = directory.openLog("orders/0", config);
    }

    /** Opens it anew, as far as that is possible. */
    void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        directory.recoverAll(1);
        log = directory.openLog("orders/0", config);
    }

    void append(Codec codec, Draft... drafts) throws IOException {
        append(codec, List.of(drafts));
    }

    void append(Codec codec, List<Draft> drafts) throws IOException {
        List<Entry> batch = new ArrayList<>();
        for (Draft draft : drafts) {
            long offset = model.size() + batch.size();
            batch.add(new Entry(offset, 1000 + offset, draft.key(), draft.value()));
        }
        LogState before = log.state();
        try {
            LogAppend done = log.append(encode(codec, batch), 1, 0);
            assertThat(done.baseOffset()).isEqualTo(model.size());
            model.addAll(batch);
        } catch (IOException e) {
            if (before instanceof LogState.Writable && !(log.state() instanceof LogState.Writable)) {
                inFlight.addAll(batch);
            }
            throw e;
        }
    }

    void put(String key, String value) throws IOException {
        append(Codec.NONE, new Draft(key, value));
    }

    void delete(String key) throws IOException {
        append(Codec.NONE, new Draft(key, null));
    }

    void force() throws IOException {
        forced = Math.max(forced, log.force());
    }

    void deleteBefore(long offset) throws IOException {
        wantedStart = Math.max(wantedStart, offset);
        start = log.upkeep().deleteBefore(offset, 0);
        forced = Math.max(forced, log.forcedEndOffset());
    }

    CompactionReport compact(long nowMillis) throws IOException {
        return compact(1 << 20, 1 << 16, nowMillis, () -> false);
    }

    CompactionReport compact(int keyBytes, int bufferBytes, long nowMillis, BooleanSupplier ended) throws IOException {
        Compactor compactor = new Compactor(keyBytes, bufferBytes, new IoThrottle(IoThrottle.UNLIMITED));
        return log.compaction().compact(compactor, LIMITS, nowMillis, Long.MAX_VALUE, ended);
    }

    static ByteBuffer encode(Codec codec, List<Entry> entries) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 24);
        fill(builder, entries);
        return builder.build(codec);
    }

    static void fill(RecordBatchBuilder builder, List<Entry> entries) {
        for (Entry entry : entries) {
            byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
            byte[] value = entry.value() == null ? null : entry.value().getBytes(StandardCharsets.UTF_8);
            int length = value == null ? -1 : value.length;
            builder.tryAppend(entry.timestamp(), key, 0, key.length, value, 0, length, RecordHeaders.NONE);
        }
    }

    /** All records from an offset on, read in slices of about so many bytes. */
    List<Entry> read(long from, int maxBytes) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long next = from;
        while (next < log.logEndOffset()) {
            LogSlice slice = log.read(next, maxBytes, Long.MAX_VALUE);
            assertThat(slice.isEmpty()).as("a slice at offset " + next).isFalse();
            next = decode(slice, from, entries);
        }
        return entries;
    }

    /** Adds what is in a slice; answers the offset behind it. */
    static long decode(LogSlice slice, long from, List<Entry> to) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(slice.readBytes());
        RecordCursor cursor = new RecordCursor(bytes);
        while (cursor.next()) {
            if (cursor.offset() >= from) {
                String key = text(cursor.array(), cursor.keyOffset(), cursor.keyLength());
                String value = cursor.valueLength() < 0
                        ? null
                        : text(cursor.array(), cursor.valueOffset(), cursor.valueLength());
                to.add(new Entry(cursor.offset(), cursor.timestamp(), key, value));
            }
        }
        RecordBatch last = RecordBatch.of(bytes);
        for (int at = 0; at < bytes.limit(); at += last.sizeInBytes()) {
            last.wrap(bytes, at);
        }
        return last.lastOffset() + 1;
    }

    private static String text(byte[] array, int offset, int length) {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    /** Whatever was compacted and whatever crashed: every key's latest record is there, and nothing was invented. */
    void assertInOrder() throws IOException {
        List<Entry> found = read(start, 300);
        long last = -1;
        for (Entry entry : found) {
            assertThat(entry.offset()).isGreaterThan(last);
            last = entry.offset();
            assertThat(entry).isEqualTo(model.get((int) entry.offset()));
        }
        Map<String, Entry> latest = latest(model.subList((int) start, model.size()));
        Map<String, Entry> seen = latest(found);
        latest.forEach((key, entry) -> {
            if (entry.value() != null || seen.containsKey(key)) {
                assertThat(seen.get(key)).as("the latest of " + key).isEqualTo(entry);
            }
        });
    }

    /** The scrubber, which looks at every byte, finds nothing. */
    void assertUndamaged() throws IOException {
        log.scrub(new ScrubPace(1 << 30));
        assertThat(directory.damages().all()).isEmpty();
    }

    /** After a crash: takes note of what is left, and looks whether that is right. */
    void assertRecovered(boolean lostPower) throws IOException {
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(log.logStartOffset()).isBetween(start, wantedStart);
        start = log.logStartOffset();
        wantedStart = start;
        model.addAll(inFlight);
        inFlight.clear();
        long end = log.logEndOffset();
        assertThat(end).isLessThanOrEqualTo(model.size());
        if (!lostPower) {
            assertThat(end).isGreaterThanOrEqualTo(forced);
        }
        assertThat(end).isGreaterThanOrEqualTo(forced);
        model.subList((int) end, model.size()).clear();
        forced = end;
        assertInOrder();
    }

    static Map<String, Entry> latest(List<Entry> entries) {
        Map<String, Entry> latest = new LinkedHashMap<>();
        entries.forEach(entry -> latest.put(entry.key(), entry));
        return latest;
    }
}
