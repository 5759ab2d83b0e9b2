package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.read.LongPolls.Wait;
import io.naru.broker.api.v1.record.RecordFilter;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.partition.Partition;
import io.naru.commitlog.LogSlice;
import io.naru.commitlog.StaleSliceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.MediaType;

/**
 * Pages of one partition. Thread-safe; every call blocks, on the disk and as long as the caller wants to wait for
 * records, and belongs on a virtual thread.
 */
final class PartitionPages {
    private final LongPolls polls;

    PartitionPages(LongPolls polls) {
        this.polls = polls;
    }

    /** A page as a JSON document, or as lines where the format says so. */
    Answer text(
            Partition partition,
            StartOffset start,
            PageLimits limits,
            RecordFilter filter,
            RecordFormat format,
            Draft draft)
            throws InterruptedException {
        long offset = begin(partition, start);
        var page = new PageText(limits, format, draft);
        try (Wait wait = polls.on(limits.maxWait().isZero() ? List.of() : List.of(partition));
                PageReader reader = new PageReader(page, filter, draft)) {
            long until = System.nanoTime() + limits.maxWait().toNanos();
            do {
                offset = reader.read(partition, offset, limits.records());
            } while (reader.awaitMore(wait, until));
        }
        long next = offset;
        long highWatermark = partition.highWatermark();
        var headers = new TreeMap<String, String>();
        if (format.onOneLine()) {
            headers.put(Answer.NEXT_OFFSET, Long.toString(next));
            headers.put(Answer.HIGH_WATERMARK, Long.toString(highWatermark));
            if (filter.isSelective()) {
                headers.put(Answer.SCANNED_TO, Long.toString(next));
            }
        }
        var body = page.end(json -> {
            json.writeText(",\"next_offset\":" + next);
            json.writeText(filter.isSelective() ? ",\"scanned_to\":" + next : "");
            json.writeText(",\"high_watermark\":" + highWatermark);
        });
        return Answer.of(
                format.onOneLine() ? MediaType.APPLICATION_NDJSON : MediaType.APPLICATION_JSON,
                body,
                page.count(),
                headers);
    }

    /** Whole batches with the very bytes of the log; the first may begin below the offset asked for. */
    Answer batches(Partition partition, StartOffset start, PageLimits limits, Draft draft) throws InterruptedException {
        long offset = begin(partition, start);
        try (Wait wait = polls.on(limits.maxWait().isZero() ? List.of() : List.of(partition))) {
            long until = System.nanoTime() + limits.maxWait().toNanos();
            byte[] batches;
            do {
                batches = bytesThatFit(partition, offset, limits.bytes(), draft);
            } while (batches.length == 0 && draft.await(wait, until));
            ByteBuffer body = ByteBuffer.wrap(batches);
            long next = batches.length == 0 ? offset : PartitionScan.endOf(body);
            return new Answer(
                    Offers.RECORD_BATCHES,
                    body,
                    0,
                    Map.of(
                            Answer.NEXT_OFFSET,
                            Long.toString(next),
                            Answer.HIGH_WATERMARK,
                            Long.toString(partition.highWatermark())));
        } catch (IOException e) {
            throw PartitionScan.unreadable(partition, offset, e);
        }
    }

    private static byte[] bytesThatFit(Partition partition, long offset, int maxBytes, Draft draft) throws IOException {
        while (true) {
            LogSlice slice = sliceThatFits(partition, offset, maxBytes, draft);
            try {
                return slice.readBytes();
            } catch (StaleSliceException _) {
                // The records were deleted or compacted since they were found: they have to be looked for again.
                draft.giveBack(slice.sizeInBytes());
            }
        }
    }

    /** The largest slice there is room for, down to a single batch. */
    private static LogSlice sliceThatFits(Partition partition, long offset, int maxBytes, Draft draft)
            throws IOException {
        for (int bytes = maxBytes; bytes > 1; bytes /= 2) {
            LogSlice slice = partition.read(offset, bytes);
            if (slice.isEmpty() || draft.tryTake(slice.sizeInBytes())) {
                return slice;
            }
        }
        LogSlice batch = partition.read(offset, 1);
        draft.take(batch.sizeInBytes());
        return batch;
    }

    /** The offset to begin with. One that was looked up is looked up again if records were deleted meanwhile. */
    private static long begin(Partition partition, StartOffset start) {
        long offset = start.in(partition);
        while (start.isLookedUp() && offset < partition.logStartOffset()) {
            offset = start.in(partition);
        }
        return offset;
    }
}
